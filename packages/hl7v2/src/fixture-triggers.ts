import { cancels } from './pam/triggers.ts'

export type Action = 'INSERT' | 'UPDATE' | 'CANCEL'

/** What an event stands for when nothing else is said: A06 and A07 insert, and cancel each other. */
export function actionOf(trigger: string): Action {
  if (trigger === 'Z99') return 'UPDATE'
  return cancels.has(trigger) && trigger !== 'A06' && trigger !== 'A07' ? 'CANCEL' : 'INSERT'
}

/** The event of the movement that is corrected or cancelled. */
export function originalOf(trigger: string, action: Action): string {
  if (trigger === 'Z99') return 'A01'
  const inserts = (trigger === 'A06' || trigger === 'A07') && action !== 'CANCEL'
  return inserts ? '' : (cancels.get(trigger)?.[0] ?? '')
}

/** MSH-9.3 where it is not ADT_A01. */
export const structures = new Map([
  ['A02', 'ADT_A02'],
  ['A03', 'ADT_A03'],
  ['A05', 'ADT_A05'],
  ['A06', 'ADT_A06'],
  ['A07', 'ADT_A06'],
  ['A11', 'ADT_A09'],
  ['A12', 'ADT_A12'],
  ['A14', 'ADT_A05'],
  ['A15', 'ADT_A15'],
  ['A16', 'ADT_A16'],
  ['A21', 'ADT_A21'],
  ['A22', 'ADT_A21'],
  ['A25', 'ADT_A21'],
  ['A26', 'ADT_A21'],
  ['A27', 'ADT_A21'],
  ['A38', 'ADT_A38'],
  ['A44', 'ADT_A43'],
  ['A52', 'ADT_A52'],
  ['A53', 'ADT_A52'],
  ['A54', 'ADT_A54'],
  ['A55', 'ADT_A52'],
])
