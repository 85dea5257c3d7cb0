import { type Link, linksAround, type LinkTables } from '@relais/access/links'
import { LinkId } from '@relais/contracts/patients'
import type { MessageId, PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { CommandContext, CommandResult } from '@relais/event-store/command-handler'
import type { LinkEvent, LinkReason } from '@relais/contracts/patients'
import type { RunningProjection } from '@relais/projections/projection'
import type { LinkCommand, LinkRejection, LinkState, ReportLink } from './domain/link.ts'

export type LinkDeskDeps = {
  database: Database<LinkTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
  handleLink: (id: string, command: LinkCommand, context: CommandContext) => Promise<Handled>
  loadLink: (linkId: LinkId) => Promise<LinkState>
  derivedId: (...parts: string[]) => string
  now: () => string
}
type Handled = CommandResult<LinkEvent, LinkRejection>
export type LinkDesk = ReturnType<typeof linkDesk>

type Reported = Omit<ReportLink, 'type' | 'links' | 'linkId'>
type ByPerson = { patientId: PatientId; otherId: PatientId; reason: LinkReason }
type Settled = { linkId: LinkId; messageId: MessageId; outcome: 'applied' | 'dismissed' }

const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * Where it is decided whether two patients are one person. One pair is one stream; what other pairs say is read from the
 * view, which has seen everything written here before. Two processes that close a circle at the same moment are not
 * stopped: `personIn` resolves circles too.
 */
export function linkDesk({ database, view, handleLink, loadLink, derivedId, now }: LinkDeskDeps) {
  let last: number | undefined

  async function linksOf(ids: readonly string[]): Promise<Link[]> {
    const hasSeen =
      view.status().hasCaughtUp && (last === undefined || (await view.reaches(last, SLOWEST_VIEW_MILLISECONDS)))
    if (!hasSeen) throw new DatabaseUnavailable('The view of the links is not that far yet')
    return linksAround(database.db, ids)
  }

  async function handle(linkId: LinkId, command: LinkCommand, context: CommandContext): Promise<Handled> {
    const result = await handleLink(linkId, command, context)
    if (result.accepted && result.events.length > 0) last = Math.max(last ?? 0, result.position ?? 0)
    return result
  }

  /** The link of two patients, whichever is named first. */
  const linkIdOf = (one: PatientId, other: PatientId) => LinkId.parse(derivedId('link', ...[one, other].toSorted()))

  return {
    async report(reported: Reported, context: CommandContext): Promise<Handled> {
      const { patientId, otherId } = reported
      const linkId = linkIdOf(patientId, otherId)
      const links = await linksOf([patientId, otherId])
      return handle(linkId, { type: 'ReportLink', linkId, links, ...reported }, context)
    },
    async link(pair: ByPerson, context: CommandContext): Promise<Handled & { linkId: LinkId }> {
      const { patientId, otherId } = pair
      const linkId = linkIdOf(patientId, otherId)
      const links = await linksOf([patientId, otherId])
      const result = await handle(linkId, { type: 'LinkPatients', linkId, links, at: now(), ...pair }, context)
      return { ...result, linkId }
    },
    undo: (linkId: LinkId, context: CommandContext) => handle(linkId, { type: 'UndoLink', at: now() }, context),
    async settle({ linkId, messageId, outcome }: Settled, context: CommandContext): Promise<Handled> {
      const doubt = (await loadLink(linkId)).doubts.find((one) => one.messageId === messageId)
      const links = doubt ? await linksOf([doubt.patientId, doubt.otherId]) : []
      return handle(linkId, { type: 'SettleDoubt', messageId, outcome, links, at: now() }, context)
    },
    load: loadLink,
  }
}
