import { expect } from 'vitest'
import { z } from 'zod'
import { FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Answer = Awaited<ReturnType<Awaited<ReturnType<Stays['ask']>>>>

export const here = { address: '10.0.0.1' }
const scopes = ['stay:write']
export const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'], scopes }
export const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY, scopes }
export const unknown = '00000000-0000-4000-8000-000000000000'
export const at = (time: string) => `2026-11-02T${time}:00.000Z`

let requests = 0
export const requestId = () => `00000000-0000-4000-9000-${String((requests += 1)).padStart(12, '0')}`

export const identity = {
  birthName: 'TEST-ÉGLANTINE',
  givenName: 'ZOÉ',
  birthDate: '1941-07-09',
  sex: 'F',
  reliability: ['PROV'],
}
export const admission = {
  kind: 'admission',
  effectiveAt: at('09:00'),
  patientClass: 'I',
  careWard: { code: '4101', label: 'Cardiologie' },
}
export const opening = () => ({
  requestId: requestId(),
  patient: { ipp: '900001' },
  identity,
  visitNumber: `W${requests}`,
  movement: { ...admission, room: '12', bed: 'A' },
})

const Problem = z.object({ type: z.string().optional() })
export const problemOf = ({ status, body }: Answer) => {
  const { type } = Problem.parse(body)
  return { status, code: type?.replace('urn:relais:problem:', '') }
}

const Opened = z.object({ stayId: z.string(), movementId: z.string(), patientId: z.string() })
const Read = z.object({ standing: z.unknown() })

/** A nurse who writes for a ward without a feed. */
export async function openWard() {
  const stays = await openStays({ senders: [senderAt(here.address)] })
  const ask = await stays.ask(nurse)

  async function opened(details: object = {}) {
    const answer = await ask('/stays', { body: { ...opening(), ...details } })
    expect(answer.status).toBe(201)
    return Opened.parse(answer.body)
  }
  const moving = (stayId: string, movement: object, details: object = {}) =>
    ask(`/stays/${stayId}/movements`, { body: { requestId: requestId(), movement, ...details } })
  const standingOf = async (stayId: string) => Read.parse((await ask(`/stays/${stayId}`)).body).standing
  const factsOf = async (stayId: string) => (await stays.facts()).filter(({ routing }) => routing['stayId'] === stayId)
  return { stays, ask, opened, moving, standingOf, factsOf }
}
