import { decideAccess, decisionInstant } from '@relais/access/decide'
import { type AccessTables, loadFactsOf } from '@relais/access/facts'
import { rememberedPersonOf } from '@relais/access/links'
import { mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { mayBeCalled } from '@relais/contracts/attachable'
import type { DocumentRef, Instant, PatientId, Recipient } from '@relais/contracts/primitives'
import type { RequestReferralBody } from '@relais/contracts/referral-routes'
import type { Attachment } from '@relais/contracts/conversations'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { ReferralId } from '@relais/contracts/work'
import { same } from '@relais/decider/same'
import { OwnerForgotten } from '@relais/events/sealing'
import type { CommandContext, CommandResult } from '@relais/event-store/command-handler'
import type { Logger } from '@relais/telemetry/logger'
import type { Vault } from '@relais/vault/vault'
import type { Kysely } from 'kysely'
import { ladderAt } from './calendars.ts'
import type { ReferralCommand, ReferralRejection } from './domain/commands.ts'
import { awaitsAnswer } from './domain/asked.ts'
import type { Known, ReferralState } from './domain/referral-state.ts'
import { isOfRequester, recipientsAmong, requesterOf, speakerOf, speaksFor } from './parties.ts'

export type Refusal =
  | ReferralRejection
  | { code: 'patientUnknown' | 'stayUnknown' | 'stayConfidential' }
  | { code: 'attachmentUnknown' | 'fileNameMisleading' }
  | { code: 'requesterOnly' | 'receiverOnly' | 'recipientAmbiguous' | 'careOnly' }
export type FileRefusal = { code: 'referralUnknown' | 'careOnly' | 'referralEnded' }
export type Written = { position: number | undefined } | { refusal: Refusal }
export type Writing = { actor: Actor; context: CommandContext }

export type HandleReferral = (
  id: string,
  command: ReferralCommand,
  context: CommandContext,
) => Promise<CommandResult<ReferralEvent, ReferralRejection>>

export type ReferralDeskDeps = {
  db: Kysely<AccessTables>
  vault: Vault
  loadReferral: (referralId: ReferralId) => Promise<ReferralState>
  handleReferral: HandleReferral
  now: () => Instant
  log: Logger
}

type Said = { by: Actor['id']; at: Instant }
/** What a command needs of the world: clinical text, kept in the vault; what was attached, once it was checked. */
export type Papers = {
  text(label: string, text: string): Promise<DocumentRef>
  attached(attachments: readonly Attachment[]): Promise<Attachment[]>
}
type Act<Told> = (told: Told, papers: Papers) => ReferralCommand | Promise<ReferralCommand>

/** Something in a request that is refused before it is decided. */
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

export type ReferralDesk = ReturnType<typeof referralDesk>

/** Where referrals are asked, answered and ended: who may say it is checked here, what may be said in the domain. */
export function referralDesk(deps: ReferralDeskDeps) {
  const { vault, loadReferral, handleReferral, now } = deps

  async function handle(referralId: ReferralId, command: ReferralCommand, context: CommandContext): Promise<Written> {
    const result = await handleReferral(referralId, command, context)
    return result.accepted ? { position: result.position } : { refusal: result.rejection }
  }

  const papersOf = (referralId: ReferralId, owner: PatientId, ids: readonly string[]): Papers => ({
    async text(label, text) {
      const bytes = new TextEncoder().encode(text)
      const name = `referral:${owner}:${referralId}:${label}`
      return (await vault.put({ owner, mediaType: 'text/plain; charset=utf-8', bytes, label: name })).ref
    },
    async attached(attachments) {
      for (const { document, fileName } of attachments) {
        const found = await vault.findStream(document.documentId)
        const isTheirs = typeof found === 'object' && ids.includes(found.owner) && same(found.ref, document)
        if (!isTheirs) throw new Refused({ code: 'attachmentUnknown' })
        if (!mayBeCalled(fileName, document.mediaType)) throw new Refused({ code: 'fileNameMisleading' })
      }
      return [...attachments]
    },
  })

  async function request(referralId: ReferralId, body: RequestReferralBody, { actor, context }: Writing) {
    const { ids, holding } = await mayAskAbout(deps, actor, body)
    const papers = papersOf(referralId, body.patientId, ids)
    const { question, promise, ladder, attachments, ...asked } = body
    const requestedAt = now()
    const { organisation } = actor
    const details = {
      ...asked,
      referralId,
      question: await papers.text('question', question),
      attachments: await papers.attached(attachments),
      from: requesterOf(actor, holding),
      ladder: ladderAt({ ladder, answerBy: body.answerBy, organisation, requestedAt }),
      ...promiseOf({ kind: body.kind, promise }),
      requestedAt,
    }
    return handle(referralId, { type: 'Request', details }, context)
  }

  async function known(referralId: ReferralId, actor: Actor): Promise<Known> {
    const state = await loadReferral(referralId)
    const isParty =
      state.status !== 'unknown' &&
      (isOfRequester(actor, state.request.from) || recipientsAmong(actor, state.receivers).length > 0)
    if (!isParty) throw new Refused({ code: 'referralUnknown' })
    return state
  }

  async function papersFor(state: Known): Promise<Papers> {
    const { referralId, patientId } = state.request
    const person = await rememberedPersonOf({ db: deps.db, keyring: vault }, patientId)
    if (!person) throw new Refused({ code: 'referralUnknown' })
    return papersOf(referralId, patientId, person.ids)
  }

  return {
    request: (referralId: ReferralId, body: RequestReferralBody, writing: Writing) =>
      answered(() => request(referralId, body, writing)),

    /** Said by whoever asked, or by somebody of the same ward. */
    asRequester: (referralId: ReferralId, { actor, context }: Writing, act: Act<Said>) =>
      answered(async () => {
        const state = await known(referralId, actor)
        if (!isOfRequester(actor, state.request.from)) throw new Refused({ code: 'requesterOnly' })
        if (!speaksFor(actor, state.request.from)) throw new Refused({ code: 'careOnly' })
        const command = await act({ by: actor.id, at: now() }, await papersFor(state))
        return handle(referralId, command, context)
      }),

    /** For whom one who has still to answer keeps a file: nobody is told here who that is. */
    keeperOf: async (
      referralId: ReferralId,
      actor: Actor,
    ): Promise<{ patientId: PatientId } | { refusal: FileRefusal }> => {
      const state = await loadReferral(referralId)
      const own = state.status === 'unknown' ? [] : recipientsAmong(actor, state.receivers)
      if (state.status === 'unknown' || own.length === 0) return { refusal: { code: 'referralUnknown' } }
      const speaking = own.filter((recipient) => mayAnswerFor(actor, recipient))
      if (speaking.length === 0) return { refusal: { code: 'careOnly' } }
      const isAwaited = state.receivers.some((one) => speaking.includes(one.recipient) && awaitsAnswer(one))
      if (state.status !== 'open' || !isAwaited) return { refusal: { code: 'referralEnded' } }
      return { patientId: state.request.patientId }
    },

    /** Said by one who was asked, or for a team that was. What only sorts a queue is also for who reads nothing of it. */
    asReceiver: (
      referralId: ReferralId,
      {
        actor,
        context,
        recipient,
        onlySorts = false,
      }: Writing & { recipient?: Recipient | undefined; onlySorts?: boolean },
      act: Act<Said & { recipient: Recipient }>,
    ) =>
      answered(async () => {
        const state = await known(referralId, actor)
        const own = recipientsAmong(actor, state.receivers)
        if (own.length === 0) throw new Refused({ code: 'receiverOnly' })
        const speaker = speakerOf(own, recipient)
        if (speaker === 'unknown') throw new Refused({ code: 'referralUnknown' })
        if (speaker === 'ambiguous') throw new Refused({ code: 'recipientAmbiguous' })
        if (!onlySorts && !mayAnswerFor(actor, speaker)) throw new Refused({ code: 'careOnly' })
        const command = await act({ recipient: speaker, by: actor.id, at: now() }, await papersFor(state))
        return handle(referralId, command, context)
      }),
  }
}

async function answered(work: () => Promise<Written>): Promise<Written> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal }
    // Forgotten since it was read.
    if (error instanceof OwnerForgotten) return { refusal: { code: 'referralUnknown' } }
    throw error
  }
}

type Asked = Pick<RequestReferralBody, 'kind' | 'promise'>

/** Unscheduled care promises what its agreement does, unless another promise is named. */
function promiseOf({ kind, promise = kind === 'unscheduled' ? 'snp24' : undefined }: Asked) {
  return promise === undefined ? {} : { promise }
}

/**
 * Somebody is asked about a patient by those who take part in the care. A stay that nobody outside the establishment may
 * learn of is not named to others.
 */
async function mayAskAbout(
  { db, vault, now, log }: Pick<ReferralDeskDeps, 'db' | 'vault' | 'now' | 'log'>,
  actor: Actor,
  { patientId, stayId }: Pick<RequestReferralBody, 'patientId' | 'stayId'>,
): Promise<{ ids: readonly string[]; holding: readonly string[] }> {
  const person = await rememberedPersonOf({ db, keyring: vault }, patientId)
  const facts = await loadFactsOf(db, person?.ids ?? [patientId])
  const at = decisionInstant(facts, now())
  const decision = decideAccess({ actor, facts, purpose: 'care', at })
  const outcome = decision.granted ? decision.ground : decision.reason
  log.info({ actorId: actor.id, patientId, kind: 'care', outcome }, 'access decided')
  if (!decision.granted || !person) throw new Refused({ code: 'patientUnknown' })
  if (stayId === undefined) return { ids: person.ids, holding: [] }
  const stays = facts.stays.filter((stay) => stay.stayId === stayId)
  if (stays.length === 0) throw new Refused({ code: 'stayUnknown' })
  if (facts.confidential?.includes(stayId)) throw new Refused({ code: 'stayConfidential' })
  const own = stays.filter(({ facility }) => facility === actor.organisation)
  return { ids: person.ids, holding: own.flatMap(({ wards }) => wards) }
}
