import type { DigestEvent, DigestId, Preference, PreferenceEvent, ThreadId } from '@relais/contracts/conversations'
import type { ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { digest, type DigestCommand } from './digest.ts'
import { preference, type SetPreference } from './preference.ts'

const person = 'rpps:10100000011' as ProfessionalId
const at = '2026-11-03T21:00:00.000Z'
const dueAt = '2026-11-04T06:00:00.000Z'
const threadId = '00000000-0000-4000-8000-000000000001' as ThreadId

describe('a preference', () => {
  const { given } = specification(preference)
  const night: Preference = {
    muted: [threadId],
    quietHours: { from: '20:00', to: '07:00', zone: 'Europe/Paris' },
    digest: true,
  }
  const nothing: Preference = { muted: [], digest: false }
  const set = (said: Preference): SetPreference => ({ type: 'SetPreference', person, preference: said, at })
  const kept = (said: Preference): PreferenceEvent => ({
    type: 'PreferenceSet',
    data: { keyOwner: 'conversations', person, preference: said, setAt: at },
  })

  test('is kept', () => given().when(set(night)).thenEvents(kept(night)))
  test('said again, changes nothing', () =>
    given(kept(night))
      .when(set({ ...night }))
      .thenNothing())
  test('for nothing, where there was none, says nothing', () => given().when(set(nothing)).thenNothing())
  test('is taken back', () => given(kept(night)).when(set(nothing)).thenEvents(kept(nothing)))
  test('set twice is set once', () => assertRepeatsAreQuiet(preference, fc.constantFrom(set(night), set(nothing))))
})

describe('a digest', () => {
  const { given } = specification(digest)
  const digestId = 'dddddddd-0000-4000-8000-000000000001' as DigestId
  const wait: DigestCommand = { type: 'AwaitDigest', digestId, person, dueAt, at }
  const give = (...threads: { threadId: ThreadId; unread: number }[]): DigestCommand => ({
    type: 'GiveDigest',
    threads,
    at: dueAt,
  })
  const subject = { digestId, keyOwner: 'conversations' as const, person, dueAt }
  const awaited: DigestEvent = { type: 'DigestAwaited', data: { ...subject, awaitedAt: at } }
  const toldOf = (...threads: { threadId: ThreadId; unread: number }[]): DigestEvent => {
    return { type: 'DigestGiven', data: { ...subject, threads, givenAt: dueAt } }
  }

  test('is awaited from the first message of the night', () => given().when(wait).thenEvents(awaited))
  test('is awaited once', () => given(awaited).when(wait).thenNothing())
  test('tells in the morning of what is unread', () =>
    given(awaited)
      .when(give({ threadId, unread: 2 }))
      .thenEvents(toldOf({ threadId, unread: 2 })))
  test('is given once', () =>
    given(awaited, toldOf({ threadId, unread: 2 }))
      .when(give({ threadId, unread: 3 }))
      .thenNothing())
  test('is over, and tells nobody, where all was read', () => given(awaited).when(give()).thenEvents(toldOf()))
  test('that nobody waits for is unknown', () => given().when(give()).thenRejected({ code: 'digestUnknown' }))
  test('handled twice is handled once', () =>
    assertRepeatsAreQuiet(digest, fc.constantFrom(wait, give(), give({ threadId, unread: 1 }))))
})
