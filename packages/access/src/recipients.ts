import type { Actor } from '@relais/contracts/actor'

/** They work in an establishment without taking part in the care. */
const WITHOUT_CARE = new Set(['admissions', 'operateur'])

/** Under which names an actor is written to: his or her own, and that of the establishment where he or she gives care. */
export function recipientsOf({ id, organisation, role }: Actor): string[] {
  return organisation === undefined || WITHOUT_CARE.has(role) ? [id] : [id, `finess:${organisation}`]
}

/** Whether what was sent to `recipient` is for this actor to see and to answer. */
export function mayAnswerFor(actor: Actor, recipient: string): boolean {
  return recipientsOf(actor).includes(recipient)
}
