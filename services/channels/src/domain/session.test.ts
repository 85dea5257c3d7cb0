import { type SessionEvent, SessionId, SESSIONS_KEY } from '@relais/contracts/sessions'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { session, type SessionCommand } from './session.ts'

const { given } = specification(session)
const sessionId = SessionId.parse('00000000-0000-4000-8000-000000000001')
const at = '2026-11-22T18:00:00.000Z'
const ended: SessionEvent = { type: 'SessionEnded', data: { keyOwner: SESSIONS_KEY, sessionId, endedAt: at } }
const end = (when: string): SessionCommand => ({ type: 'EndSession', sessionId, at: when })

test('whoever signs out ends the session, at that time', () => given().when(end(at)).thenEvents(ended))
test('signing out again, from another window, changes nothing', () =>
  given(ended).when(end('2026-11-22T18:05:00.000Z')).thenNothing())
test('saying it twice is saying it once', () =>
  assertRepeatsAreQuiet(session, fc.constantFrom(end(at), end('2026-11-22T18:05:00.000Z'))))
