/** About whom, and for which stay: ids that mean nothing to anybody else. */
export type NewReferralSearch = { patient?: string; stay?: string }

const id = /^[0-9a-f-]{36}$/

export function newReferralSearch({ patient, stay }: Record<string, unknown>): NewReferralSearch {
  return {
    ...(typeof patient === 'string' && id.test(patient) ? { patient } : {}),
    ...(typeof stay === 'string' && id.test(stay) ? { stay } : {}),
  }
}
