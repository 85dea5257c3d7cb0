import { personIn } from '@relais/access/links'
import { type LinkEvent, LinkId, type LinkReason } from '@relais/contracts/patients'
import type { MessageId, PatientId } from '@relais/contracts/primitives'
import type { CommandContext, CommandResult } from '@relais/event-store/command-handler'
import { type Contradiction, contradictionsBetween } from './domain/contradiction.ts'
import type { LinkCommand, LinkRejection, LinkState, ReportLink } from './domain/link.ts'
import type { KnownIdentity } from './known-identities.ts'
import type { LinkView } from './link-view.ts'

export type LinkDeskDeps = {
  view: LinkView
  identitiesOf: (ids: readonly string[]) => Promise<KnownIdentity[]>
  handleLink: (id: string, command: LinkCommand, context: CommandContext) => Promise<Handled>
  loadLink: (linkId: LinkId) => Promise<LinkState>
  derivedId: (...parts: string[]) => string
  now: () => string
}
type Handled = CommandResult<LinkEvent, LinkRejection>
export type LinkDesk = ReturnType<typeof linkDesk>

type Reported = Omit<ReportLink, 'type' | 'links' | 'linkId'>
type ByPerson = { patientId: PatientId; otherId: PatientId; reason: LinkReason; motive: string }
type Settled = { linkId: LinkId; messageId: MessageId; outcome: 'applied' | 'dismissed' }

/**
 * Where it is decided whether two patients are one person. One pair is one stream; what other pairs say is read from the
 * view, which has seen everything written here before. Two processes that close a circle at the same moment are not
 * stopped: `personIn` resolves circles too.
 */
export function linkDesk({ view, identitiesOf, handleLink, loadLink, derivedId, now }: LinkDeskDeps) {
  async function handle(linkId: LinkId, command: LinkCommand, context: CommandContext): Promise<Handled> {
    const result = await handleLink(linkId, command, context)
    if (result.accepted && result.events.length > 0) view.wrote(result.position)
    return result
  }

  /** The link of two patients, whichever is named first. */
  const linkIdOf = (one: PatientId, other: PatientId) => LinkId.parse(derivedId('link', ...[one, other].toSorted()))

  /** Between any number of the one and any number of the other. */
  async function contradictions(one: readonly string[], other: readonly string[]): Promise<Contradiction[]> {
    const [here, there] = [await identitiesOf(one), await identitiesOf(other)]
    const pairs = here.flatMap((known) => there.map((against) => [known, against] as const))
    const all = pairs.flatMap(([known, against]) => contradictionsBetween(known.identity, against.identity))
    return [...new Set(all)].toSorted()
  }

  return {
    async report(reported: Reported, context: CommandContext): Promise<Handled> {
      const { patientId, otherId } = reported
      const linkId = linkIdOf(patientId, otherId)
      const links = await view.around([patientId, otherId])
      return handle(linkId, { type: 'ReportLink', linkId, links, ...reported }, context)
    },
    async link(pair: ByPerson, context: CommandContext): Promise<Handled & { linkId: LinkId }> {
      const { patientId, otherId } = pair
      const linkId = linkIdOf(patientId, otherId)
      const links = await view.around([patientId, otherId])
      const [one, other] = [personIn(links, patientId).ids, personIn(links, otherId).ids]
      const known = { links, contradictions: await contradictions(one, other) }
      const result = await handle(linkId, { type: 'LinkPatients', linkId, at: now(), ...known, ...pair }, context)
      return { ...result, linkId }
    },
    undo: (linkId: LinkId, motive: string, context: CommandContext) =>
      handle(linkId, { type: 'UndoLink', motive, at: now() }, context),
    async settle({ linkId, messageId, outcome }: Settled, context: CommandContext): Promise<Handled> {
      const doubt = (await loadLink(linkId)).doubts.find((one) => one.messageId === messageId)
      const links = doubt ? await view.around([doubt.patientId, doubt.otherId]) : []
      return handle(linkId, { type: 'SettleDoubt', messageId, outcome, links, at: now() }, context)
    },
    load: loadLink,
  }
}
