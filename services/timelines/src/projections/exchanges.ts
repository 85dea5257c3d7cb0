import type { ThreadEvent } from '@relais/contracts/conversations'
import { threadEntry } from '@relais/contracts/conversation-entries'
import { referralEntry, runEntry } from '@relais/contracts/loop-entries'
import { Exchange } from '@relais/contracts/pathway'
import { PatientId, StayId } from '@relais/contracts/primitives'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import { isReferralEvent, type ReferralEvent } from '@relais/contracts/referrals'
import type { Decoded } from '@relais/event-store/codec'
import { type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { sourceOf } from './source.ts'

/** What people asked of each other for a patient: each fact under its referral, run or thread, which says of which stay. */
export const exchangeTables = {
  exchange: {
    columns: { subject: 'text', patient_id: 'text', stay_id: 'text?' },
    key: ['subject'],
    indexes: [['patient_id'], ['stay_id']],
  },
  exchange_entry: {
    columns: { subject: 'text', position: 'integer', entry_id: 'text', entry: 'text', source: 'text' },
    key: ['subject', 'position'],
  },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type ExchangeTables = {
  exchange: { subject: string; patient_id: string; stay_id: string | null }
  exchange_entry: { subject: string; position: number; entry_id: string; entry: string; source: string }
}

type ExchangeEvent = ReferralEvent | RunEvent | ThreadEvent
type Recorded = Pick<Decoded<unknown>, 'id' | 'position' | 'metadata'>

export function isOfExchange(event: { type: string; data: object }): event is ExchangeEvent {
  return isReferralEvent(event) || 'runId' in event.data || 'threadId' in event.data
}

/** What an event changes in `exchangeTables`, from the event alone. */
export function exchangeRows(event: ExchangeEvent, { id, position, metadata }: Recorded): readonly RowOperation[] {
  const subject = subjectOf(event)
  const entry = entryOf(event, { entryId: id, recordedAt: metadata.recordedAt })
  if (subject === undefined || entry === undefined) return []
  const row = { subject, position, entry_id: id, entry: JSON.stringify(entry) }
  return [...beginning(event, subject), upsert('exchange_entry', { ...row, source: sourceOf(event, metadata) })]
}

/** Of threads, those for who takes part in the care of the patient, and that there is one. */
function subjectOf(event: ExchangeEvent): string | undefined {
  if (isReferralEvent(event)) return `referral/${event.data.referralId}`
  if ('runId' in event.data) return `run/${event.data.runId}`
  const isShown = event.type === 'ThreadOpened' && event.data.kind === 'patient'
  return isShown ? `thread/${event.data.threadId}` : undefined
}

function entryOf(event: ExchangeEvent, recorded: { entryId: string; recordedAt: string }) {
  if (isReferralEvent(event)) return referralEntry(event, recorded)
  return isThreadEvent(event) ? threadEntry(event, recorded) : runEntry(event, recorded)
}

const isThreadEvent = (event: RunEvent | ThreadEvent): event is ThreadEvent => 'threadId' in event.data

/** Whose it is, and of which stay, as its first fact says. */
function beginning(event: ExchangeEvent, subject: string): RowOperation[] {
  switch (event.type) {
    case 'ReferralRequested':
    case 'RunStarted': {
      const { patientId, stayId = null } = event.data
      return [upsert('exchange', { subject, patient_id: patientId, stay_id: stayId })]
    }
    case 'ThreadOpened': {
      const { patientId } = event.data
      return patientId === undefined ? [] : [upsert('exchange', { subject, patient_id: patientId, stay_id: null })]
    }
    default:
      return []
  }
}

/** An exchange, and the stay that it is of, which decides who may see it. */
export type KnownExchange = { entry: Exchange; subject: string; stayId: StayId | undefined }

/** All that was asked for a person: what is of a stay goes where the stay goes. */
export async function readExchanges(
  db: Kysely<ExchangeTables>,
  { ids, owners }: { ids: readonly string[]; owners: ReadonlyMap<string, string> },
): Promise<KnownExchange[]> {
  const stays = [...owners.keys()]
  const rows = await db
    .selectFrom('exchange')
    .innerJoin('exchange_entry', 'exchange_entry.subject', 'exchange.subject')
    .select(['exchange.subject', 'exchange.stay_id', 'exchange_entry.entry'])
    .where(({ eb, or, and }) =>
      or([
        and([eb('exchange.stay_id', 'is', null), eb('exchange.patient_id', 'in', ids)]),
        ...(stays.length > 0 ? [eb('exchange.stay_id', 'in', stays)] : []),
      ]),
    )
    .orderBy('exchange_entry.position')
    .execute()
  return rows.map(({ subject, stay_id, entry }) => {
    const known = Exchange.parse(JSON.parse(entry))
    const owner = stay_id === null ? undefined : owners.get(stay_id)
    const stayId = stay_id === null ? undefined : StayId.parse(stay_id)
    return { subject, stayId, entry: owner === undefined ? known : { ...known, patientId: PatientId.parse(owner) } }
  })
}
