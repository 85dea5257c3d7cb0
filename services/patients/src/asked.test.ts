import { NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { StayEvent } from '@relais/contracts/stays'
import { FACILITY, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { clerk, nurse, openPatients, type Patients, saying } from './patients.fixture.ts'

const AT = '2026-11-03T08:00:00.000Z'
const TEAM = '990000036'
const gp = { id: 'rpps:10002909371', role: 'medecin' }
const colleague = { id: 'rpps:10100000009', role: 'medecin' }
const physician = { id: 'rpps:10100000021', role: 'medecin', organisation: TEAM }
const otherWard = { ...nurse, id: 'rpps:10100000002', wards: ['4110'] }

type Asked = { recipient?: string; identityWithheld?: boolean; kind?: string; stayId?: string }
type Person = Parameters<Patients['as']>[0]

/** What the service `referrals` says of what is asked about a patient. */
function asking(patients: Patients, patientId: string, { recipient = gp.id, kind = 'takeOver', ...said }: Asked = {}) {
  const referralId = crypto.randomUUID()
  const document = { documentId: crypto.randomUUID(), size: 1, mediaType: 'text/plain', sha256: '0'.repeat(64) }
  const from = { by: nurse.id, organisation: FACILITY, wards: [], told: [nurse.id] }
  const subject = { referralId, patientId }
  const asked = { ...subject, recipient, kind, askedAt: AT }
  const details = { urgency: 'soon', title: 'Cardiologie', mode: 'independent', attachments: [], ladder: [] }
  const times = { answerBy: '2026-11-04T08:00:00.000Z', requestedAt: AT }
  const request = { ...subject, kind, ...details, ...times, from, receivers: [{ recipient }], question: document }
  const bodies = {
    ReferralRequested: { ...request, identityWithheld: false, ...said },
    ReceiverAsked: { ...asked, because: 'requested', answerBy: times.answerBy },
    ReferralAccepted: { ...asked, by: gp.id, acceptedAt: AT },
    ReferralDeclined: { ...asked, by: gp.id, reason: 'full', declinedAt: AT },
    ReferralRedirected: { ...asked, by: gp.id, to: colleague.id, reason: 'full', redirectedAt: AT },
    ReceiverStoodDown: { ...asked, because: 'acceptedElsewhere', stoodDownAt: AT },
    ReferralAnswered: { ...subject, recipient, by: gp.id, answer: document, attachments: [], answeredAt: AT },
    ReferralClosed: { ...subject, from, because: 'done', closedAt: AT },
    ReferralCancelled: { ...subject, from, by: nurse.id, reason: 'mistake', cancelledAt: AT },
  }
  return async (...types: (keyof typeof bodies)[]) => {
    for (const type of types) {
      const event = ReferralEvent.parse({ type, data: bodies[type] })
      await patients.record<ReferralEvent>(referralEvents, event, { owner: referralId })
    }
    await patients.shown()
  }
}

eachDatabase('who is asked something about a patient', (open) => {
  let opened = 0
  async function openOne() {
    opened += 1
    const suffix = opened
    const patients = await openPatients({ openViews: (schema) => open(`${schema}_${suffix}`) })
    const stay = await patients.admit('A')
    await patients.reportIdentity(stay)
    await patients.settled()
    await patients.shown()
    /** What this person is told of who the patient is. */
    const known = async (as: Person, patientId: string = stay.patientId) => {
      const ask = await patients.as(as)
      return (await ask('/patients/identities', { body: { patientIds: [patientId] } })).body.identities
    }
    const knows = async (as: Person, patientId?: string) => (await known(as, patientId)).length === 1
    return { patients, stay, known, knows }
  }
  const confidential = (stay: Stay, isSo: boolean) => {
    const said = { confidential: isSo, reason: isSo ? 'patientRequest' : 'released', changedAt: AT, wards: [] }
    return StayEvent.parse({ type: 'ConfidentialityChanged', data: { ...stay, ...said } })
  }

  test('knows who the patient is before accepting, and sees nothing else; nobody else knows', async () => {
    const { patients, stay, known, knows } = await openOne()
    expect(await knows(gp)).toBe(false)
    await asking(patients, stay.patientId)('ReferralRequested', 'ReceiverAsked')
    const { patientId } = stay
    expect(await known(gp)).toMatchObject([{ patientId, identity: { birthName: 'TEST-ÉGLANTINE' }, pathway: false }])
    expect(await known(nurse)).toMatchObject([{ patientId, pathway: true }])
    expect(await knows(colleague)).toBe(false)
    const ask = await patients.as(gp)
    expect((await ask(`/patients/${patientId}/circle`)).status).toBe(404)
    expect((await ask(`/patients/${patientId}/links`)).status).toBe(404)
    expect((await ask('/patients/lookup', { body: { authority: FACILITY, number: 'A' } })).status).toBe(404)
  })

  test('is on record with the ground', async () => {
    const { patients, stay, knows } = await openOne()
    await asking(patients, stay.patientId)('ReferralRequested', 'ReceiverAsked')
    await knows(gp)
    const decisions = patients.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'access decided')
    const { patientId } = stay
    expect(decisions.at(-1)).toMatchObject({ actorId: gp.id, patientId, kind: 'identity', outcome: 'exchange' })
  })

  test.each([
    'ReferralDeclined',
    'ReferralRedirected',
    'ReceiverStoodDown',
    'ReferralClosed',
    'ReferralCancelled',
  ] as const)('knows it no more once it ends: %s', async (end) => {
    const { patients, stay, knows } = await openOne()
    const say = asking(patients, stay.patientId)
    await say('ReferralRequested', 'ReceiverAsked')
    expect(await knows(gp)).toBe(true)
    await say(end)
    expect(await knows(gp)).toBe(false)
  })

  test('knows it from accepting to give an opinion until that is closed, also where it was withheld', async () => {
    const { patients, stay, knows } = await openOne()
    const say = asking(patients, stay.patientId, { kind: 'advice', identityWithheld: true })
    await say('ReferralRequested', 'ReceiverAsked')
    expect(await knows(gp)).toBe(false)
    await say('ReferralAccepted')
    expect(await knows(gp)).toBe(true)
    await say('ReferralAnswered')
    expect(await knows(gp)).toBe(true)
    await say('ReferralClosed')
    expect(await knows(gp)).toBe(false)
  })

  test('is, of a queue, whoever gives care there, and not who sorts it', async () => {
    const { patients, stay, knows } = await openOne()
    await asking(patients, stay.patientId, { recipient: `finess:${TEAM}` })('ReferralRequested', 'ReceiverAsked')
    expect(await knows(physician)).toBe(true)
    for (const role of ['secretaire', 'coordinateur', 'admissions'])
      expect(await knows({ ...physician, id: `equipe:${role}`, role })).toBe(false)
    expect(await knows({ ...physician, organisation: '990000037' })).toBe(false)

    expect(await knows(otherWard)).toBe(false)
    await asking(patients, stay.patientId, { recipient: `uf:${FACILITY}/4110` })('ReferralRequested', 'ReceiverAsked')
    expect(await knows(otherWard)).toBe(true)
    expect(await knows({ ...otherWard, role: 'secretaire' })).toBe(false)
    expect(await knows({ ...otherWard, wards: ['4111'] })).toBe(false)
  })

  test('knows nothing by a stay that nobody outside may learn of, as long as it is so', async () => {
    const { patients, stay, knows } = await openOne()
    await asking(patients, stay.patientId, { stayId: stay.stayId })('ReferralRequested', 'ReceiverAsked')
    expect(await knows(gp)).toBe(true)
    await patients.report(confidential(stay, true))
    await patients.shown()
    expect(await knows(gp)).toBe(false)
    await patients.report(confidential(stay, false))
    await patients.shown()
    expect(await knows(gp)).toBe(true)
  })

  test('knows it under every number of the person, for as long as these are linked', async () => {
    const { patients, stay, known, knows } = await openOne()
    const other = await patients.admit('B')
    await asking(patients, stay.patientId)('ReferralRequested', 'ReceiverAsked')
    expect(await knows(gp, other.patientId)).toBe(false)
    await patients.tell('LinkReported', { ...saying(other.patientId), otherId: stay.patientId })
    const identity = { birthName: 'TEST-ÉGLANTINE' }
    expect(await known(gp, other.patientId)).toMatchObject([{ patientId: other.patientId, identity, pathway: false }])
    await patients.tell('UnlinkReported', { ...saying(other.patientId), otherId: stay.patientId })
    expect(await knows(gp, other.patientId)).toBe(false)
  })

  test('knows nothing any more after "not my patient"', async () => {
    const { patients, stay, knows } = await openOne()
    await asking(patients, stay.patientId)('ReferralRequested', 'ReceiverAsked')
    expect(await knows(gp)).toBe(true)
    const noticeId = crypto.randomUUID()
    const told = {
      ...newStay(stay.patientId),
      noticeId,
      recipient: gp.id,
      role: 'medecin',
      facility: FACILITY,
      wards: [],
    }
    const data = { ...told, by: gp.id, alsoOf: [], returnedAt: '2026-11-03T08:01:00.000Z' }
    const event = NoticeEvent.parse({ type: 'NoticeReturned', data })
    await patients.record<NoticeEvent>(noticeEvents, event, { owner: noticeId })
    await waitUntil(async () => !(await knows(gp)), 'the view to know that it was returned')
  })

  test('knows nothing of who was forgotten', async () => {
    const { patients, stay, knows } = await openOne()
    await asking(patients, stay.patientId)('ReferralRequested', 'ReceiverAsked')
    await patients.adapters.vault.forget(stay.patientId)
    expect(await knows(gp)).toBe(false)
  })

  test('sees the rest by other grounds, and keeps those when it ends', async () => {
    const { patients, stay, known } = await openOne()
    const say = asking(patients, stay.patientId)
    await say('ReferralRequested', 'ReceiverAsked')
    const office = await patients.as(clerk)
    await office(`/patients/${stay.patientId}/circle`, { body: { memberId: gp.id, role: 'medecin-traitant' } })
    await patients.shown()
    expect(await known(gp)).toMatchObject([{ pathway: true }])
    await say('ReferralCancelled')
    expect(await known(gp)).toMatchObject([{ pathway: true }])
  })
})
