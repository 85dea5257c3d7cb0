import {
  type DigestEvent,
  digestEvents,
  type PostEvent,
  postEvents,
  type PreferenceEvent,
  preferenceEvents,
  type ReadMarkEvent,
  readMarkEvents,
  type ThreadEvent,
  threadEvents,
} from '@relais/contracts/conversations'
import { type NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { type CircleEvent, circleEvents, type LinkEvent, linkEvents } from '@relais/contracts/patients'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { commandHandler, loadState } from '@relais/event-store/command-handler'
import { codecSet } from '@relais/events/codec'
import type { Adapters } from '@relais/runtime/adapters'
import { digest } from './domain/digest.ts'
import { message } from './domain/post.ts'
import { preference } from './domain/preference.ts'
import { readMark } from './domain/read-mark.ts'
import { thread } from './domain/thread.ts'

/** The deciders of this service over the log, and what its view reads there. */
export function commandsOver({ store, codecOf, now, newId }: Pick<Adapters, 'store' | 'codecOf' | 'now' | 'newId'>) {
  const codecs = {
    thread: codecOf<ThreadEvent>(threadEvents),
    post: codecOf<PostEvent>(postEvents),
    mark: codecOf<ReadMarkEvent>(readMarkEvents),
    preference: codecOf<PreferenceEvent>(preferenceEvents),
    digest: codecOf<DigestEvent>(digestEvents),
  }
  const over = { store, now, newId }
  return {
    codecs,
    viewed: codecSet([
      ...Object.values(codecs),
      codecOf<StayEvent>(stayEvents),
      codecOf<CircleEvent>(circleEvents),
      codecOf<LinkEvent>(linkEvents),
      codecOf<NoticeEvent>(noticeEvents),
    ]),
    handleThread: commandHandler(thread, { ...over, codec: codecs.thread }),
    handlePost: commandHandler(message, { ...over, codec: codecs.post }),
    handleMark: commandHandler(readMark, { ...over, codec: codecs.mark }),
    handlePreference: commandHandler(preference, { ...over, codec: codecs.preference }),
    handleDigest: commandHandler(digest, { ...over, codec: codecs.digest }),
    async loadDigest(digestId: string) {
      return (await loadState(digest, { store, codec: codecs.digest }, digestId)).state
    },
  }
}
