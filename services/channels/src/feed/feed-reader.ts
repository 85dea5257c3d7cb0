import { idsLinkedWith, personOf } from '@relais/access/links'
import { type ChannelEntry, isPathwayEntry } from '@relais/contracts/channel-entries'
import type { PathwayEntry } from '@relais/contracts/pathway'
import { PatientId } from '@relais/contracts/primitives'
import { type Kysely, sql } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Channel } from './channel.ts'
import type { Heard } from './heard.ts'
import { hushedAmong, openItems } from './inbox-reader.ts'
import { entriesAskedFor, loopsMovedTo } from './loop-reader.ts'
import { lastOfThread } from './thread-reader.ts'
import { type Choice, entriesOfOpenStays, openStaysOf, staysAt, staysOwnedBy, withoutSecrets } from './stay-reader.ts'

export type CircleChange = { patientId: string; memberId: string; role: string; position: number; joined: boolean }

export type FeedReader = {
  /** The next entries of a channel, in log order. A circle's include those of its former patients. */
  after(channel: Channel, position: number, limit: number): Promise<Heard[]>
  /** What a channel begins with for whoever has no cursor, up to a position: entries of what is open. */
  state(channel: Channel, until: number): Promise<Heard[]>
  /** The entries of the stays that were open, or present, at a position; of none that is confidential. */
  history(patientIds: readonly string[], choice: Choice): Promise<Heard[]>
  /**
   * The entries of a stay, and of what was asked for it, before the one at a position, with those that that one tells
   * again; none of a confidential one.
   */
  stay(stayId: string, before: number): Promise<Heard[]>
  /** Who joined and left the circles of these patients, in log order, by patient. */
  circleChanges(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly CircleChange[]>>
  /** By `hushKey`, what recipients are not sent, or no longer. */
  hushed(entries: readonly Heard[]): Promise<ReadonlySet<string>>
}

export function feedReader(db: Kysely<FeedTables>): FeedReader {
  const entries = () =>
    db
      .selectFrom('feed_channel')
      .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
      .leftJoin('stay_owner', 'stay_owner.stay_id', 'feed_channel.stay_id')
      .select(['feed_channel.position', 'feed_entry.entry', 'stay_owner.patient_id as owner'])
      .orderBy('feed_channel.position')
  const patientsOf = (memberId: string) =>
    db.selectFrom('circle_change').where('circle_change.member_id', '=', memberId)
  const ofStays = async (stayIds: readonly string[], before: number) => {
    if (stayIds.length === 0) return []
    const names = stayIds.map((stayId) => `stay/${stayId}`)
    const found = entries().where('feed_channel.channel', 'in', names).where('feed_channel.position', '<', before)
    return found.execute()
  }

  /** An entry about two ids of one person is there once. */
  const ofPatients = async (ids: readonly string[]) => {
    const names = [...ids.map((id) => `patient/${id}`), ...(await staysOwnedBy(db, ids)).map((id) => `stay/${id}`)]
    const all = [...names, ...(await loopsMovedTo(db, ids))]
    return entries().where('feed_channel.channel', 'in', all).distinct()
  }
  const ofCircle = async (memberId: string) => {
    const own = patientsOf(memberId).select(sql<string>`'patient/' || circle_change.patient_id`.as('feed'))
    const patients = patientsOf(memberId).select('circle_change.patient_id')
    const stays = db.selectFrom('stay_owner').where('stay_owner.patient_id', 'in', patients)
    const all = own.union(stays.select(sql<string>`'stay/' || stay_owner.stay_id`.as('feed')))
    const linked = await idsLinkedWith(db, patients)
    const moved = [...(await loopsMovedTo(db, patients)), ...(await loopsMovedTo(db, linked))]
    if (linked.length === 0 && moved.length === 0) return entries().where('feed_channel.channel', 'in', all)
    const ofLinked = (await staysOwnedBy(db, linked)).map((id) => `stay/${id}`)
    const names = [...linked.map((id) => `patient/${id}`), ...ofLinked, ...moved]
    return entries()
      .where(({ or, eb }) => or([eb('feed_channel.channel', 'in', all), eb('feed_channel.channel', 'in', names)]))
      .distinct()
  }
  const ofChannel = async (channel: Channel) => {
    if (channel.kind === 'patient') return ofPatients((await personOf(db, channel.patientId)).ids)
    if (channel.kind === 'circle') return ofCircle(channel.memberId)
    return entries().where('feed_channel.channel', '=', channel.name)
  }

  return {
    async after(channel, position, limit) {
      const found = await ofChannel(channel)
      const rows = await found.where('feed_channel.position', '>', position).limit(limit).execute()
      return rows.map(heard)
    },
    async state(channel, until) {
      const before = until + 1
      switch (channel.kind) {
        case 'inbox':
        case 'ehpad':
          return (await openItems(db, channel, until)).map((row) => heard({ ...row, owner: null }))
        case 'ward': {
          const rows = await entriesOfOpenStays(db, channel.name).where('feed_channel.position', '<', before).execute()
          return rows.map(heard)
        }
        case 'patient': {
          const { ids } = await personOf(db, channel.patientId)
          const stays = await staysAt(db, ids, { before, choose: 'present' })
          return (await ofStays(stays, before)).map(heard)
        }
        case 'loop': {
          const found = entries().where('feed_channel.channel', '=', channel.name)
          return (await found.where('feed_channel.position', '<', before).execute()).map(heard)
        }
        case 'thread':
          return (await lastOfThread(db, channel.name, before))
            .map((row) => heard({ ...row, owner: null }))
            .toReversed()
        case 'circle': {
          const patients = patientsOf(channel.memberId).select('circle_change.patient_id')
          return (await ofStays(await openStaysOf(db, patients), before)).map(heard)
        }
      }
    },
    async history(patientIds, choice) {
      const stays = await staysAt(db, patientIds, choice)
      return unfolded(await ofStays(await withoutSecrets(db, stays), choice.before))
    },
    async stay(stayId, position) {
      const open = await withoutSecrets(db, [stayId])
      if (open.length === 0) return []
      const rows = await ofStays(open, position + 1)
      const own = rows.find((row) => row.position === position)
      const ofStay = unfolded(rows).filter(({ entry }) => entry.entryId !== (own && heard(own).entry.entryId))
      const asked = await entriesAskedFor(db, stayId, position)
      return [...ofStay, ...asked].toSorted((one, other) => one.position - other.position)
    },
    async circleChanges(patientIds) {
      if (patientIds.length === 0) return new Map()
      const query = db.selectFrom('circle_change').selectAll().where('patient_id', 'in', patientIds)
      const rows = await query.orderBy('position').execute()
      return new Map(
        [...Map.groupBy(rows, (row) => row.patient_id)].map(([patientId, changes]) => [patientId, changes.map(change)]),
      )
    },
    hushed: (entries) => hushedAmong(db, entries),
  }
}

type Row = { position: number; entry: string; owner: string | null }

type Kept = ChannelEntry & { restated?: readonly PathwayEntry[] }

/** An entry of a stay names the patient whose stay it now is. */
function heard({ position, entry: text, owner }: Row): Heard {
  // The projection wrote it from an entry.
  const { restated, ...entry } = JSON.parse(text) as Kept
  if (owner === null || !isPathwayEntry(entry)) return { position, entry, text }
  if (restated === undefined && entry.patientId === owner) return { position, entry, text }
  return ofOwner(entry, { position, owner })
}

function ofOwner(entry: PathwayEntry, { position, owner }: { position: number; owner: string }): Heard {
  const owned = { ...entry, patientId: PatientId.parse(owner) }
  return { position, entry: owned, text: JSON.stringify(owned) }
}

/** With what a stay took along to another patient, each entry once: what it was told by before may be forgotten. */
function unfolded(rows: readonly Row[]): Heard[] {
  const all = rows.flatMap((row) => {
    // The projection wrote it.
    const { restated = [] } = JSON.parse(row.entry) as Kept
    const { position, owner } = row
    return [...restated.map((one) => ofOwner(one, { position, owner: owner ?? one.patientId })), heard(row)]
  })
  const byId = new Map(all.map((one) => [one.entry.entryId, one]))
  return [...byId.values()]
}

function change({ patient_id, member_id, role, position, joined }: FeedTables['circle_change']): CircleChange {
  return { patientId: patient_id, memberId: member_id, role, position, joined: joined === 1 }
}
