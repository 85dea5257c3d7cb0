import type { ShownEvent } from '@relais/contracts/notices'
import { accept, type Decider } from '@relais/decider/decider'

export type ShowNotice = { type: 'ShowNotice'; details: ShownEvent['data'] }
type ShownState = { isShown: boolean }

/** Whether the notice was ever on a page that somebody was given: said once, of whoever came first. */
export const shown: Decider<ShowNotice, ShownEvent, ShownState, never> = {
  initialState: { isShown: false },
  evolve: () => ({ isShown: true }),
  decide: ({ details }, { isShown }) => (isShown ? accept() : accept({ type: 'NoticeShown', data: details })),
}
