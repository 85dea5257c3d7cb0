import { CloseCode } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import type { Verified, Verifier } from './credentials.ts'
import { goodToken, opened, settled } from './session.fixture.ts'
import { nurse, patientChannel, sharedAdmission } from './simulated.fixture.ts'

const MORNING = 'morning'
const later = '2026-11-22T09:30:00.000Z'
const renewal: Verified = { actor: nurse, expiresAt: later, signIn: MORNING }

/** A verifier whose answers the test gives, one at a time. */
function asked() {
  const tickets: { ticket: string; answer: (found: Verified | undefined) => void; fail: (error: Error) => void }[] = []
  const verifier: Verifier = {
    verify: async () => ({ ...goodToken, signIn: MORNING }),
    redeem: (ticket) => new Promise((resolve, reject) => tickets.push({ ticket, answer: resolve, fail: reject })),
  }
  const ticketAt = (index: number) => {
    const found = tickets[index]
    if (!found) throw new Error(`${tickets.length} tickets were redeemed`)
    return found
  }
  return { verifier, tickets, ticketAt }
}

function knocking() {
  const { verifier, ...given } = asked()
  return { ...opened({ verifier }), ...given }
}

/** Welcome with a token of the morning's sign-in, until nine. */
async function working() {
  const world = knocking()
  world.receive({ type: 'hello', token: 'good' })
  await settled()
  world.sent.length = 0
  const renewed = async (found: Verified | undefined, index = 0) => {
    world.receive({ type: 'renew', ticket: `ticket-${index}` })
    world.ticketAt(index).answer(found)
    await settled()
  }
  return { ...world, renewed }
}

test('a ticket opens a session, until the end of the token behind it', async () => {
  const { receive, ticketAt, frames, pass, closes, session } = knocking()
  receive({ type: 'hello', ticket: 'once' })
  ticketAt(0).answer(renewal)
  await settled()
  expect(ticketAt(0).ticket).toBe('once')
  expect(frames()).toMatchObject([{ type: 'welcome', expiresAt: later, expiresInSeconds: 5400 }])
  expect(session.signIn()).toBe(MORNING)
  pass(5_400_000)
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token expired' }])
})

test('a ticket that is not good, or where none are given, closes with 4401', async () => {
  const [known, none] = [knocking(), opened()]
  for (const { receive } of [known, none]) receive({ type: 'hello', ticket: 'used' })
  known.ticketAt(0).answer(undefined)
  await settled()
  const refused = [{ code: CloseCode.unauthorised, reason: 'token or ticket refused' }]
  expect([known.closes, none.closes]).toEqual([refused, refused])
})

test.each([
  ['neither token nor ticket', { type: 'hello' }],
  ['both token and ticket', { type: 'hello', token: 'a', ticket: 'b' }],
  ['a ticket of 101 characters', { type: 'hello', ticket: 'x'.repeat(101) }],
  ['a renewal with a token', { type: 'renew', token: 'a' }],
])('%s is unreadable and closes with 4400', async (_, frame) => {
  const { receive, closes } = await working()
  receive(frame)
  expect(closes).toEqual([{ code: CloseCode.unreadable, reason: 'unreadable frame' }])
})

test('a renewal moves the end, and cuts nothing that is subscribed', async () => {
  const { receive, call, frames, pass, closes, renewed } = await working()
  receive({ type: 'subscribe', id: 'a', channel: patientChannel })
  let stops = 0
  call(0).answer({ stop: () => void (stops += 1) })
  await settled()
  pass(3_540_000)
  await renewed(renewal)
  call(0).request.onEntry(sharedAdmission(1))
  expect(frames()).toMatchObject([
    { type: 'renewed', expiresAt: later, expiresInSeconds: 1860 },
    { type: 'entry', id: 'a' },
  ])
  pass(1_859_999)
  expect({ stops, closes }).toEqual({ stops: 0, closes: [] })
  pass(1)
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token expired' }])
  expect(stops).toBe(1)
})

test('a renewal may bring the end nearer, and may be followed by another', async () => {
  const { pass, closes, renewed, pending } = await working()
  await renewed({ ...renewal, expiresAt: '2026-11-22T08:01:00.000Z' })
  await renewed({ ...renewal, expiresAt: '2026-11-22T08:02:00.000Z' }, 1)
  pass(119_999)
  expect({ closes, pending: pending() }).toEqual({ closes: [], pending: 1 })
  pass(1)
  expect(closes).toHaveLength(1)
})

test('wards and scopes in another order are the same', async () => {
  const { frames, renewed } = await working()
  await renewed({ ...renewal, actor: { ...nurse, scopes: [...nurse.scopes, ...nurse.scopes] } })
  expect(frames()).toMatchObject([{ type: 'renewed' }])
})

test.each([
  ['person', { id: 'rpps:10100000009' }],
  ['role', { role: 'medecin' }],
  ['organisation', { organisation: '990000010' }],
  ['lack of an organisation', { organisation: undefined }],
  ['ward more', { wards: ['3620', '4110'] }],
  ['ward less', { wards: [] }],
  ['scope more', { scopes: ['channel:follow', 'thread:read'] }],
])('a renewal by an actor with another %s closes with 4401, so that all is decided anew', async (_, change) => {
  const { closes, renewed, sent } = await working()
  // The changes are written as the contract has them.
  await renewed({ ...renewal, actor: { ...nurse, ...change } as Verified['actor'] })
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'ticket of another actor' }])
  expect(sent).toEqual([])
})

test('a renewal with a ticket that is not good, or without the scope, closes with 4401', async () => {
  const [used, unscoped] = [await working(), await working()]
  await used.renewed(undefined)
  await unscoped.renewed({ ...renewal, actor: { ...nurse, scopes: ['pathway:read'] } })
  expect(used.closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token or ticket refused' }])
  expect(unscoped.closes).toEqual([{ code: CloseCode.unauthorised, reason: 'scope channel:follow is missing' }])
})

test('a fault while renewing closes with 4500 and is logged once', async () => {
  const { receive, ticketAt, closes, failures } = await working()
  receive({ type: 'renew', ticket: 'once' })
  ticketAt(0).fail(new Error('the database is away'))
  await settled()
  expect(closes).toEqual([{ code: CloseCode.internal, reason: 'internal fault' }])
  expect(failures).toHaveLength(1)
})

test('a renewal before the welcome closes with 4401; two at once with 4400', async () => {
  const [early, twice] = [knocking(), await working()]
  early.receive({ type: 'renew', ticket: 'once' })
  expect(early.closes).toEqual([{ code: CloseCode.unauthorised, reason: 'say hello first' }])
  for (const ticket of ['one', 'two']) twice.receive({ type: 'renew', ticket })
  expect(twice.closes).toEqual([{ code: CloseCode.unreadable, reason: 'renewed twice at once' }])
})

test('what is asked during a renewal is answered; a session that ends during it stays ended', async () => {
  const { receive, ticketAt, frames, pass, closes, pending } = await working()
  receive({ type: 'renew', ticket: 'late' })
  receive({ type: 'ping' })
  expect(frames()).toEqual([{ type: 'pong' }])
  pass(3_600_000)
  ticketAt(0).answer(renewal)
  await settled()
  expect(frames()).toEqual([{ type: 'pong' }])
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token expired' }])
  expect(pending()).toBe(0)
})

test('signing out closes the sessions of that sign-in with 4403, and releases what they followed', async () => {
  const { receive, call, session, closes } = await working()
  receive({ type: 'subscribe', id: 'a', channel: patientChannel })
  let stops = 0
  call(0).answer({ stop: () => void (stops += 1) })
  await settled()
  session.signedOut(new Set(['evening']))
  expect(closes).toEqual([])
  session.signedOut(new Set(['evening', MORNING]))
  session.signedOut(new Set([MORNING]))
  expect(closes).toEqual([{ code: CloseCode.signedOut, reason: 'signed out' }])
  expect(stops).toBe(1)
  expect(session.signIn()).toBeUndefined()
})

test('a session without a sign-in is nobody’s to sign out', async () => {
  const { receive, session, closes } = opened()
  receive({ type: 'hello', token: 'good' })
  await settled()
  session.signedOut(new Set([MORNING, '']))
  expect(closes).toEqual([])
})

test('signed out while the ticket was looked up: no welcome, and 4401', async () => {
  const { receive, ticketAt, session, closes, sent, welcomes } = knocking()
  receive({ type: 'hello', ticket: 'once' })
  session.signedOut(new Set(['evening']))
  session.signedOut(new Set([MORNING]))
  session.signedOut(new Set(['night']))
  ticketAt(0).answer(renewal)
  await settled()
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'signed out' }])
  expect({ sent, welcomes: welcomes() }).toEqual({ sent: [], welcomes: 0 })
})

test('others who sign out meanwhile do not matter, nor does what ended before', async () => {
  const { receive, ticketAt, session, closes, frames } = knocking()
  session.signedOut(new Set([MORNING]))
  receive({ type: 'hello', ticket: 'once' })
  session.signedOut(new Set(['evening']))
  ticketAt(0).answer(renewal)
  await settled()
  expect(closes).toEqual([])
  expect(frames()).toMatchObject([{ type: 'welcome' }])
})

test('renewed with a ticket of the next sign-in, a session is of that one', async () => {
  const { session, closes, renewed } = await working()
  await renewed({ ...renewal, signIn: 'evening' })
  session.signedOut(new Set([MORNING]))
  expect(closes).toEqual([])
  session.signedOut(new Set(['evening']))
  expect(closes).toEqual([{ code: CloseCode.signedOut, reason: 'signed out' }])
})

test('the next sign-in ends while its ticket renews a session: 4401; the present one: 4403 at once', async () => {
  const [next, present] = [await working(), await working()]
  for (const { receive } of [next, present]) receive({ type: 'renew', ticket: 'once' })
  next.session.signedOut(new Set(['evening']))
  present.session.signedOut(new Set([MORNING]))
  next.ticketAt(0).answer({ ...renewal, signIn: 'evening' })
  present.ticketAt(0).answer({ ...renewal, signIn: 'evening' })
  await settled()
  expect(next.closes).toEqual([{ code: CloseCode.unauthorised, reason: 'signed out' }])
  expect(present.closes).toEqual([{ code: CloseCode.signedOut, reason: 'signed out' }])
})
