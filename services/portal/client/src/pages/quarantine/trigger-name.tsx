import type { MovementKind } from '@relais/contracts/movements'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'

/** The events of PAM.fr that say a movement. */
const kinds: Readonly<Record<string, MovementKind>> = {
  A01: 'admission',
  A02: 'transfer',
  A03: 'discharge',
  A04: 'registration',
  A05: 'preadmission',
  A06: 'toInpatient',
  A07: 'toOutpatient',
  A14: 'plannedAdmission',
  A15: 'plannedTransfer',
  A16: 'plannedDischarge',
  A21: 'leave',
  A22: 'return',
  A54: 'attendingChange',
}

/** `Sortie (ADT^A03)`, and the code alone of what is no movement. */
export function TriggerName({ trigger }: { trigger: string }) {
  const { entry } = useWords(domainWords)
  const [kind, event = ''] = trigger.split('^')
  const name = kinds[event]
  const code = [kind, event].filter(Boolean).join('^')
  return <>{name === undefined ? code : `${capital(entry[name])} (${code})`}</>
}
