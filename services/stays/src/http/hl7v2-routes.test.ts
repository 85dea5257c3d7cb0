import { readAck } from '@relais/hl7v2/ack'
import { type PamMessage, pamBytes } from '@relais/hl7v2/fixtures'
import { person } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import { bytesOf, ELSEWHERE, FACILITY, openStays, type Stays } from '../stays.fixture.ts'

const software = { id: 'logiciel:gap', role: 'logiciel', organisation: FACILITY }

type Posted = { as?: Parameters<typeof person>[0]; type?: string | undefined }

async function post(stays: Stays, message: Partial<PamMessage> | string, { as = software, ...given }: Posted = {}) {
  const type = 'type' in given ? given.type : 'application/hl7-v2'
  const token = await stays.tokenFor(person(as))
  const response = await stays.service.app.request('/hl7v2', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) },
    body: new Uint8Array(bytesOf(message)),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const ack = readAck(bytes) ?? { code: '', controlId: '', errors: [] }
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    ack,
    text: new TextDecoder().decode(bytes),
  }
}

test('a message posted is acknowledged as over MLLP, with status 200 whatever the answer', async () => {
  const stays = await openStays()
  expect(await post(stays, { controlId: 'H1' })).toMatchObject({
    status: 200,
    type: 'application/hl7-v2',
    ack: { code: 'AA', controlId: 'H1', errors: [] },
  })
  expect(await post(stays, { trigger: 'A09', controlId: 'H2' })).toMatchObject({
    status: 200,
    ack: { code: 'AE', controlId: 'H2', errors: [{ path: 'MSH-9' }] },
  })
  expect(await post(stays, { processingId: 'P' })).toMatchObject({
    status: 200,
    ack: { code: 'AR', errors: [{ path: 'MSH-11' }] },
  })
})

test('the same message posted twice is one fact', async () => {
  const stays = await openStays()
  const answers = [await post(stays, {}), await post(stays, {})]
  expect(answers.map(({ ack }) => ack)).toEqual([answers[0]?.ack, answers[0]?.ack])
  expect((await stays.facts()).map(({ type }) => type)).toEqual([
    'PatientAdmitted',
    'IdentityReported',
    'StandingChanged',
  ])
})

test('the bytes are taken as they are, in the character set that MSH-18 names', async () => {
  const stays = await openStays()
  const answer = await post(stays, { charset: '8859/15', familyName: 'TEST-ŒILLET' })
  expect(answer.ack).toMatchObject({ code: 'AA', errors: [] })
  const [admitted] = await stays.facts()
  const raw = await stays.adapters.vault.get(admitted?.routing['messageId'] ?? '')
  expect(raw).toMatchObject({ bytes: Buffer.from(pamBytes({ charset: '8859/15', familyName: 'TEST-ŒILLET' })) })
})

test.each<[string, Posted['as']]>([
  ['for another organisation than the message’s', { ...software, organisation: ELSEWHERE }],
  ['for no organisation', { ...software, organisation: undefined }],
])('a caller who speaks %s is answered AR, and nothing is kept', async (_, as) => {
  const stays = await openStays()
  expect(await post(stays, {}, { as: as ?? {} })).toMatchObject({ status: 200, ack: { code: 'AR' } })
  const isKnown = as !== undefined && as.organisation !== undefined
  expect((await stays.facts()).map(({ type }) => type)).toEqual(isKnown ? ['MessageRefused'] : [])
})

test('without a token the answer is a problem', async () => {
  const stays = await openStays()
  const asked = { method: 'POST', body: 'x', headers: { 'content-type': 'application/hl7-v2' } }
  const response = await stays.service.app.request('/hl7v2', asked)
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ type: 'urn:relais:problem:tokenMissing' })
})

test.each<[string, Posted, number, string]>([
  ['no right to send', { as: { ...software, scopes: ['pathway:read'] } }, 403, 'scopeMissing'],
  ['another media type', { type: 'text/plain' }, 415, 'unsupportedMediaType'],
  ['no media type', { type: undefined }, 415, 'unsupportedMediaType'],
])('with %s the answer is a problem, and nothing is kept', async (_, posted, status, code) => {
  const stays = await openStays()
  const answer = await post(stays, {}, posted)
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.text)).toMatchObject({ type: `urn:relais:problem:${code}`, status })
  expect(await stays.facts()).toEqual([])
})

test('a request without a body is refused', async () => {
  const stays = await openStays()
  const headers = {
    authorization: `Bearer ${await stays.tokenFor(person(software))}`,
    'content-type': 'application/hl7-v2',
  }
  expect((await stays.service.app.request('/hl7v2', { method: 'POST', headers })).status).toBe(400)
  expect(await stays.facts()).toEqual([])
})
