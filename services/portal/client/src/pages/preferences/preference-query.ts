import type { readPreference } from '@relais/contracts/conversation-routes'
import type { Preference } from '@relais/contracts/conversations'
import { queryOptions } from '@tanstack/react-query'
import type { Wanted } from '../../acts/acts.tsx'
import { call } from '../../api/call.ts'

export const preferenceQuery = queryOptions({
  queryKey: ['preference'],
  queryFn: ({ signal }) => call<typeof readPreference>({ path: '/threads/preferences', signal }),
})

/** To be told of other things from now on; what was wanted before is one press away. */
export function preferenceAct(next: Preference, before: Preference, what: string): Wanted {
  const put = { method: 'PUT', path: '/threads/preferences', what } as const
  return {
    ...put,
    subject: 'preference',
    body: next,
    affects: [['preference'], ['threads']],
    undo: { ...put, body: before },
  }
}
