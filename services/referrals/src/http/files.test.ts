import { pdf, polyglot } from '@relais/attachments/files.fixture'
import { DocumentRef } from '@relais/contracts/primitives'
import { ReferralView } from '@relais/contracts/referral-views'
import { person } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import {
  asked,
  colleague,
  gp,
  member,
  nurse,
  openReferrals,
  otherNurse,
  positionIn,
  problemOf,
  request,
  secretary,
  TEAM,
} from '../referrals.fixture.ts'

const referrals = await openReferrals()
const { as, admit, reading, service, tokenFor } = referrals
const stay = await admit()
const [ward, physician, other] = [await as(nurse), await as(gp), await as(colleague)]

type Sender = Parameters<typeof person>[0]
type Sent = { documentId?: string; body?: Buffer; type?: string }

/** Sends a file before the answer that refers to it. */
async function sends(sender: Sender, referralId: string, sent: Sent = {}) {
  const { documentId = crypto.randomUUID(), body = pdf, type = 'application/octet-stream' } = sent
  const answer = await service.app.request(`/referrals/${referralId}/attachments?documentId=${documentId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFor(person(sender))}`, 'content-type': type },
    body: new Uint8Array(body),
  })
  return { status: answer.status, body: await answer.json() }
}
const kept = async (...sending: Parameters<typeof sends>) => DocumentRef.parse((await sends(...sending)).body)

test('who takes over joins a letter to the answer, and who asked reads it by its name', async () => {
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  await physician(`${path}/accept`, { body: {} })
  const document = await kept(gp, referralId)
  const attachments = [{ document, fileName: 'lettre.pdf' }]
  const said = await physician(`${path}/answer`, { body: { answer: 'Holter normal.', attachments } })
  expect(said.status).toBe(204)
  const view = ReferralView.parse((await ward(path, { headers: positionIn(said) })).body)
  expect(view.receivers[0]?.answer?.attachments).toEqual(attachments)
  const file = await (await reading(nurse))(`${path}/documents/${document.documentId}`)
  expect(Object.fromEntries(file.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-length': String(pdf.length),
    'content-disposition': `attachment; filename="lettre.pdf"; filename*=UTF-8''lettre.pdf`,
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
})

test('an advice comes with a file at once, though who the patient is stays unsaid', async () => {
  const advice = { kind: 'advice', identityWithheld: true }
  const { referralId } = await request(ward, asked(stay, advice))
  const document = await kept(gp, referralId)
  const attachments = [{ document, fileName: 'avis.pdf' }]
  const body = { answer: 'Pas d’urgence.', attachments }
  expect((await physician(`/referrals/${referralId}/answer`, { body })).status).toBe(204)
})

test('only who has still to answer keeps a file for it', async () => {
  const unknown = { status: 404, code: 'referralUnknown' }
  const ended = { status: 409, code: 'referralEnded' }
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  expect(problemOf(await sends(colleague, referralId))).toEqual(unknown)
  expect(problemOf(await sends(otherNurse, referralId))).toEqual(unknown)
  expect(problemOf(await sends(gp, crypto.randomUUID()))).toEqual(unknown)
  expect((await sends(gp, referralId)).status).toBe(200)
  await physician(`${path}/redirect`, { body: { to: colleague.id, reason: 'outOfScope' } })
  expect(problemOf(await sends(gp, referralId))).toEqual(ended)
  expect((await sends(colleague, referralId)).status).toBe(200)
  await ward(`${path}/cancel`, { body: { reason: 'mistake' } })
  expect(problemOf(await sends(colleague, referralId))).toEqual(ended)
})

test('a secretary keeps none for the team whose queue he or she sorts', async () => {
  const { referralId } = await request(ward, asked(stay, { receivers: [{ recipient: TEAM }] }))
  expect(problemOf(await sends(secretary, referralId))).toEqual({ status: 403, code: 'careOnly' })
  expect((await sends(member, referralId)).status).toBe(200)
})

test('what is asked comes with its files to who is asked instead, and no more to who named that one', async () => {
  const document = await fileOf(stay.patientId)
  const body = asked(stay, { attachments: [{ document, fileName: 'ecg.pdf' }], receivers: [{ recipient: TEAM }] })
  const { referralId, answer } = await request(ward, body)
  const path = `/referrals/${referralId}`
  const file = `${path}/documents/${document.documentId}`
  const [team, desk] = [await as(member), await as(secretary)]
  const sorted = ReferralView.parse((await desk(path, { headers: positionIn(answer) })).body)
  expect(JSON.stringify(sorted)).not.toMatch(/ecg\.pdf|documentId/)
  expect((await (await reading(secretary))(file)).status).toBe(404)
  expect((await (await reading(member))(file)).status).toBe(200)
  const named = await team(`${path}/redirect`, { body: { to: colleague.id, reason: 'outOfScope' } })
  const view = ReferralView.parse((await other(path, { headers: positionIn(named) })).body)
  expect(view.attachments).toEqual([{ document, fileName: 'ecg.pdf' }])
  expect((await (await reading(colleague))(file)).status).toBe(200)
  expect((await (await reading(member))(file)).status).toBe(404)
  expect(JSON.stringify((await team(path)).body)).not.toContain('ecg.pdf')
})

test('a file in disguise is refused, and sent again it is the same', async () => {
  const { referralId } = await request(ward, asked(stay))
  const refused = await sends(gp, referralId, { body: polyglot, type: 'application/pdf' })
  expect(problemOf(refused)).toEqual({ status: 415, code: 'attachmentRefused' })
  const documentId = crypto.randomUUID()
  const first = await kept(gp, referralId, { documentId })
  expect(await kept(gp, referralId, { documentId })).toEqual(first)
  expect(problemOf(await sends(gp, referralId, { documentId, body: Buffer.from('autre') }))).toEqual({
    status: 409,
    code: 'documentIdReused',
  })
})

test('a file may be larger than other bodies, and no larger than is allowed', async () => {
  const { referralId } = await request(ward, asked(stay))
  const long = (size: number) => Buffer.concat([pdf, Buffer.alloc(size - pdf.length, 'x')])
  expect(await kept(gp, referralId, { body: long(2_000_000) })).toMatchObject({ size: 2_000_000 })
  const tooLarge = { status: 413, code: 'attachmentTooLarge' }
  expect(problemOf(await sends(gp, referralId, { body: long(26_214_401) }))).toEqual(tooLarge)
})

async function fileOf(owner: string) {
  async function* bytes() {
    yield pdf
  }
  const upload = { owner, documentId: crypto.randomUUID(), mediaType: 'application/pdf', bytes: bytes() }
  return (await referrals.adapters.vault.putStream(upload)).ref
}
