import { Scope } from '@relais/contracts/actor'

const coordination: readonly Scope[] = [
  'pathway:read',
  'circle:write',
  'channel:follow',
  'board:read',
  'directory:read',
]
const care: readonly Scope[] = [...coordination, 'inbox:read', 'notice:acknowledge']
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
  'referent-parcours': care,
  dpo: ['pathway:read', 'patient:forget'],
  logiciel: ['message:send'],
}

/** The scopes of a role, in the table of this service's README. */
export function defaultScopes(role: string): readonly Scope[] {
  return Object.hasOwn(scopesByRole, role) ? (scopesByRole[role] ?? []) : []
}
