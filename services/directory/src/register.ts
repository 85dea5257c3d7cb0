import type { Finess } from '@relais/contracts/directory'
import type { DocumentRef } from '@relais/contracts/primitives'
import { RESIDENT_IDENTITY, type ResidentId, type ResidentIdentity } from '@relais/contracts/residents'
import type { CommandContext, CommandResult } from '@relais/event-store/command-handler'
import { OwnerForgotten } from '@relais/events/sealing'
import { insKeyIsRight } from '@relais/hl7v2/checks'
import type { Vault } from '@relais/vault/vault'
import type { ResidentEvent } from '@relais/contracts/residents'
import type { ResidentCommand, ResidentRejection, ResidentState } from './domain/resident.ts'

export type RegisterRejection =
  | ResidentRejection
  | { code: 'residentForgotten' }
  | { code: 'insKeyWrong' }
  | { code: 'insNotAllowed' }
  | { code: 'insMissing' }

type Registered = { accepted: true; changed: boolean; warnings: 'insNotKept'[]; position: number | undefined }
export type RegisterResult = Registered | { accepted: false; rejection: RegisterRejection }

export type RegisterDeps = {
  mode: 'demonstration' | 'production'
  vault: Pick<Vault, 'put'>
  loadResident: (residentId: ResidentId) => Promise<ResidentState>
  handleResident: (
    id: string,
    command: ResidentCommand,
    context: CommandContext,
  ) => Promise<CommandResult<ResidentEvent, ResidentRejection>>
  now: () => string
}

type Named = { residentId: ResidentId; ehpad: Finess }
type Entry = Named & { identity: ResidentIdentity; room?: string | undefined; enteredAt: string }
export type Register = ReturnType<typeof residentsRegister>

/** The register of an EHPAD: traits go to the vault, under the resident's own key; facts refer to them. */
export function residentsRegister(deps: RegisterDeps) {
  const { loadResident, handleResident, now } = deps

  async function handle(command: ResidentCommand, context: CommandContext): Promise<RegisterResult> {
    const result = await handleResident(command.residentId, command, context)
    if (!result.accepted) return result
    return { accepted: true, changed: result.events.length > 0, warnings: [], position: result.position }
  }

  async function identified(
    named: Named & { identity: ResidentIdentity },
    record: (identity: { identity: DocumentRef; hasIns: boolean }) => Promise<RegisterResult>,
  ): Promise<RegisterResult> {
    const { residentId, ehpad } = named
    const known = await loadResident(residentId)
    // MUST be asked first: nothing is stored under the key of another EHPAD's resident.
    if (known.status !== 'unknown' && known.entry.ehpad !== ehpad) return refused({ code: 'residentUnknown' })
    const admitted = admitIdentity(named.identity, deps.mode)
    if ('code' in admitted) return refused(admitted)
    const identity = await store(deps.vault, residentId, admitted.identity)
    if (identity === 'forgotten') return refused({ code: 'residentForgotten' })
    const result = await record({ identity, hasIns: admitted.identity.ins !== undefined })
    return result.accepted ? { ...result, warnings: admitted.warnings } : result
  }

  const enter = ({ residentId, ehpad, identity, room, enteredAt }: Entry, context: CommandContext) =>
    identified({ residentId, ehpad, identity }, (document) => {
      const entry = { residentId, ehpad, enteredAt, ...(room === undefined ? {} : { room }) }
      return handle({ type: 'EnterResident', ...entry, ...document }, context)
    })
  const changeIdentity = (named: Named & { identity: ResidentIdentity }, context: CommandContext) =>
    identified(named, (document) => {
      const { residentId, ehpad } = named
      return handle({ type: 'ChangeIdentity', residentId, ehpad, ...document, at: now() }, context)
    })

  return { enter, changeIdentity, handle }
}

const refused = (rejection: RegisterRejection) => ({ accepted: false as const, rejection })

async function store(
  vault: Pick<Vault, 'put'>,
  owner: string,
  identity: ResidentIdentity,
): Promise<DocumentRef | 'forgotten'> {
  const bytes = new TextEncoder().encode(JSON.stringify(identity))
  try {
    const label = `resident-identity:${owner}`
    return (await vault.put({ owner, mediaType: RESIDENT_IDENTITY, bytes, label })).ref
  } catch (error) {
    if (error instanceof OwnerForgotten) return 'forgotten'
    throw error
  }
}

/** OIDs of the INS: `.8` NIR and `.9` NIA are of real people, `.10` and `.11` of test and demonstration ones. */
export const insOids = {
  production: ['1.2.250.1.213.1.4.8', '1.2.250.1.213.1.4.9'],
  demonstration: ['1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.11'],
} as const

type Admitted = { identity: ResidentIdentity; warnings: 'insNotKept'[] }

/** The INS goes with a qualified identity only: said with another status, the identity is kept without it. */
export function admitIdentity(identity: ResidentIdentity, mode: RegisterDeps['mode']): Admitted | RegisterRejection {
  const { ins, ...others } = identity
  if (!ins) return identity.status === 'qualified' ? { code: 'insMissing' } : { identity: others, warnings: [] }
  const oids: readonly string[] = insOids[mode]
  if (!oids.includes(ins.oid)) return { code: 'insNotAllowed' }
  if (!insKeyIsRight(ins.matricule)) return { code: 'insKeyWrong' }
  return identity.status === 'qualified' ? { identity, warnings: [] } : { identity: others, warnings: ['insNotKept'] }
}
