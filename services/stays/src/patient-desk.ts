import type { Actor } from '@relais/contracts/actor'
import { type Authority, PatientId, type StayId } from '@relais/contracts/primitives'
import type { StayPatientBody } from '@relais/contracts/stay-patient-routes'
import type { StayState } from './domain/stay-state.ts'
import { refusedIns } from './intake/folder-kind.ts'
import { moveStay } from './intake/move.ts'
import { keepIdentity } from './intake/record.ts'
import { identityFrom, insSignsOf } from './intake/written.ts'
import {
  afterAll,
  messageIdOf,
  refuse,
  type Recorded,
  type Refused,
  type StayDeskDeps,
  type Writing,
} from './writing.ts'

type Seen = { patientId: PatientId; facility: Authority; state: StayState }
type See = (stayId: StayId, actor: Actor, named: readonly string[]) => Promise<Seen | Refused>

/** Who the patient of a stay is, and whose the stay is, said by whoever sees it. */
export function patientDesk(deps: StayDeskDeps, see: See) {
  const { vault, now } = deps

  async function identify(stayId: StayId, body: StayPatientBody, writing: Writing): Promise<Refused | Recorded> {
    const said = await saying(stayId, body, writing)
    if ('refusal' in said) return said
    const { patientId, ipp, identity, flags } = said
    if ((await vault.resolve('patient', ipp)) !== patientId) return refuse('patientMismatch')
    const kept = await keepIdentity(vault, patientId, { identity })
    const messageId = messageIdOf(body, ipp.authority, stayId, 'identify')
    const command = { type: 'ReportIdentity' as const, stayId, messageId, at: now(), identity: kept }
    const result = await deps.handleStay(stayId, command, writing.context)
    return result.accepted ? { flags, position: result.position } : { refusal: result.rejection }
  }

  async function give(stayId: StayId, body: StayPatientBody, writing: Writing) {
    const said = await saying(stayId, body, writing)
    if ('refusal' in said) return said
    const { patientId: fromPatientId, ipp, identity, flags, state } = said
    const patientId = PatientId.parse(await vault.resolveOwner('patient', ipp))
    const about = { stayId, patientId, fromPatientId, messageId: messageIdOf(body, ipp.authority, stayId, 'give') }
    const kept = await keepIdentity(vault, patientId, { identity })
    const result = await moveStay(
      deps,
      { ...about, reportedAt: afterAll(state, now()), identity: kept },
      writing.context,
    )
    return result.accepted ? { patientId, flags, position: result.position } : { refusal: result.rejection }
  }

  async function saying(stayId: StayId, body: StayPatientBody, { actor }: Writing) {
    const seen = await see(stayId, actor, [])
    if ('refusal' in seen) return seen
    if (refusedIns(deps.kind, insSignsOf(body.identity))) return refuse('identityNotAllowedHere')
    const ipp = { authority: seen.facility, number: body.patient.ipp }
    return { ...seen, ipp, ...identityFrom(body.identity, ipp) }
  }

  return { identify, give }
}
