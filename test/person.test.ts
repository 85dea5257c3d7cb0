import { LinkId } from '@relais/contracts/patients'
import { readAck } from '@relais/hl7v2/ack'
import { pamMessage } from '@relais/hl7v2/fixtures'
import { identityMessage } from '@relais/hl7v2/identity-fixtures'
import { startRelais } from '@relais/testkit/relais'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { ask, FACILITY, findPatient, nurse, pathwayOf, tokenFor } from './people.fixture.ts'

// Each step starts a process: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 })

const software = { id: 'ch-essai:gap', role: 'logiciel', organisation: FACILITY }
const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
const Person = z.object({ canonicalId: z.string(), links: z.array(z.object({ linkId: LinkId })) })

test('two numbers of one person: both admitted, merged by the hospital, told apart by a person', async () => {
  const relais = await startRelais()
  const [gap, ward, admissions] = [
    await tokenFor(relais, software),
    await tokenFor(relais, nurse),
    await tokenFor(relais, clerk),
  ]
  const send = async (message: string) => {
    const headers = { authorization: `Bearer ${gap}`, 'content-type': 'application/hl7-v2' }
    const answer = await fetch(new URL('/hl7v2', relais.url), { method: 'POST', headers, body: message })
    expect(readAck(new Uint8Array(await answer.arrayBuffer()))).toMatchObject({ code: 'AA' })
  }
  const idOf = (number: string) => waitUntil(() => findPatient(relais, ward, number), `the patient ${number}`)
  const staysOf = async (id: string) => (await pathwayOf(relais, ward, id)).stays.map(({ stayId }) => stayId)

  await send(pamMessage({ ipp: '1', visit: 'V1', movement: 'M1' }))
  await send(pamMessage({ ipp: '2', visit: 'V2', movement: 'M2' }))
  const [a, b] = [await idOf('1'), await idOf('2')]
  await waitUntil(async () => (await staysOf(a)).length + (await staysOf(b)).length === 2, 'both pathways')
  const before = [await pathwayOf(relais, ward, a), await pathwayOf(relais, ward, b)]

  await send(identityMessage({ trigger: 'A40', ipp: '2', otherIpp: '1', recorded: '20261103100000' }))
  await waitUntil(async () => (await staysOf(a)).length === 2, 'the pathway of the person')
  const whole = await pathwayOf(relais, ward, a)
  expect(whole.patientId).toBe(b)
  expect(await pathwayOf(relais, ward, b)).toEqual(whole)
  expect(await findPatient(relais, ward, '1')).toBe(b)

  const { links } = Person.parse((await ask(relais, admissions, { path: `/patients/${a}/links` })).body)
  const undone = await ask(relais, admissions, {
    method: 'POST',
    path: `/patients/links/${links[0]?.linkId}/undo`,
    body: { motive: 'erreur de rapprochement' },
  })
  expect(undone.status).toBe(204)
  await waitUntil(async () => (await staysOf(a)).length === 1, 'the pathways apart')
  expect([await pathwayOf(relais, ward, a), await pathwayOf(relais, ward, b)]).toEqual(before)
})
