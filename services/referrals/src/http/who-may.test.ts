import { ReferralView } from '@relais/contracts/referral-views'
import { moved, newStay } from '@relais/runtime/stay-facts.fixture'
import { stood } from '@relais/runtime/standing-facts.fixture'
import { StayEvent } from '@relais/contracts/stays'
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
const { as, admit, reading } = referrals
const stay = await admit()
const [ward, otherWard, physician, other] = [await as(nurse), await as(otherNurse), await as(gp), await as(colleague)]
const viewOf = ({ body }: { body: unknown }) => ReferralView.parse(body)

test('of two GPs who accept at once, one does, and the other is told that another one has', async () => {
  const both = asked(stay, { receivers: [{ recipient: gp.id }, { recipient: colleague.id }] })
  const { referralId } = await request(ward, both)
  const path = `/referrals/${referralId}/accept`
  const answers = await Promise.all([physician(path, { body: {} }), other(path, { body: {} })])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 409]))
  const refused = answers.find(({ status }) => status === 409)
  expect(refused && problemOf(refused)).toEqual({ status: 409, code: 'acceptedByAnother' })
  const accepted = (await referrals.facts(referralId)).filter(({ type }) => type === 'ReferralAccepted')
  expect(accepted).toHaveLength(1)
})

test('nobody asks about a patient, or about a stay, that is not theirs to see', async () => {
  for (const stranger of [otherWard, physician])
    expect(problemOf((await request(stranger, asked(stay))).answer)).toEqual({ status: 404, code: 'patientUnknown' })
  const elsewhere = await admit()
  const mixed = asked({ ...stay, stayId: elsewhere.stayId })
  expect(problemOf((await request(ward, mixed)).answer)).toEqual({ status: 404, code: 'stayUnknown' })
})

test('a stay that nobody outside may learn of is not named', async () => {
  const hidden = await admit()
  const data = {
    ...hidden,
    confidential: true,
    reason: 'patientRequest',
    changedAt: referrals.clock.now,
    wards: [],
  }
  await referrals.tell(StayEvent.parse({ type: 'ConfidentialityChanged', data }))
  expect(problemOf((await request(ward, asked(hidden))).answer)).toEqual({ status: 422, code: 'stayConfidential' })
  const { stayId: _, ...unnamed } = asked(hidden)
  expect((await request(ward, unnamed)).answer.status).toBe(204)
})

test('whoever is no party is answered as if there was no such referral', async () => {
  const { referralId, answer } = await request(ward, asked(stay))
  for (const id of [referralId, crypto.randomUUID()]) {
    for (const ask of [other, otherWard]) {
      const path = `/referrals/${id}`
      expect(problemOf(await ask(path, { headers: positionIn(answer) }))).toEqual({
        status: 404,
        code: 'referralUnknown',
      })
      expect(problemOf(await ask(`${path}/accept`, { body: {} }))).toEqual({ status: 404, code: 'referralUnknown' })
      expect(problemOf(await ask(`${path}/close`, { body: {} }))).toEqual({ status: 404, code: 'referralUnknown' })
    }
  }
})

test('each party says what is theirs to say', async () => {
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  expect(problemOf(await physician(`${path}/close`, { body: {} }))).toEqual({ status: 403, code: 'requesterOnly' })
  expect(problemOf(await ward(`${path}/accept`, { body: {} }))).toEqual({ status: 403, code: 'receiverOnly' })
})

test('a colleague of the same ward may close what another one asked', async () => {
  const { referralId } = await request(ward, asked(stay))
  const next = await as({ ...nurse, id: 'rpps:10100000003' })
  expect((await next(`/referrals/${referralId}/close`, { body: {} })).status).toBe(204)
})

test('who the patient is stays unsaid until the acceptance, and what is attached too', async () => {
  const owner = stay.patientId
  const documentId = crypto.randomUUID()
  const bytes = (async function* () {
    yield new TextEncoder().encode('ECG')
  })()
  const { ref } = await referrals.adapters.vault.putStream({ owner, documentId, mediaType: 'application/pdf', bytes })
  const { referralId, answer } = await request(
    ward,
    asked(stay, { identityWithheld: true, attachments: [{ document: ref, fileName: 'ecg.pdf' }] }),
  )
  expect(answer.status).toBe(204)
  const path = `/referrals/${referralId}`
  const before = viewOf(await physician(path, { headers: positionIn(answer) }))
  expect(before).toMatchObject({ title: 'Cardiologie', identityWithheld: true, question: { size: 34 } })
  expect(before).not.toHaveProperty('patientId')
  expect(before).not.toHaveProperty('stayId')
  expect(before).not.toHaveProperty('attachments')
  const read = await reading(gp)
  expect((await read(`${path}/documents/${documentId}`)).status).toBe(404)
  const list = await physician('/referrals?box=received')
  expect(JSON.stringify(list.body)).toContain(referralId)
  expect(JSON.stringify(itemOf(list.body, referralId))).not.toContain(stay.patientId)

  const accepted = await physician(`${path}/accept`, { body: {} })
  const after = viewOf(await physician(path, { headers: positionIn(accepted) }))
  expect(after).toMatchObject({ ...stay, attachments: [{ fileName: 'ecg.pdf' }] })
  const file = await read(`${path}/documents/${documentId}`)
  expect([file.status, file.body, file.headers.get('content-disposition')]).toEqual([
    200,
    'ECG',
    expect.stringContaining('ecg.pdf'),
  ])
  expect(itemOf((await physician('/referrals?box=received')).body, referralId)).toMatchObject(stay)
})

function itemOf(body: unknown, referralId: string) {
  const { items } = body as { items: { referralId: string }[] }
  return items.find((item) => item.referralId === referralId)
}

test('what is attached is of this patient', async () => {
  const owner = (await admit(newStay())).patientId
  const file = (documentId: string) => ({
    owner,
    documentId,
    mediaType: 'application/pdf',
    bytes: (async function* () {
      yield new Uint8Array([1])
    })(),
  })
  const { ref } = await referrals.adapters.vault.putStream(file(crypto.randomUUID()))
  for (const document of [ref, { ...ref, documentId: crypto.randomUUID() }]) {
    const body = asked(stay, { attachments: [{ document, fileName: 'ecg.pdf' }] })
    expect(problemOf((await request(ward, body)).answer)).toEqual({ status: 422, code: 'attachmentUnknown' })
  }
})

test('what is attached is called what it is', async () => {
  const owner = stay.patientId
  const bytes = (async function* () {
    yield new Uint8Array([1])
  })()
  const upload = { owner, documentId: crypto.randomUUID(), mediaType: 'application/pdf', bytes }
  const { ref: document } = await referrals.adapters.vault.putStream(upload)
  const asking = (fileName: string) => request(ward, asked(stay, { attachments: [{ document, fileName }] }))
  const { referralId, answer } = await asking('ecg.pdf.exe')
  expect(problemOf(answer)).toEqual({ status: 422, code: 'fileNameMisleading' })
  expect(await referrals.facts(referralId)).toEqual([])
  expect((await asking('ecg.pdf')).answer.status).toBe(204)
})

test('a secretary sorts the queue of a team, and reads nothing of what it says', async () => {
  const desk = await as(secretary)
  const { referralId, answer } = await request(ward, asked(stay, { receivers: [{ recipient: TEAM }] }))
  const path = `/referrals/${referralId}`
  const seen = viewOf(await desk(path, { headers: positionIn(answer) }))
  expect(seen).toMatchObject({ title: 'Cardiologie', receivers: [{ recipient: TEAM }] })
  expect(seen).not.toHaveProperty('question')
  for (const act of ['accept', 'decline', 'answer']) {
    const body = { accept: {}, decline: { reason: 'full' }, answer: { answer: 'oui' } }[act]
    expect(problemOf(await desk(`${path}/${act}`, { body }))).toEqual({ status: 403, code: 'careOnly' })
  }
  const taken = await desk(`${path}/take`, { body: { for: member.id } })
  expect(taken.status).toBe(204)
  const doctor = await as(member)
  expect(await doctor('/referrals?box=queue', { headers: positionIn(taken) })).toMatchObject({
    body: { items: [{ referralId, takenFor: member.id, expected: { action: 'answerReferral' } }] },
  })
  const question = viewOf(await doctor(path)).question
  expect((await (await reading(secretary))(`${path}/documents/${question?.documentId}`)).status).toBe(404)
  expect((await desk(`${path}/release`, { body: {} })).status).toBe(204)
})

test('a secretary of the ward reads nothing clinical of what it asked, and asks nothing', async () => {
  const desk = await as({ ...nurse, id: 'ch-essai:zoe', role: 'secretaire' })
  const { referralId, answer } = await request(ward, asked(stay))
  const seen = viewOf(await desk(`/referrals/${referralId}`, { headers: positionIn(answer) }))
  expect(seen).toMatchObject({ party: 'requester', receivers: [{ recipient: gp.id }] })
  expect(seen).not.toHaveProperty('question')
  const cancelled = await desk(`/referrals/${referralId}/cancel`, { body: { reason: 'mistake' } })
  expect(problemOf(cancelled)).toEqual({ status: 403, code: 'careOnly' })
  expect(problemOf((await request(desk, asked(stay))).answer)).toEqual({ status: 404, code: 'patientUnknown' })
})

test('who was asked alone and in a team says for whom', async () => {
  const body = asked(stay, { receivers: [{ recipient: TEAM }, { recipient: member.id }] })
  const { referralId } = await request(ward, body)
  const doctor = await as(member)
  const path = `/referrals/${referralId}/accept`
  expect(problemOf(await doctor(path, { body: {} }))).toEqual({ status: 422, code: 'recipientAmbiguous' })
  expect(problemOf(await doctor(path, { body: { recipient: gp.id } }))).toEqual({
    status: 404,
    code: 'referralUnknown',
  })
  expect((await doctor(path, { body: { recipient: TEAM } })).status).toBe(204)
})

test('whoever declined reads no more who the patient is, nor what was asked', async () => {
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  const declined = await physician(`${path}/decline`, { body: { reason: 'full', comment: 'Complet jusqu’en mars' } })
  const view = viewOf(await physician(path, { headers: positionIn(declined) }))
  expect(view).toMatchObject({ receivers: [{ status: 'declined', declined: { reason: 'full' } }] })
  expect(view).not.toHaveProperty('patientId')
  expect(view).not.toHaveProperty('question')
  const comment = viewOf(await ward(path)).receivers[0]?.declined?.comment
  const read = await reading(nurse)
  expect((await read(`${path}/documents/${comment?.documentId}`)).body).toBe('Complet jusqu’en mars')
})

test('nothing is left of a patient who was forgotten', async () => {
  const { vault } = referrals.adapters
  const gone = await admit()
  const { referralId, answer } = await request(ward, asked(gone, { title: 'Allergologie' }))
  expect((await ward(`/referrals/${referralId}`, { headers: positionIn(answer) })).status).toBe(200)
  await vault.forget(gone.patientId)
  expect(problemOf(await ward(`/referrals/${referralId}`))).toEqual({ status: 404, code: 'referralUnknown' })
  expect(problemOf(await physician(`/referrals/${referralId}/accept`, { body: {} }))).toEqual({
    status: 404,
    code: 'referralUnknown',
  })
  for (const box of ['sent', 'received'])
    expect(JSON.stringify((await (box === 'sent' ? ward : physician)(`/referrals?box=${box}`)).body)).not.toContain(
      'Allergologie',
    )
})

test('a stay that was moved away from the ward leaves what was asked to those who asked', async () => {
  const stayed = await admit()
  const { referralId, answer } = await request(ward, asked(stayed))
  await referrals.tell(
    moved('PatientTransferred', stayed, { number: 'M2', ward: '4110', from: '4101' }),
    stood(stayed, { ward: '4110', nature: 'moved' }),
  )
  expect((await ward(`/referrals/${referralId}`, { headers: positionIn(answer) })).status).toBe(200)
  expect((await otherWard(`/referrals/${referralId}`)).status).toBe(404)
})
