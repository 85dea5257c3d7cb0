import fc from 'fast-check'
import { CloseCode } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import type { FollowRequest, Hub } from './hub.ts'
import type { Verified } from './credentials.ts'
import { openSession } from './session.ts'
import { keptSocket, manualTimers, nurse, patientChannel, sharedAdmission } from './simulated.fixture.ts'

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const frame = fc.oneof(
  fc.constant({ type: 'hello', token: 'good' }),
  fc.record({ type: fc.constantFrom('hello', 'renew'), ticket: fc.constantFrom('good', 'used', 'evening', 'faulty') }),
  fc.record({ type: fc.constantFrom('hello', 'renew'), ticket: fc.string(), token: fc.string() }, { requiredKeys: [] }),
  fc.constant({ type: 'ping' }),
  fc.record({ type: fc.constant('subscribe'), id, channel: fc.constantFrom(patientChannel, 'ward/3620') }),
  fc.record({ type: fc.constant('subscribe'), id, channel: fc.string(), after: fc.string() }),
  fc.record({ type: fc.constant('unsubscribe'), id }),
  fc.object(),
)
const step = fc.oneof(
  { weight: 8, arbitrary: frame.map((value) => ({ do: 'receive' as const, text: JSON.stringify(value) })) },
  { weight: 1, arbitrary: fc.string().map((text) => ({ do: 'receive' as const, text })) },
  { weight: 2, arbitrary: fc.nat(20_000).map((milliseconds) => ({ do: 'pass' as const, milliseconds })) },
  { weight: 4, arbitrary: fc.nat(9).map((index) => ({ do: 'push' as const, index })) },
  { weight: 2, arbitrary: fc.nat(9).map((index) => ({ do: 'cut' as const, index })) },
  { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
  { weight: 1, arbitrary: fc.constantFrom('morning', 'evening').map((who) => ({ do: 'signOut' as const, who })) },
  { weight: 1, arbitrary: fc.nat(3000).map((bytes) => ({ do: 'buffer' as const, bytes })) },
)

/** Good tickets last, another sign-in has one too, some are used up, and sometimes the database is away. */
async function redeem(ticket: string): Promise<Verified | undefined> {
  if (ticket === 'faulty') throw new Error('the database is away')
  const found: Verified = { actor: nurse, expiresAt: '2026-11-22T08:06:00.000Z', signIn: 'morning' }
  return ticket === 'good' ? found : ticket === 'evening' ? { ...found, signIn: 'evening' } : undefined
}

function fuzzed() {
  const time = manualTimers()
  const kept = keptSocket()
  const requests: FollowRequest[] = []
  let open = 0
  const hub: Hub = {
    async follow(request) {
      requests.push(request)
      if (requests.length % 4 === 0) return 'forbidden'
      if (requests.length % 7 === 0) throw new Error('the view is gone')
      open += 1
      return { stop: () => void (open -= 1) }
    },
  }
  const session = openSession({
    ...time,
    socket: kept.socket,
    hub,
    verifier: {
      verify: async () => ({ actor: nurse, expiresAt: '2026-11-22T08:05:00.000Z', signIn: 'morning' }),
      redeem,
    },
    limits: {
      helloMilliseconds: 10_000,
      subscriptions: 3,
      decisions: 4,
      framesAtOnce: 15,
      framesPerSecond: 1,
      bufferedBytes: 2000,
      drainMilliseconds: 1000,
    },
    newId: () => '4d4f7a51-6a5c-4f5e-9d0a-52f6f60f9d0e',
    log: { info: () => {}, error: () => {} },
    onWelcomed: () => {},
  })
  return { ...time, ...kept, session, requests, open: () => open }
}

/** Whoever has signed out has no session from that moment on. */
function signOut({ session }: ReturnType<typeof fuzzed>, signIn: string) {
  session.signedOut(new Set([signIn]))
  expect(session.signIn()).not.toBe(signIn)
}

test('no sequence of frames, times, pushes, buffers and sign-outs makes a session throw, leak or close twice', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = fuzzed()
      if (steps.length % 3 !== 0) world.session.receive('{"type":"hello","token":"good"}')
      for (const taken of steps) {
        if (taken.do === 'receive') world.session.receive(taken.text)
        else if (taken.do === 'pass') world.pass(taken.milliseconds)
        else if (taken.do === 'buffer') world.socket.bufferedAmount = taken.bytes
        else if (taken.do === 'signOut') signOut(world, taken.who)
        else if (taken.do === 'settle') await new Promise((resolve) => setImmediate(resolve))
        else if (taken.do === 'push') world.requests[taken.index]?.onEntry(sharedAdmission(taken.index))
        else world.requests[taken.index]?.onEnded('accessEnded')
        if (taken.do === 'push') void world.requests[taken.index]?.room()
      }
      world.session.closed()
      await new Promise((resolve) => setImmediate(resolve))
      world.frames()
      expect(world.open()).toBe(0)
      expect(world.pending()).toBe(0)
      expect(world.closes.length).toBeLessThanOrEqual(1)
      const codes: readonly number[] = Object.values(CloseCode)
      for (const { code, reason } of world.closes) {
        expect(codes).toContain(code)
        expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
      }
    }),
    { numRuns: 300 },
  ))
