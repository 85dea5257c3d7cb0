import type { Actor } from '@relais/contracts/actor'

/** They work in an establishment without taking part in the care. */
const WITHOUT_CARE = new Set(['admissions', 'operateur', 'coordinateur', 'secretaire'])
/** Of these, they sort what a queue is asked, and see nothing of its content. */
const SORTING = new Set(['coordinateur', 'secretaire'])

/** What may stand in the name of a recipient: a ward of another code has no queue. */
const WARD_CODE = /^[A-Za-z0-9._-]{1,30}$/

/**
 * Under which names an actor is written to: his or her own, that of the establishment where he or she gives care, and
 * those of its wards where he or she works.
 */
export function recipientsOf(actor: Actor): string[] {
  return WITHOUT_CARE.has(actor.role) ? [actor.id] : namesOf(actor)
}

/** Whether an actor takes part in the care of patients: what is said of them is for nobody else. */
export function givesCare({ role }: Pick<Actor, 'role'>): boolean {
  return !WITHOUT_CARE.has(role)
}

/** Whether an actor sorts queues, or coordinates, without any content: no ward opens the patients there. */
export function sortsOnly({ role }: Pick<Actor, 'role'>): boolean {
  return SORTING.has(role)
}

/** Whether what was sent to `recipient` is for this actor to see and to answer. */
export function mayAnswerFor(actor: Actor, recipient: string): boolean {
  return recipientsOf(actor).includes(recipient)
}

/** Whose work an actor may take, hand on and release: the same names, also for those who sort it without its content. */
export function queuesOf(actor: Actor): string[] {
  return SORTING.has(actor.role) ? namesOf(actor) : recipientsOf(actor)
}

/** Whether `recipient` is one of the actor's `queuesOf`. */
export function maySortFor(actor: Actor, recipient: string): boolean {
  return queuesOf(actor).includes(recipient)
}

/** The queue of a ward, `uf:990000010/2104`; `undefined` for a code that cannot stand in a name. */
export function wardRecipient({ facility, code }: { facility: string; code: string }): string | undefined {
  return WARD_CODE.test(code) ? `uf:${facility}/${code}` : undefined
}

function namesOf({ id, organisation, wards }: Actor): string[] {
  if (organisation === undefined) return [id]
  const queues = wards.flatMap((code) => wardRecipient({ facility: organisation, code }) ?? [])
  return [id, `finess:${organisation}`, ...queues]
}
