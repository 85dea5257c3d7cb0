import type { AttachmentsConfig } from '@relais/attachments/settings'
import { Problem } from '@relais/contracts/http'
import { CircleEvent, circleEvents, type CircleRole } from '@relais/contracts/patients'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import {
  asking,
  closingOnce,
  hasReacted,
  openTestAdapters,
  person,
  recorder,
  type TestAdapterOptions,
} from '@relais/runtime/adapters.fixture'
import { stood } from '@relais/runtime/standing-facts.fixture'
import { moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { createService } from './service.ts'

const scopes = ['thread:read', 'thread:write', 'operate']
/** A nurse of ward 4101 of the hospital, the médecin traitant, a home nurse, and somebody who has nothing to do with it. */
export const wardNurse = {
  id: 'ch-essai:claire',
  role: 'infirmier',
  organisation: '990000010',
  wards: ['4101'],
  scopes,
}
export const gp = { id: 'rpps:10002909371', role: 'medecin', scopes }
export const homeNurse = { id: 'rpps:10100000011', role: 'infirmier', scopes }
export const outsider = { id: 'rpps:10100000099', role: 'pharmacien', scopes }
export const WARD = 'uf:990000010/4101'

/** Tests move the clock from one day to the next. */
const LONG_SECONDS = 864_000

export type Conversations = Awaited<ReturnType<typeof openConversations>>
type Options = TestAdapterOptions & { config?: AttachmentsConfig }

/** The service on an in-memory log, with what `stays` and `patients` say there. */
export async function openConversations({ config, ...options }: Options = {}) {
  const test = await openTestAdapters(options)
  const { adapters, store } = test
  const { vault, now } = adapters
  const service = await createService(adapters, config)
  const close = await closingOnce(service, test)
  const record = recorder({ store, keyring: vault, now })

  const ofCircle = (type: string, data: object) => {
    const event = CircleEvent.parse({ type, data })
    return record(circleEvents, event, { owner: event.data.patientId })
  }
  const joins = (patientId: string, memberId: string, role: CircleRole = 'medecin-traitant') => {
    const said = { ground: 'exchange', joinedAt: now(), source: 'declared' }
    return ofCircle('MemberJoined', { patientId, memberId, role, ...said })
  }
  const leaves = (patientId: string, memberId: string, role: CircleRole = 'medecin-traitant') =>
    ofCircle('MemberLeft', { patientId, memberId, role, leftAt: now(), reason: 'removed' })
  const ofStay = (event: StayEvent) => record<StayEvent>(stayEvents, event, { owner: event.data.stayId })

  /** A patient in ward 4101, whose médecin traitant and home nurse are in the circle. */
  async function admit(stay: Stay = newStay()) {
    await ofStay(moved('PatientAdmitted', stay))
    await ofStay(stood(stay))
    await joins(stay.patientId, gp.id)
    const position = await joins(stay.patientId, homeNurse.id, 'infirmier')
    const headers = { 'relais-position': `${adapters.epoch}:${position}` }
    await (
      await as(gp)
    )('/threads', { headers })
    return stay
  }

  const as = async (details: Parameters<typeof person>[0]) =>
    asking(service.app, await test.tokenFor(person(details), LONG_SECONDS), JSON.parse)
  const indexed = () => hasReacted(test, { schema: 'conversations', categories: ['post'], name: 'index-words-1' })
  const awaited = () => hasReacted(test, { schema: 'conversations', categories: ['post'], name: 'await-digests-1' })

  async function facts(category: string) {
    const found = []
    for await (const { stream, type } of store.readAll()) if (stream.startsWith(`${category}-`)) found.push(type)
    return found
  }

  return { ...test, service, close, record, joins, leaves, ofStay, admit, as, indexed, awaited, facts }
}

export type Ask = Awaited<ReturnType<Conversations['as']>>
export type Answer = Awaited<ReturnType<Ask>>
export const after = ({ headers }: Answer) => ({ headers: { 'relais-position': headers.get('relais-position') ?? '' } })

export function problemOf({ status, body }: { status: number; body: unknown }) {
  return { status, code: Problem.parse(body).type.replace('urn:relais:problem:', '') }
}

/** Opens a thread; answers its id. */
export async function open(ask: Ask, details: Record<string, unknown>): Promise<string> {
  const threadId = crypto.randomUUID()
  const answer = await ask(`/threads/${threadId}`, { body: { title: 'Retour à domicile', ...details } })
  if (answer.status !== 204) throw new Error(`Not opened: ${JSON.stringify(answer.body)}`)
  await ask('/threads', after(answer))
  return threadId
}

/** Writes a message; answers its id and what came of it. */
export async function write(ask: Ask, threadId: string, said: string | Record<string, unknown> = 'Bonjour') {
  const postId = crypto.randomUUID()
  const body = typeof said === 'string' ? { text: said } : { text: 'Bonjour', ...said }
  const answer = await ask(`/threads/${threadId}/posts/${postId}`, { body })
  return { postId, answer }
}
