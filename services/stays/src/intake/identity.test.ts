import type { MessageEvent } from '@relais/contracts/messages'
import { ReportedIdentity } from '@relais/contracts/patients'
import { withField } from '@relais/hl7v2/fixtures'
import { identityMessage, type IdentityMessage } from '@relais/hl7v2/identity-fixtures'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'

const here = { address: '10.0.0.1' }
const senders = [senderAt(here.address)]
const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
const body = '2410799000001'

type Given = Parameters<typeof identityMessage>[0]
const send = (stays: Stays, given: Given | string) =>
  stays.send(typeof given === 'string' ? given : identityMessage(given), here)

/** What messages said, without how they came. */
async function said(stays: Stays) {
  const facts = await stays.facts()
  return facts.flatMap(({ event }) => {
    if (!event || event.type === 'MessageQuarantined' || !('authority' in event.data)) return []
    return [{ type: event.type, ...event.data }]
  })
}

const idOf = (stays: Stays, number: string, authority = FACILITY) =>
  stays.adapters.vault.resolve('patient', { authority, number })

async function identityIn(stays: Stays, fact: object | undefined) {
  const { identity } = fact as Extract<MessageEvent, { type: 'IdentityAnnounced' }>['data']
  const document = await stays.adapters.vault.get(identity.documentId)
  if (!document || document === 'forgotten') throw new Error('No identity')
  return { owner: document.owner, ...ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(document.bytes))) }
}

test.each([
  ['A28', { type: 'IdentityAnnounced', announcement: 'created' }, undefined],
  ['A31', { type: 'IdentityAnnounced', announcement: 'updated' }, undefined],
  ['A40', { type: 'MergeReported' }, 'otherId'],
  ['A24', { type: 'LinkReported' }, 'otherId'],
  ['A37', { type: 'UnlinkReported' }, 'otherId'],
  ['A47', { type: 'IdentifiersChanged', insDeleted: false }, 'formerId'],
] as const)('%s is answered once what it says is on record, with the message', async (trigger, fact, names) => {
  const stays = await openStays({ senders })
  const message = identityMessage({ trigger, otherIpp: '900002', controlId: 'C1' })
  expect(await send(stays, message)).toMatchObject({ code: 'AA', controlId: 'C1', errors: [] })
  const [only, ...others] = await said(stays)
  expect(others).toEqual([])
  const patientId = await idOf(stays, '900001')
  const expected = { patientId, keyOwner: patientId, authority: FACILITY, reportedAt: '2026-11-02T09:00:00.000Z' }
  const other = names === undefined ? {} : { [names]: await idOf(stays, '900002') }
  expect(only).toMatchObject({ ...fact, ...expected, ...other, controlId: 'C1', senderId: 'sender-10-0-0-1' })
  const kept = await stays.adapters.vault.get(only?.messageId ?? '')
  expect(kept && kept !== 'forgotten' && new TextDecoder().decode(kept.bytes)).toBe(message)
})

test('an identity is sealed with the key of the patient whom it is of', async () => {
  const stays = await openStays({ senders })
  await send(stays, { trigger: 'A40', otherIpp: '900002' })
  const [fact] = await said(stays)
  expect(await identityIn(stays, fact)).toMatchObject({ owner: fact?.patientId, status: 'qualified' })
})

test('the same message again is answered the same and is one fact', async () => {
  const stays = await openStays({ senders })
  const merge = identityMessage({ trigger: 'A40', otherIpp: '900002' })
  const answers = [await send(stays, merge), await send(stays, merge)]
  expect(answers.map(({ code }) => code)).toEqual(['AA', 'AA'])
  expect(await said(stays)).toHaveLength(1)
})

test('the same control id with other bytes is another message, with a warning', async () => {
  const stays = await openStays({ senders })
  const one = { trigger: 'A31', controlId: 'C1' } as const
  await send(stays, one)
  expect(await send(stays, { ...one, givenName: 'ZOÉLIE' })).toMatchObject({ code: 'AA', errors: [{ severity: 'W' }] })
  expect((await said(stays)).map(({ flags }) => flags)).toEqual([[], [{ code: 'controlIdReused', path: 'MSH-10' }]])
})

test('numbers that nobody knew are known from then on, whoever they are of', async () => {
  const stays = await openStays({ senders })
  await send(stays, { trigger: 'A40', otherIpp: '900002' })
  const merged = await idOf(stays, '900002')
  await send(stays, { trigger: 'A31', ipp: '900002' })
  expect((await said(stays))[1]?.patientId).toBe(merged)
})

test('a deletion of the INS of somebody nobody knew is taken in like any other', async () => {
  const stays = await openStays({ senders })
  const deletion = { trigger: 'A47', deletesIns: true, formerInsBody: body, reliability: 'PROV' } as const
  expect(await send(stays, deletion)).toMatchObject({ code: 'AA' })
  const [fact] = await said(stays)
  expect(fact).toMatchObject({ type: 'IdentifiersChanged', insDeleted: true })
  expect(fact).not.toHaveProperty('formerId')
  expect(await identityIn(stays, fact)).toMatchObject({ status: 'provisional', reliability: ['PROV'] })
  expect(await identityIn(stays, fact)).not.toHaveProperty('ins')
})

test('an INS with a wrong key is a warning, and is left out', async () => {
  const stays = await openStays({ senders })
  const text = identityMessage({ trigger: 'A31', insBody: body }).replace(`${body}82`, `${body}01`)
  expect(await send(stays, text)).toMatchObject({ code: 'AA', errors: [{ path: 'PID-3(2).1', severity: 'W' }] })
  expect(await identityIn(stays, (await said(stays))[0])).not.toHaveProperty('ins')
})

test('what contradicts an earlier message is no reason to refuse the later one', async () => {
  const stays = await openStays({ senders })
  for (const [ipp, otherIpp] of [
    ['1', '2'],
    ['2', '1'],
    ['3', '3'],
  ] as const)
    expect(await send(stays, { trigger: 'A40', ipp, otherIpp })).toMatchObject({ code: 'AA', errors: [] })
  expect(await send(stays, { trigger: 'A37', ipp: '8', otherIpp: '9' })).toMatchObject({ code: 'AA', errors: [] })
  expect(await said(stays)).toHaveLength(4)
})

const foreign = { otherFacility: ELSEWHERE, otherIpp: '7' }
test.each<[string, Given, string]>([
  ['the patient', { trigger: 'A31', facility: ELSEWHERE }, 'PID-3'],
  ['who is given up', { trigger: 'A40', ...foreign }, 'MRG-1'],
  ['the former number', { trigger: 'A47', ...foreign }, 'MRG-1'],
  ['whom the patient is linked with', { trigger: 'A24', ...foreign }, 'PID[2]-3'],
  ['whom the patient is no longer linked with', { trigger: 'A37', ...foreign }, 'PID[2]-3'],
])('a sender speaks for its own numbers only: not where %s is of another establishment', async (_, given, path) => {
  const stays = await openStays({ senders })
  expect(await send(stays, given)).toMatchObject({ code: 'AR', errors: [{ path }] })
  expect((await stays.facts()).map(({ type }) => type)).toEqual(['MessageRefused'])
  expect(await idOf(stays, '7', ELSEWHERE)).toBeUndefined()
})

test.each<[string, Partial<IdentityMessage>]>([
  ['in PID-3', {}],
  ['in MRG-1', { insBody: '', formerInsBody: body }],
])('a demonstration takes no real INS, %s', async (_, given) => {
  const stays = await openStays({ senders })
  // Escaped, so that it does not show in the bytes.
  const message = identityMessage({ trigger: 'A47', otherIpp: '900002', ...given })
  const real = message.replaceAll('1.2.250.1.213.1.4.10', String.raw`1.2.250.1.213.1.4\X2E\8`)
  expect(await send(stays, real)).toMatchObject({ code: 'AR', errors: [{ path: 'PID-3' }] })
  expect((await stays.facts()).map(({ type }) => type)).toEqual(['MessageRefused'])
})

test.each([
  ['a merge that does not say of whom', { trigger: 'A40' }, 'MRG'],
  ['a link of one patient', { trigger: 'A24' }, 'PID[2]-3'],
  ['a message without a control id', { trigger: 'A31', controlId: '' }, 'MSH-10'],
] as const)('%s waits for a person', async (_, given, path) => {
  const stays = await openStays({ senders })
  expect(await send(stays, given)).toMatchObject({ code: 'AE', errors: [{ path }] })
  expect((await stays.facts()).map(({ type }) => type)).toEqual(['MessageQuarantined'])
})

test('a message that waited says what it says once it is repaired and replayed, once', async () => {
  const stays = await openStays({ senders })
  const broken = withField(identityMessage({ trigger: 'A40', otherIpp: '900002' }), 'MRG-1', '')
  await send(stays, broken)
  const id = (await stays.facts())[0]?.routing['messageId'] ?? ''
  const ask = await stays.ask(clerk)
  const edits = [{ op: 'set', path: 'MRG-1', value: '900002^^^CH-ESSAI&990000010&N^PI' }]
  expect((await ask(`/quarantine/${id}/repairs`, { body: { edits } })).body).toEqual({ problems: [] })
  for (const status of [200, 409])
    expect((await ask(`/quarantine/${id}/replays`, { body: { cause: 'person' } })).status).toBe(status)
  expect(await said(stays)).toMatchObject([{ type: 'MergeReported', otherId: await idOf(stays, '900002') }])
  expect((await ask(`/quarantine/${id}`)).body).toMatchObject({
    status: 'resolved',
    history: [{ what: 'quarantined' }, { what: 'repaired' }, { what: 'replayed' }],
  })
  expect(await send(stays, broken)).toMatchObject({ code: 'AA' })
  expect(await said(stays)).toHaveLength(1)
})

test('a repair gives up nobody else’s number than the message did', async () => {
  const stays = await openStays({ senders })
  await send(stays, withField(identityMessage({ trigger: 'A40', otherIpp: '900002' }), 'PID-3', ''))
  const id = (await stays.facts())[0]?.routing['messageId'] ?? ''
  const ask = await stays.ask(clerk)
  const edits = [{ op: 'set', path: 'MRG-1', value: '900003^^^CH-ESSAI&990000010&N^PI' }]
  expect((await ask(`/quarantine/${id}/repairs`, { body: { edits } })).status).toBe(422)
})
