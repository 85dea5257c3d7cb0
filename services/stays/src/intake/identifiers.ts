import { MovementId, type OutsideIdentifier, type StayId } from '@relais/contracts/primitives'
import { derivedUuid } from '@relais/events/derived-uuid'

/** A movement is known inside its stay by ZBE-1, number and authority. */
export function movementIdOf(stayId: StayId, { authority, number }: OutsideIdentifier): MovementId {
  return MovementId.parse(derivedUuid('movement', stayId, authority, number))
}
