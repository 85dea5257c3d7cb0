import {
  PostId,
  postEvents,
  type PostEvent,
  ThreadId,
  threadEvents,
  type ThreadEvent,
} from '@relais/contracts/conversations'
import type { PatientId, Recipient } from '@relais/contracts/primitives'
import { documentOf } from './documents.ts'
import { type Chance, uuidOf } from './people.ts'
import { iso, type Told } from './told.ts'

const HOUR = 3_600_000

export type Talking = { seed: number; number: number; patientId: PatientId; people: readonly Recipient[]; at: number }
type Said = { at: number; told: Told<ThreadEvent> | Told<PostEvent> }

/** A thread about a patient, and the messages of a few days. */
export function threadStory({ seed, number, patientId, people, at }: Talking, random: Chance): Said[] {
  const threadId = ThreadId.parse(uuidOf(seed, 'thread', number))
  const thread = { threadId, keyOwner: patientId, patientId }
  const [by] = people
  if (by === undefined) return []
  const opened: ThreadEvent = {
    type: 'ThreadOpened',
    data: { ...thread, kind: 'patient', title: 'Retour prévu', members: [], by, openedAt: iso(at) },
  }
  const told: Told<ThreadEvent> = {
    family: threadEvents,
    stream: threadId,
    expected: 'noStream',
    events: [opened],
    at: iso(at),
  }
  const said: Said[] = [{ at, told }]
  let when = at
  for (let message = 0, messages = 2 + random.below(5); message < messages; message += 1) {
    when += 1000 + random.below(12 * HOUR)
    said.push({ at: when, told: postOf({ thread, message, by: people[random.below(people.length)] ?? by, when }) })
  }
  return said
}

type Posting = {
  thread: { threadId: ThreadId; keyOwner: PatientId; patientId: PatientId }
  message: number
  by: Recipient
  when: number
}

function postOf({ thread, message, by, when }: Posting): Told<PostEvent> {
  const postId = PostId.parse(uuidOf(thread.threadId, 'post', message))
  const nothing = { attachments: [], quotes: [], mentions: [], mentionedRoles: [], urgent: false }
  const data = { postId, ...thread, by, body: documentOf(postId), ...nothing, postedAt: iso(when) }
  const events: PostEvent[] = [{ type: 'MessagePosted', data }]
  return { family: postEvents, stream: postId, expected: 'noStream', events, at: iso(when) }
}
