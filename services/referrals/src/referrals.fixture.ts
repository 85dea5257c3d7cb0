import { Problem } from '@relais/contracts/http'
import { noticeEvents, NoticeEvent } from '@relais/contracts/notices'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { eventCodec } from '@relais/events/codec'
import { asking, closingOnce, openTestAdapters, person, recorder } from '@relais/runtime/adapters.fixture'
import { stood } from '@relais/runtime/standing-facts.fixture'
import { FACILITY, moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import type { OpenDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { createService } from './service.ts'

const scopes = ['referral:read', 'referral:write']
/** A nurse of the ward that holds the patient, and one of another ward of the hospital. */
export const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'], scopes }
export const otherNurse = { ...nurse, id: 'rpps:10100000002', wards: ['4110'] }
export const gp = { id: 'rpps:10002909371', role: 'medecin', scopes }
export const colleague = { id: 'rpps:10100000009', role: 'medecin', scopes }
/** Two of a team that shares a queue. */
export const TEAM = 'finess:990000036'
export const member = { id: 'rpps:10100000021', role: 'medecin', organisation: '990000036', scopes }
export const secretary = { id: 'equipe:lea', role: 'secretaire', organisation: '990000036', scopes }
export const coordinator = { id: 'cpts:jo', role: 'coordinateur', scopes: ['statistics:read'] }
export const WARD = `uf:${FACILITY}/4101`

const SIXTY_DAYS = 60 * 86_400

const parsed = (text: string): unknown => JSON.parse(text)

let opened = 0
export type Referrals = Awaited<ReturnType<typeof openReferrals>>

/** The service on an in-memory log, with a patient in a ward; on views of their own where `open` says so. */
export async function openReferrals(open?: OpenDatabase) {
  opened += 1
  const suffix = opened
  const test = await openTestAdapters(open ? { openViews: (schema) => open(`${schema}_${suffix}`) } : {})
  const { adapters, store, clock } = test
  const service = await createService(adapters)
  const close = await closingOnce(service, test)
  const record = recorder({ store, keyring: adapters.vault, now: adapters.now })
  const as = async (details: Parameters<typeof person>[0]) =>
    asking(service.app, await test.tokenFor(person(details), SIXTY_DAYS), parsed)
  /** The same, for what is no JSON. */
  const reading = async (details: Parameters<typeof person>[0]) =>
    asking(service.app, await test.tokenFor(person(details), SIXTY_DAYS), (text) => text)
  const at = (position: number) => ({ 'relais-position': `${adapters.epoch}:${position}` })

  /** Waits until the view shows what is in the log. */
  async function shown() {
    let last = 0
    for await (const { position } of store.readAll({ direction: 'backwards', limit: 1 })) last = position
    const { status } = await (await as(gp))('/referrals?box=received', { headers: at(last) })
    if (status !== 200) throw new Error('The view does not follow')
  }
  async function tell(...events: StayEvent[]) {
    for (const event of events) await record(stayEvents, event, { owner: event.data.stayId })
    await shown()
  }
  async function admit(stay: Stay = newStay()): Promise<Stay> {
    await tell(moved('PatientAdmitted', stay), stood(stay))
    return stay
  }
  async function delivered(referralId: string, recipient: string, patientId: string) {
    const data = {
      noticeId: crypto.randomUUID(),
      patientId,
      recipient,
      by: recipient,
      deliveredAt: clock.now,
      wards: [],
    }
    const event = NoticeEvent.parse({
      type: 'NoticeDelivered',
      data: { ...data, work: { kind: 'referral', referralId } },
    })
    await record(noticeEvents, event, { owner: event.data.noticeId })
  }

  /** Every fact of one referral. */
  async function facts(referralId: string): Promise<ReferralEvent[]> {
    const codec = eventCodec<ReferralEvent>(referralEvents, adapters.vault)
    const found: ReferralEvent[] = []
    for await (const recorded of store.readStream(`referral-${referralId}`)) {
      const event = (await codec.decode(recorded))?.event
      if (event) found.push(event)
    }
    return found
  }
  /** Waits until a referral holds a fact, and the view shows it. */
  async function happened(referralId: string, type: ReferralEvent['type']) {
    await waitUntil(async () => (await facts(referralId)).some((event) => event.type === type), type)
    await shown()
  }
  return { ...test, clock, service, close, record, as, reading, at, shown, tell, admit, delivered, facts, happened }
}

/** What is asked of a GP: to take a patient over, by tomorrow, unless the test says otherwise. */
export function asked(stay: Stay, details: object = {}) {
  return {
    ...stay,
    kind: 'takeOver',
    urgency: 'soon',
    title: 'Cardiologie',
    question: 'Palpitations depuis lundi, bilan ?',
    receivers: [{ recipient: gp.id }],
    mode: 'firstAcceptance',
    answerBy: '2026-11-04T08:00:00.000Z',
    ...details,
  }
}

type Asking = Awaited<ReturnType<Referrals['as']>>

/** Asks for it; answers the id and the answer. */
export async function request(ask: Asking, body: object) {
  const referralId = crypto.randomUUID()
  return { referralId, answer: await ask(`/referrals/${referralId}`, { body }) }
}

export const problemOf = ({ status, body }: { status: number; body: unknown }) => ({
  status,
  code: Problem.parse(body).type.replace('urn:relais:problem:', ''),
})
export const positionIn = ({ headers }: { headers: Headers }) => ({
  'relais-position': headers.get('relais-position') ?? '',
})
