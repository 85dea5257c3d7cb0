import type { CircleRole } from '@relais/contracts/patients'
import type { Recipient } from '@relais/contracts/primitives'
import type { ReassignReason } from '@relais/contracts/protocol-runs'
import type { StepRole } from '@relais/contracts/protocols'

/** Who can be asked now: the members of the circle in the order in which they joined, and the ward of the stay. */
export type Holders = {
  members: readonly { memberId: Recipient; role: CircleRole }[]
  ward?: Recipient | undefined
  coordinator: Recipient
  /** Who stands in for whom during an absence. */
  standIns: readonly { of: Recipient; by: Recipient }[]
}

export type Owner = { owner: Recipient; role: StepRole }
/** `isFallback`: nobody holds any of the roles. */
export type Found = Owner & { isFallback: boolean }

/** Who a step is asked of: the first of its roles that somebody holds, else the coordinator. */
export function ownerOf(roles: readonly StepRole[], holders: Holders): Found {
  for (const role of roles) {
    const [owner] = candidates(role, holders)
    if (owner !== undefined) return { owner, role, isFallback: false }
  }
  return { owner: holders.coordinator, role: 'coordinateur', isFallback: true }
}

/** Whoever can be asked in a role, an absent one through who stands in. */
export function candidates(role: StepRole, holders: Holders): Recipient[] {
  if (role === 'coordinateur') return [holders.coordinator]
  if (role === 'ward') return holders.ward === undefined ? [] : [holders.ward]
  const members = holders.members.filter((member) => member.role === role)
  return members.map(({ memberId }) => standInOf(memberId, holders) ?? memberId)
}

/** Whether somebody can be asked at all: one of the circle, who stands in for one, the ward, the coordination. */
export function mayBeAsked(recipient: Recipient, { members, standIns, ward, coordinator }: Holders): boolean {
  if (recipient === ward || recipient === coordinator) return true
  const inCircle = new Set(members.map(({ memberId }) => memberId))
  return inCircle.has(recipient) || standIns.some(({ of, by }) => by === recipient && inCircle.has(of))
}

/** A médecin traitant whose replacement is in the circle is away, unless an absence says of whom. */
export function standInsAmong(members: Holders['members']): Holders['standIns'] {
  const replacement = members.findLast(({ role }) => role === 'remplacant')
  if (replacement === undefined) return []
  const replaced = members.filter(({ role }) => role === 'medecin-traitant')
  return replaced.map(({ memberId }) => ({ of: memberId, by: replacement.memberId }))
}

export type Move = Owner & { because: ReassignReason; isFallback: boolean }

/** Whether an open step has to go to somebody else now; `undefined` while whoever has it may keep it. */
export function moveOf(roles: readonly StepRole[], { owner, role }: Owner, holders: Holders): Move | undefined {
  const found = ownerOf(roles, holders)
  const isStillHeld = candidates(role, holders).includes(owner)
  if (owner === found.owner || (role === found.role && isStillHeld)) return undefined
  return { ...found, because: reasonOf({ owner, role }, found, { holders, isStillHeld }) }
}

type Context = { holders: Holders; isStillHeld: boolean }

/** A replacement that leaves gives back what it had: the member left it. */
function reasonOf(before: Owner, found: Found, { holders, isStillHeld }: Context): ReassignReason {
  if (holders.standIns.some(({ of, by }) => of === before.owner && by === found.owner)) return 'absence'
  if (isStillHeld) return 'memberJoined'
  return before.role === 'ward' ? 'wardChanged' : 'memberLeft'
}

function standInOf(memberId: Recipient, { standIns }: Holders): Recipient | undefined {
  return standIns.find(({ of }) => of === memberId)?.by
}
