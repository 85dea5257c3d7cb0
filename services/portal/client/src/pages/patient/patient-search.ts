export const tabs = ['pathway', 'circle', 'steps', 'thread'] as const
export type Tab = (typeof tabs)[number]
/** `entry` is one that another page points at; `thread` the conversation that is open. */
export type PatientSearch = { tab?: Tab; entry?: string; thread?: string }

/** What an address says of this page: anything else in it is nothing. */
export function patientSearch(asked: Record<string, unknown>): PatientSearch {
  const tab = tabs.find((one) => one === asked['tab'])
  const { entry, thread } = asked
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(typeof entry === 'string' ? { entry } : {}),
    ...(typeof thread === 'string' ? { thread } : {}),
  }
}
