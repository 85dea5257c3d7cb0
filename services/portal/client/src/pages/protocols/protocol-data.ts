import type { listProtocols, ProtocolView } from '@relais/contracts/protocol-routes'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../../api/call.ts'

export const protocolsKey = ['protocols'] as const

export const protocolsQuery = queryOptions({
  queryKey: protocolsKey,
  queryFn: ({ signal }) => call<typeof listProtocols>({ path: '/protocols', signal }),
  staleTime: 30_000,
})

export type Protocol = ProtocolView
export type Version = ProtocolView['versions'][number]

/** Where a protocol is at a moment: what applies, and what will. */
export function standingOf({ versions, retiredFrom }: ProtocolView, now: string) {
  const isRetired = retiredFrom !== undefined && retiredFrom <= now
  const current = versions.findLast(({ effectiveFrom }) => effectiveFrom <= now)
  return {
    isRetired,
    inForce: isRetired ? undefined : current,
    upcoming: versions.find(({ effectiveFrom }) => effectiveFrom > now),
    last: versions.at(-1),
  }
}

/** What a step was called in the version that a run follows. */
export function stepTitle(
  protocols: readonly ProtocolView[] | undefined,
  { protocolId, version, stepId }: { protocolId: string; version: number; stepId: string },
): string {
  const protocol = protocols?.find((each) => each.protocolId === protocolId)
  const followed = protocol?.versions.find((each) => each.version === version)
  return followed?.definition.steps.find((step) => step.stepId === stepId)?.title ?? stepId
}
