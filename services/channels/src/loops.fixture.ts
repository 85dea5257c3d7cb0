import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { type PostEvent, postEvents, type ThreadEvent, threadEvents } from '@relais/contracts/conversations'
import { ForgettingEvent } from '@relais/contracts/forgetting'
import { type NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { isReferralEvent, type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { eventCodec } from '@relais/events/codec'
import { recorder, type Recording } from '@relais/runtime/adapters.fixture'
import { posted } from '@relais/runtime/loop-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { FACILITY, gp } from './facts.fixture.ts'
import { type Gateway, person } from './gateway.fixture.ts'

const scopes = ['channel:follow', 'notice:acknowledge', 'thread:read']
export const physician = person({ id: gp, role: 'medecin', organisation: undefined, scopes })
export const colleague = person({ id: 'rpps:10100000021', role: 'infirmier', organisation: undefined, scopes })
/** Of the ward that asks; its queue is `uf:990000010/4101`. */
export const asker = person({ id: 'ch-essai:claire', organisation: '990000010', wards: ['4101'], scopes })
export const secretary = person({ id: 'ch-essai:lea', role: 'secretaire', organisation: FACILITY, scopes })
export const SECRETARY_QUEUE = `finess:${FACILITY}`

type Fact = ReferralEvent | RunEvent | ThreadEvent | PostEvent
const isRun = (event: Fact): event is RunEvent => 'runId' in event.data
const isPost = (event: ThreadEvent | PostEvent): event is PostEvent => 'postId' in event.data

/** What referrals, protocols and conversations write. Resolves with the position, once the view shows it. */
export function writing(gateway: Pick<Gateway, 'store' | 'vault'> & { shown: (position: number) => Promise<unknown> }) {
  const record = recorder({ store: gateway.store, keyring: gateway.vault, now: () => new Date().toISOString() })
  const append = (event: Fact, recording: Recording) => {
    if (isReferralEvent(event))
      return record<ReferralEvent>(referralEvents, event, { ...recording, owner: event.data.referralId })
    if (isRun(event)) return record<RunEvent>(runEvents, event, { ...recording, owner: event.data.runId })
    return isPost(event)
      ? record<PostEvent>(postEvents, event, { ...recording, owner: event.data.postId })
      : record<ThreadEvent>(threadEvents, event, { ...recording, owner: event.data.threadId })
  }
  const write = async (event: Fact, recording: Recording = {}) => {
    const position = await append(event, recording)
    await gateway.shown(position)
    return position
  }
  /** A message, its text in the vault. */
  const say = async (thread: { threadId: string; patientId?: string }, text: string, postId = crypto.randomUUID()) => {
    const { threadId, patientId = threadId } = thread
    const document = { owner: patientId, mediaType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) }
    const { ref } = await gateway.vault.put(document)
    await write(posted(thread, postId, ref))
    return postId
  }
  return { write, say }
}

/** Somebody was forgotten, under this number. */
export function forgotten(patientId: string): ForgettingEvent {
  const said = { motive: 'a request that was checked', by: gp, decidedAt: '2026-11-22T09:00:00.000Z' }
  const data = { forgettingId: crypto.randomUUID(), patientId, ...said }
  return ForgettingEvent.parse({ type: 'PatientForgotten', data })
}

/** Every fact about notices of work that was written so far. */
export async function workNotices({ store, vault }: Pick<Gateway, 'store' | 'vault'>): Promise<NoticeEvent[]> {
  const codec = eventCodec<NoticeEvent>(noticeEvents, vault)
  const found: NoticeEvent[] = []
  for await (const recorded of store.readAll()) {
    const event = (await codec.decode(recorded))?.event
    if (event && (event.type === 'WorkNoticeSent' || ('work' in event.data && event.data.work))) found.push(event)
  }
  return found
}

const lineOf = (event: NoticeEvent) =>
  event.type === 'WorkNoticeSent' ? `${event.data.recipient} ${event.data.work.nature}` : event.type

/** Waits until so many facts about work were written, and shows them in brief. */
export async function askedOf(gateway: Pick<Gateway, 'store' | 'vault'>, count: number): Promise<string[]> {
  await waitUntil(async () => (await workNotices(gateway)).length >= count, `${count} facts about work`)
  return (await workNotices(gateway)).map(lineOf)
}

/** The texts of messages, as they were sent. */
export const textsIn = (entries: readonly { entry: ChannelEntry }[]) =>
  entries.flatMap(({ entry }) => (entry.kind === 'post' ? [entry.text ?? `(${entry.change})`] : []))
