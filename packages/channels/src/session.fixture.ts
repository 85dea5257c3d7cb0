import { openSession, type SessionDeps } from './session.ts'
import { askedHub, keptSocket, manualTimers, nurse, patientChannel } from './simulated.fixture.ts'

/** Small, so that a test reaches them soon. */
export const limits = {
  helloMilliseconds: 10_000,
  subscriptions: 2,
  decisions: 3,
  framesAtOnce: 12,
  framesPerSecond: 2,
  bufferedBytes: 1000,
  drainMilliseconds: 200,
}
export const goodToken = { actor: nurse, expiresAt: '2026-11-22T09:00:00.000Z' }

export const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A session that has heard nothing yet, with whatever it touches in the hands of the test. */
export function opened(overrides: Partial<SessionDeps> = {}) {
  const time = manualTimers()
  const kept = keptSocket()
  const asked = askedHub()
  const failures: object[] = []
  let welcomes = 0
  const session = openSession({
    socket: kept.socket,
    hub: asked.hub,
    verifier: { verify: async () => goodToken },
    limits,
    timers: time.timers,
    now: time.now,
    newId: () => '4d4f7a51-6a5c-4f5e-9d0a-52f6f60f9d0e',
    log: { info: () => {}, error: (fields) => void failures.push(fields) },
    onWelcomed: () => void (welcomes += 1),
    ...overrides,
  })
  const receive = (frame: object) => session.receive(JSON.stringify(frame))
  return { ...time, ...kept, ...asked, session, receive, failures, welcomes: () => welcomes }
}

/** The same, after `welcome`. */
export async function ready(overrides: Partial<SessionDeps> = {}) {
  const world = opened(overrides)
  world.receive({ type: 'hello', token: 'good' })
  await settled()
  world.sent.length = 0
  return { ...world, subscribe: (id: string) => world.receive({ type: 'subscribe', id, channel: patientChannel }) }
}
