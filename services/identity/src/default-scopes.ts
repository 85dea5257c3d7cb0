import { Scope } from '@relais/contracts/actor'

const coordination: readonly Scope[] = [
  'pathway:read',
  'circle:write',
  'channel:follow',
  'board:read',
  'directory:read',
]
const conversation: readonly Scope[] = ['thread:read', 'thread:write']
const loops: readonly Scope[] = [
  'referral:read',
  'referral:write',
  'run:read',
  'run:write',
  'protocol:read',
  'absence:write',
]
const care: readonly Scope[] = [...coordination, 'inbox:read', 'notice:acknowledge', ...loops, ...conversation]
/** A team's queue, without clinical content. */
const secretary: readonly Scope[] = [
  'channel:follow',
  'inbox:read',
  'referral:read',
  'referral:write',
  'directory:read',
]
const coordinator: readonly Scope[] = [
  'channel:follow',
  'inbox:read',
  'directory:read',
  'protocol:read',
  'protocol:write',
  'run:read',
  'run:write',
  'statistics:read',
  ...conversation,
]
const admissions: readonly Scope[] = [
  ...coordination,
  'link:write',
  'stay:write',
  'directory:write',
  'quarantine:read',
  'quarantine:repair',
]

/** What a role may ask for when a token is issued without naming scopes. A role that is not here gets none. */
const scopesByRole: Readonly<Record<string, readonly Scope[]>> = {
  operateur: Scope.options,
  admissions,
  medecin: [...care, 'stay:write'],
  'medecin-traitant': care,
  remplacant: care,
  infirmier: [...care, 'stay:write'],
  pharmacien: care,
  kinesitherapeute: care,
  'sage-femme': care,
  ehpad: [...care, 'resident:write'],
  ssiad: care,
  'referent-parcours': [...care, 'statistics:read'],
  coordinateur: coordinator,
  secretaire: secretary,
  dpo: ['pathway:read', 'patient:forget'],
  logiciel: ['message:send'],
}

/** The scopes of a role, in the table of this service's README. */
export function defaultScopes(role: string): readonly Scope[] {
  return Object.hasOwn(scopesByRole, role) ? (scopesByRole[role] ?? []) : []
}
