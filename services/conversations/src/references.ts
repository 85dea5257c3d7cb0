import { decideStayAccess } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { mayBeCalled } from '@relais/contracts/attachable'
import type { PostBody } from '@relais/contracts/post-routes'
import { ProfessionalId, type Recipient } from '@relais/contracts/primitives'
import { same } from '@relais/decider/same'
import type { Vault } from '@relais/vault/vault'
import type { Kysely } from 'kysely'
import type { ThreadAccess } from './access.ts'
import { type Audience, audienceOfMembers, audienceOfPatient, authorsAmong } from './audience.ts'
import type { KnownThread } from './domain/thread.ts'
import type { FindPost } from './posts-in-log.ts'
import type { ConversationTables } from './projections/tables.ts'

export type ReferenceRejection =
  | { code: 'replyUnknown' }
  | { code: 'quoteUnknown' }
  | { code: 'attachmentUnknown' }
  | { code: 'fileNameMisleading' }
  | { code: 'mentionOutside' }
  | { code: 'urgentToEverybody' }

type Said = Omit<PostBody, 'text'>
type Question = { actor: Actor; thread: KnownThread; said: Said }
type Checked = { alerted: readonly Recipient[] } | { rejection: ReferenceRejection }
export type CheckReferences = (question: Question) => Promise<Checked>

type Deps = {
  db: Kysely<ConversationTables>
  access: Pick<ThreadAccess, 'factsOf' | 'questionOf'>
  vault: Pick<Vault, 'findStream'>
  findPost: FindPost
}

/** What a message refers to is in its thread, of its patient, and for its author to see; and who is to be told of it. */
export function referenceChecks(deps: Deps): CheckReferences {
  const { db, access, vault, findPost } = deps

  async function areTheirs({ attachments }: Said, owner: string): Promise<ReferenceRejection | undefined> {
    for (const { document, fileName } of attachments) {
      const found = await vault.findStream(document.documentId)
      const isTheirs = typeof found === 'object' && found.owner === owner && same(found.ref, document)
      if (!isTheirs) return { code: 'attachmentUnknown' }
      if (!mayBeCalled(fileName, document.mediaType)) return { code: 'fileNameMisleading' }
    }
    return undefined
  }

  /** A quote opens nothing: whoever reads it asks the pathway for the entry. */
  async function maySee(actor: Actor, { subject }: KnownThread, eventIds: readonly string[]): Promise<boolean> {
    const known = subject.patientId && (await access.factsOf(subject.patientId))
    if (!known) return false
    const rows = await db.selectFrom('quotable').selectAll().where('entry_id', 'in', eventIds).execute()
    const stays = rows.flatMap(({ stay_id }) => stay_id ?? [])
    const owners = await db
      .selectFrom('stay_owner')
      .selectAll()
      .where('stay_id', 'in', ['', ...stays])
      .execute()
    const question = access.questionOf(actor, known.facts)
    const seen = rows.filter(({ patient_id, stay_id }) => {
      // A stay may have been moved to another patient since, or taken from this one.
      const owner = stay_id === null ? patient_id : owners.find((row) => row.stay_id === stay_id)?.patient_id
      return (
        owner !== undefined && known.ids.includes(owner) && decideStayAccess(question, stay_id ?? undefined).granted
      )
    })
    return new Set(eventIds).size === seen.length
  }

  async function audienceOf(actor: Actor, thread: KnownThread): Promise<Audience> {
    if (thread.kind !== 'patient' || thread.subject.patientId === undefined) return audienceOfMembers(thread)
    const known = await access.factsOf(thread.subject.patientId)
    if (!known) return { all: [], others: new Set() }
    return audienceOfPatient(deps, { ...known, at: access.questionOf(actor, known.facts).at })
  }

  async function whoIsAlerted({ actor, thread, said }: Question): Promise<Checked> {
    const { mentions, mentionedRoles, urgent } = said
    if (thread.kind === 'territory') {
      if (urgent) return { rejection: { code: 'urgentToEverybody' } }
      return mentionedRoles.length > 0 ? { rejection: { code: 'mentionOutside' } } : { alerted: [...new Set(mentions)] }
    }
    const { all, others } = await audienceOf(actor, thread)
    const inside = new Set([...all.map(({ recipient }) => recipient), ...others])
    const strangers = mentions.filter((mention) => !inside.has(mention))
    const hasTeams = [...inside].some((recipient) => /^(uf|finess):/.test(recipient))
    const authors =
      strangers.length > 0 && hasTeams ? await authorsAmong(deps, thread.subject.threadId, strangers) : new Set()
    const byRole = mentionedRoles.map((role) => all.filter((each) => each.role === role))
    if (strangers.some((stranger) => !authors.has(stranger)) || byRole.some((people) => people.length === 0))
      return { rejection: { code: 'mentionOutside' } }
    const named = [...(urgent ? all : []), ...byRole.flat()].map(({ recipient }) => ProfessionalId.parse(recipient))
    return { alerted: [...new Set([...mentions, ...named])] }
  }

  return async ({ actor, thread, said }) => {
    const { attachments, replyTo, quotes, mentions, mentionedRoles, urgent } = said
    if (replyTo !== undefined && (await findPost(replyTo))?.state.message.threadId !== thread.subject.threadId)
      return { rejection: { code: 'replyUnknown' } }
    const wrong = attachments.length > 0 ? await areTheirs(said, thread.subject.keyOwner) : undefined
    if (wrong) return { rejection: wrong }
    const quoted = quotes.map(({ eventId }) => eventId)
    if (quoted.length > 0 && !(await maySee(actor, thread, quoted))) return { rejection: { code: 'quoteUnknown' } }
    const tellsSomebody = urgent || mentions.length > 0 || mentionedRoles.length > 0
    return tellsSomebody ? whoIsAlerted({ actor, thread, said }) : { alerted: [] }
  }
}
