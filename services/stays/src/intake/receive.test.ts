import { ReportedIdentity } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import { type PamMessage, pamBytes, pamMessage, withField } from '@relais/hl7v2/fixtures'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, loopback, openStays, senderAt, type Stays } from '../stays.fixture.ts'

const known = { address: '10.0.0.1' }
const sender = senderAt(known.address)

/** What was recorded of stays and messages, by name. */
const types = async (stays: Stays) => (await stays.facts()).map(({ type }) => type)
const firstOf = async <Type extends StayEvent['type']>(stays: Stays, type: Type) => {
  const found = (await stays.facts()).find(({ event }) => event?.type === type)?.event
  return found as Extract<StayEvent, { type: Type }>
}

async function identityIn(stays: Stays): Promise<ReportedIdentity> {
  const { data } = await firstOf(stays, 'IdentityReported')
  const document = await stays.adapters.vault.get(data.identity.documentId)
  if (document === undefined || document === 'forgotten') throw new Error('No identity is kept')
  return ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(document.bytes)))
}

test('an admission is acknowledged under its control id, and in the log by then', async () => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send({ controlId: 'MSG-0001' }, known)
  expect(ack).toMatchObject({ code: 'AA', controlId: 'MSG-0001', errors: [] })
  expect(await types(stays)).toEqual(['PatientAdmitted', 'IdentityReported', 'StandingChanged'])
})

test.each([
  ['A01', 'PatientAdmitted'],
  ['A04', 'PatientRegistered'],
  ['A05', 'PatientPreadmitted'],
] as const)('%s opens a stay as %s', async (trigger, type) => {
  const stays = await openStays({ senders: [sender] })
  expect(await stays.send({ trigger }, known)).toMatchObject({ code: 'AA', errors: [] })
  expect(await types(stays)).toEqual([type, 'IdentityReported', 'StandingChanged'])
})

test.each([
  ['A02', 'PatientTransferred'],
  ['A03', 'PatientDischarged'],
] as const)('%s of a stay nobody announced is taken in, with a warning', async (trigger, type) => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send({ trigger }, known)
  expect(ack).toMatchObject({ code: 'AA', errors: [{ path: 'ZBE-1', severity: 'W', condition: '204' }] })
  expect((await firstOf(stays, type)).data.flags).toEqual([{ code: 'admissionMissing', path: 'ZBE-1' }])
})

test('a discharge sent again is answered as the first time, and is one fact', async () => {
  const stays = await openStays({ senders: [sender] })
  const acks = []
  for (let time = 0; time < 3; time += 1) acks.push(await stays.send({ trigger: 'A03', ward: '9999' }, known))
  expect(acks.map(({ code, errors }) => ({ code, errors }))).toEqual(
    Array.from({ length: 3 }, () => ({
      code: 'AA',
      errors: [
        expect.objectContaining({ path: 'ZBE-7.10', severity: 'W' }),
        expect.objectContaining({ path: 'ZBE-8.10', severity: 'W' }),
        expect.objectContaining({ path: 'ZBE-1', severity: 'W' }),
      ],
    })),
  )
  expect(await types(stays)).toEqual(['PatientDischarged', 'IdentityReported', 'StandingChanged'])
})

test('the same message sent several times at once is one fact', async () => {
  const stays = await openStays({ senders: [sender] })
  const acks = await Promise.all(Array.from({ length: 8 }, () => stays.send({}, known)))
  expect(acks.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 'AA'))
  expect(await types(stays)).toEqual(['PatientAdmitted', 'IdentityReported', 'StandingChanged'])
})

test('a message refused by its content is answered alike each time, and is kept once', async () => {
  const stays = await openStays({ senders: [sender] })
  const message = withField(pamMessage(), 'ZBE-4', '')
  const acks = [await stays.send(message, known), await stays.send(message, known)]
  for (const ack of acks) expect(ack).toMatchObject({ code: 'AE', errors: [{ path: 'ZBE-4', severity: 'E' }] })
  expect(await types(stays)).toEqual(['MessageQuarantined'])
})

test('another message under a control id that came before is taken in and flagged, each time it is sent', async () => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({ controlId: 'MSG-1' }, known)
  const transfer = { trigger: 'A02', movement: 'M2', controlId: 'MSG-1', effective: '20261102120000' }
  for (let time = 0; time < 2; time += 1) {
    const ack = await stays.send(transfer, known)
    expect(ack).toMatchObject({ code: 'AA', controlId: 'MSG-1', errors: [{ path: 'MSH-10', condition: '205' }] })
  }
  expect((await firstOf(stays, 'PatientTransferred')).data.flags).toEqual([{ code: 'controlIdReused', path: 'MSH-10' }])
  expect(await stays.send({ controlId: 'MSG-1' }, known)).toMatchObject({ code: 'AA', errors: [] })
  expect(await types(stays)).toEqual(['PatientAdmitted', 'IdentityReported', 'StandingChanged', 'PatientTransferred'])
})

test('two senders may use the same control id', async () => {
  const other = { address: '10.0.0.2' }
  const stays = await openStays({ senders: [sender, senderAt(other.address)] })
  await stays.send({ controlId: 'MSG-1' }, known)
  const ack = await stays.send({ controlId: 'MSG-1', movement: 'M2', visit: 'V2' }, other)
  expect(ack).toMatchObject({ code: 'AA', errors: [] })
})

test.each([
  ['whose key is wrong', (text: string) => text.replace(/(\d{13})\d\d(\^\^\^ASIP)/, '$100$2'), 'PID-3(2).1'],
  ['of an identity that is not validated', (text: string) => withField(text, 'PID-32', 'PROV'), 'PID-32'],
  ['without any reliability', (text: string) => withField(text, 'PID-32', ''), 'PID-32'],
  ['under an OID that is none', (text: string) => text.replace('213.1.4.10', '213.1.4.5'), 'PID-3(2).4.2'],
])('an INS %s is left out, and the sender is told', async (_, change, path) => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send(change(pamMessage()), known)
  expect(ack).toMatchObject({ code: 'AA', errors: [{ path, severity: 'W' }] })
  expect(ack.errors).toHaveLength(1)
  const identity = await identityIn(stays)
  expect(identity.ins).toBeUndefined()
  expect(identity.birthName).toBe('TEST-ÉGLANTINE')
})

test('a qualified identity is kept with its INS', async () => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({}, known)
  expect(await identityIn(stays)).toMatchObject({
    status: 'qualified',
    ins: { matricule: expect.stringMatching(/^2410799000001\d\d$/), oid: '1.2.250.1.213.1.4.10' },
  })
})

test.each(['8859/15', '8859/1', 'UNICODE UTF-8'])('names survive %s', async (charset) => {
  const stays = await openStays({ senders: [sender] })
  const familyName = charset === '8859/1' ? 'TEST-ÉGLANTINE-ÇÀ' : 'TEST-ŒILLET-Ÿ-ÉÇ'
  expect(await stays.send({ charset, familyName, givenName: 'ANAËLLE' }, known)).toMatchObject({ errors: [] })
  expect(await identityIn(stays)).toMatchObject({ birthName: familyName, givenName: 'ANAËLLE' })
})

test('bytes that are not in the announced character set wait in quarantine', async () => {
  const stays = await openStays({ senders: [sender] })
  const latin = Buffer.from(pamMessage({ charset: 'UNICODE UTF-8' }), 'latin1')
  const ack = await stays.send(new Uint8Array(latin), known)
  expect(ack).toMatchObject({ code: 'AE', errors: [{ path: 'MSH-18', severity: 'E' }] })
  expect(await types(stays)).toEqual(['MessageQuarantined'])
})

test.each(['A08', 'A09', 'A10'])('%s is not handled yet: it waits', async (trigger) => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send({ trigger }, known)
  expect(ack).toMatchObject({ code: 'AE', errors: [{ path: 'MSH-9', condition: '201', severity: 'E' }] })
  expect(await types(stays)).toEqual(['MessageQuarantined'])
})

test('a sender that stops at the first AE is answered AA, and is told all the same', async () => {
  const stays = await openStays({ senders: [{ ...sender, quarantineAnswer: 'AA' }] })
  const ack = await stays.send({ trigger: 'A09' }, known)
  expect(ack).toMatchObject({ code: 'AA', errors: [{ path: 'MSH-9', severity: 'E' }] })
  expect(await types(stays)).toEqual(['MessageQuarantined'])
})

test.each(['A99', 'Z01', 'A43'])('%s is an event we do not know: it is ignored, and on record', async (trigger) => {
  const stays = await openStays({ senders: [sender] })
  expect(await stays.send({ trigger }, known)).toMatchObject({ code: 'AA', errors: [] })
  expect(await types(stays)).toEqual(['MessageIgnored'])
})

test('a message that is no ADT is ignored, and on record', async () => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send(withField(pamMessage(), 'MSH-9', 'ORU^R01^ORU_R01'), known)
  expect(ack).toMatchObject({ code: 'AA', errors: [] })
  expect(await types(stays)).toEqual(['MessageIgnored'])
})

test.each<[string, Partial<PamMessage>, string[]]>([
  ['a ward that nobody configured', { ward: '9999' }, ['ZBE-7.10', 'ZBE-8.10']],
  ['a facility that nobody configured, once', { facility: ELSEWHERE }, ['ZBE-7.6']],
  ['a FINESS with the wrong key', { facility: '990000011' }, ['ZBE-7.6']],
])('%s is a warning', async (_, given, paths) => {
  const anywhere = { ...sender, authorities: '*' as const, facilities: ['990000011'] }
  const stays = await openStays({ senders: [given.facility ? anywhere : sender] })
  const ack = await stays.send(given, known)
  expect(ack.code).toBe('AA')
  expect(ack.errors.map(({ path, severity }) => [path, severity])).toEqual(paths.map((path) => [path, 'W']))
  expect(await types(stays)).toEqual(['PatientAdmitted', 'IdentityReported', 'StandingChanged'])
})

test('whoever is not configured is answered AR, and nothing is kept', async () => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send({ controlId: 'MSG-9' }, { address: '10.0.0.99' })
  expect(ack).toMatchObject({ code: 'AR', controlId: 'MSG-9', errors: [{ path: 'MSH-3', severity: 'E' }] })
  expect(await types(stays)).toEqual([])
  expect(await kept(stays)).toBe(0)
})

test.each<[string, string, string]>([
  ['a patient', 'PID-3', `900001^^^AILLEURS&${ELSEWHERE}&N^PI`],
  ['a stay', 'PV1-19', `V900001^^^AILLEURS&${ELSEWHERE}&N^VN`],
])('a sender that speaks of %s for another authority is answered AR, and nothing is kept', async (_, path, value) => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send(withField(pamMessage(), path, value), known)
  expect(ack).toMatchObject({ code: 'AR', errors: [{ path, severity: 'E' }] })
  expect(await types(stays)).toEqual(['MessageRefused'])
  expect(await kept(stays)).toBe(0)
})

test.each<[string, string | Uint8Array, string]>([
  ['an empty message', '', 'MSH'],
  ['no HL7 at all', 'GET / HTTP/1.1\r\nHost: relais\r\n\r\n', 'MSH'],
  ['bytes', Uint8Array.from({ length: 300 }, (_, index) => index % 256), 'MSH'],
  ['a header alone', pamMessage().split('\r')[0] ?? '', 'EVN'],
  ['a line that is no segment', pamMessage().replace('PV1|', 'bonjour\rPV1|'), 'PID'],
  ['no control id', withField(pamMessage(), 'MSH-10', ''), 'MSH-10'],
  ['no control id, and more that is missing', withField(withField(pamMessage(), 'MSH-10', ''), 'ZBE-4', ''), 'MSH-10'],
  ['a movement without its time', withField(pamMessage(), 'ZBE-2', ''), 'ZBE-2'],
  ['a time that is none', withField(pamMessage(), 'ZBE-2', '20261345'), 'ZBE-2'],
  ['no IPP', withField(pamMessage(), 'PID-3', ''), 'PID-3'],
  ['no visit number', withField(pamMessage(), 'PV1-19', ''), 'PV1-19.1'],
  ['a field shifted by one', withField(pamMessage(), 'ZBE-3', 'INSERT'), 'ZBE-3'],
  ['no ZBE', pamMessage().replace(/ZBE[^\r]*\r/, ''), 'ZBE'],
])('%s is quarantined and answered AE, which says where', async (_, message, path) => {
  const stays = await openStays({ senders: [sender] })
  const ack = await stays.send(message, known)
  expect(ack.code).toBe('AE')
  expect(ack.errors[0]).toMatchObject({ path, severity: 'E' })
  expect(ack.errors[0]?.text).toMatch(/[a-z ]{10}/)
  expect(await types(stays)).toEqual(['MessageQuarantined'])
  expect(await kept(stays)).toBe(1)
})

test('another patient under a known visit number waits for a person', async () => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({}, known)
  const ack = await stays.send({ trigger: 'A02', movement: 'M2', ipp: '900777', effective: '20261102110000' }, known)
  expect(ack).toMatchObject({ code: 'AE', errors: [{ path: 'PID-3', condition: '204' }] })
  expect(await types(stays)).toEqual(['PatientAdmitted', 'IdentityReported', 'StandingChanged', 'MessageQuarantined'])
})

test('two patients under one visit number at once: one is recorded, the other waits', async () => {
  const stays = await openStays({ senders: [sender] })
  const acks = await Promise.all(['900001', '900002'].map((ipp) => stays.send({ ipp, movement: `M${ipp}` }, known)))
  expect(acks.map(({ code }) => code).toSorted()).toEqual(['AA', 'AE'])
  expect((await types(stays)).toSorted()).toEqual([
    'IdentityReported',
    'MessageQuarantined',
    'PatientAdmitted',
    'StandingChanged',
  ])
})

test('a movement told afterwards says so, and which ward the patient left then', async () => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({}, known)
  await stays.send({ trigger: 'A02', movement: 'M3', ward: '4103', effective: '20261102180000' }, known)
  const late = { trigger: 'A02', movement: 'M2', ward: '4102', effective: '20261102140000', historic: 'Y' as const }
  await stays.send({ ...late, recorded: '20261102190000' }, known)
  const facts = (await stays.facts()).flatMap(({ event }) => (event?.type === 'PatientTransferred' ? [event.data] : []))
  expect(facts.map(({ movement, leaving }) => [movement.source.number, movement.historic, leaving[0]?.code])).toEqual([
    ['M3', false, '4101'],
    ['M2', true, '4101'],
  ])
})

test('a correction older than what it corrects changes nothing, and the sender is told', async () => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({ recorded: '20261102120000' }, known)
  const older = { trigger: 'Z99', ward: '4102', recorded: '20261102110000' }
  const ack = await stays.send({ ...older, controlId: 'OLD' }, known)
  expect(ack).toMatchObject({ code: 'AA', errors: [{ path: 'EVN-2', severity: 'W' }] })
  const { data } = await firstOf(stays, 'MovementCorrected')
  expect(data).toMatchObject({ changed: [], movement: { medicalWard: { code: '4101' } }, leaving: [] })
})

test('a correction names what it changes and which ward it takes the patient from', async () => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({}, known)
  expect(await stays.send({ trigger: 'Z99', ward: '4102', recorded: '20261102110000' }, known)).toMatchObject({
    code: 'AA',
    errors: [],
  })
  expect((await firstOf(stays, 'MovementCorrected')).data).toMatchObject({
    kind: 'admission',
    changed: ['medicalWard', 'careWard'],
    leaving: [{ facility: FACILITY, code: '4101' }],
  })
})

test.each<[string, Partial<PamMessage>]>([
  ['an admission', { trigger: 'A11' }],
  ['a correction of it', { trigger: 'Z99', recorded: '20261102110000', ward: '4102' }],
])('once a movement is withdrawn, %s changes nothing of it', async (_, message) => {
  const stays = await openStays({ senders: [sender] })
  await stays.send({}, known)
  await stays.send({ trigger: 'A11' }, known)
  const ack = await stays.send({ ...message, controlId: 'AGAIN' }, known)
  expect(ack.code).toBe('AA')
  const withdrawals = (await types(stays)).filter((type) => type === 'MovementWithdrawn')
  expect(withdrawals).toHaveLength(1)
})

test('a demonstration refuses a production message and a real INS, and keeps nothing of them', async () => {
  const stays = await openStays()
  const refused = [
    pamMessage({ processingId: 'P' }),
    withField(pamMessage(), 'MSH-11', 'P^T'),
    pamMessage({ insOid: '1.2.250.1.213.1.4.8' }),
    pamMessage({ insOid: '1.2.250.1.213.1.4.9' }),
    pamMessage({ insOid: '1.2.250.1.213.1.4.8' }).replace(/EVN[^\r]*\r/, ''),
    withField(pamMessage({ trigger: 'A99' }), 'PID-3', '1^^^X&1.2.250.1.213.1.4.8&ISO^NH'),
  ]
  for (const message of refused) {
    const ack = await stays.send(message)
    expect(ack).toMatchObject({ code: 'AR', errors: [{ condition: expect.stringMatching(/202/), severity: 'E' }] })
    expect(ack.errors[0]?.path).toMatch(/^(MSH-11|PID-3)$/)
  }
  expect(new Set(await types(stays))).toEqual(new Set(['MessageRefused']))
  expect(await kept(stays)).toBe(0)
  expect(await stays.send({})).toMatchObject({ code: 'AA' })
})

test('production refuses test messages and test identities, and keeps nothing of them', async () => {
  const stays = await openStays({ mode: 'production', senders: [sender] })
  const real = { processingId: 'P', insBody: '' } as const
  const refused = [
    pamMessage({ ...real, processingId: 'T' }),
    pamMessage({ ...real, processingId: 'D' }),
    withField(pamMessage(real), 'MSH-11', ''),
    pamMessage({ ...real, insBody: '2410799000001', insOid: '1.2.250.1.213.1.4.10' }),
    pamMessage({ ...real, insBody: '2410799000001', insOid: '1.2.250.1.213.1.4.11' }),
    pamMessage({ ...real, reliability: 'VALI~FICT' }),
  ]
  for (const message of refused) expect(await stays.send(message, known)).toMatchObject({ code: 'AR' })
  expect(new Set(await types(stays))).toEqual(new Set(['MessageRefused']))
  expect(await kept(stays)).toBe(0)
  expect(await stays.send(real, known)).toMatchObject({ code: 'AA', errors: [] })
  expect(await stays.send('no HL7 at all', known)).toMatchObject({ code: 'AE', errors: [{ path: 'MSH' }] })
})

test('in a demonstration whatever comes from this machine is listened to, and nobody else', async () => {
  const stays = await openStays()
  expect(await stays.send(pamBytes({}), loopback)).toMatchObject({ code: 'AA' })
  expect(await stays.send({}, { address: '192.168.1.4' })).toMatchObject({ code: 'AR' })
})

/** How many documents the vault holds. */
async function kept({ adapters }: Stays): Promise<number> {
  const { db, close } = await adapters.openViews<{ document: { document_id: string } }>('vault')
  const { length } = await db.selectFrom('document').select('document_id').execute()
  await close()
  return length
}

test.each(['facility', 'ward'])('a sender puts nobody into the %s of another establishment', async (place) => {
  const other = senderAt('10.0.0.2', { authorities: [{ id: ELSEWHERE }] })
  const stays = await openStays({ senders: [sender, other] })
  const unit = `Médecine B^^^^^CH-AILLEURS&${ELSEWHERE}&N^UF^^^5101`
  const message =
    place === 'ward'
      ? withField(pamMessage(), 'ZBE-7', unit)
      : withField(
          withField(withField(pamMessage(), 'ZBE-7', ''), 'ZBE-8', ''),
          'PV1-3',
          `^12^2^CH-AILLEURS&${ELSEWHERE}&N`,
        )
  expect(await stays.send(message, known)).toMatchObject({ code: 'AR', errors: [{ severity: 'E' }] })
  expect(await types(stays)).toEqual(['MessageRefused'])
})

test.each([
  ['an INS', 'PID-3', `900001^^^CH-ESSAI&${FACILITY}&N^PI~241079900000182^^^X&1.2.250.1.213.1.4.\\X38\\&ISO^INS`],
  ['a processing id', 'MSH-11', '\\X50\\'],
])('an escape hides no real identity: %s', async (_, path, value) => {
  const stays = await openStays({ senders: [sender] })
  expect(await stays.send(withField(pamMessage(), path, value), known)).toMatchObject({ code: 'AR' })
  expect(await types(stays)).toEqual(['MessageRefused'])
})

test('a message that was repaired and replayed is answered AA when its sender sends it again', async () => {
  const stays = await openStays({ senders: [sender] })
  const broken = pamMessage({ trigger: 'A03', controlId: 'SHIFTED' }).replace('||INSERT', '|||INSERT')
  expect(await stays.send(broken, known)).toMatchObject({ code: 'AE' })
  const messageId = (await stays.facts())[0]?.routing['messageId'] ?? ''
  const ask = await stays.ask({ id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY })
  await ask(`/quarantine/${messageId}/repairs`, { body: { edits: [{ op: 'removeField', path: 'ZBE-3' }] } })
  await ask(`/quarantine/${messageId}/replays`, { body: { cause: 'person' } })
  expect(await stays.send(broken, known)).toMatchObject({ code: 'AA' })
})

test('a message kept one day and sent again the next can be read as long as any other', async () => {
  const stays = await openStays({ senders: [sender] })
  const unreadable = pamMessage({ controlId: 'LATE' }).replace(/PV1[^\r]*\r/, '')
  stays.clock.now = '2026-11-03T23:59:50.000Z'
  const owner = 'sender:sender-10-0-0-1:2026-11-03'
  const label = JSON.stringify(['message', 'sender-10-0-0-1', 'GAP-ESSAI', `CH-ESSAI^${FACILITY}^N`, 'LATE'])
  await stays.adapters.vault.put({ owner, mediaType: 'application/hl7-v2', bytes: Buffer.from(unreadable), label })
  stays.clock.now = '2026-11-04T00:00:10.000Z'
  expect(await stays.send(unreadable, known)).toMatchObject({ code: 'AE' })
  expect((await stays.facts())[0]?.routing['keyOwner']).toBe(owner)
})
