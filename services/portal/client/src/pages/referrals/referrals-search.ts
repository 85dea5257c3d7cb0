import { type Box, boxes } from './referral-boxes.ts'

/** Which box is shown, and whether of what has ended. */
export type ReferralsSearch = { box?: Box; ended?: true }

export function referralsSearch(search: Readonly<Record<string, unknown>>): ReferralsSearch {
  const box = boxes.find((one) => one === search['box'])
  return { ...(box === undefined ? {} : { box }), ...(search['ended'] === true ? { ended: true as const } : {}) }
}
