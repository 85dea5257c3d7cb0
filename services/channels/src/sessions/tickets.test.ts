import { Actor } from '@relais/contracts/actor'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { endedSessions, rememberedUntil, sessionIdOf } from './ended-sessions.ts'
import { sessionMigration, type SessionTables } from './session-tables.ts'
import { tickets } from './tickets.ts'

const START = Date.parse('2026-11-22T08:00:00.000Z')
const actor = Actor.parse({ id: 'rpps:1', role: 'infirmier', wards: ['3620'], scopes: ['channel:follow'] })
const nurse = { actor, expiresAt: '2026-11-22T08:10:00.000Z', signIn: sessionIdOf('morning') }

eachDatabase('the tickets of', (open) => {
  /** Two gateways on one database, and the time they both read. */
  async function opened(schema: string) {
    const clock = { at: START }
    const now = () => new Date(clock.at).toISOString()
    const databases = await Promise.all([1, 2].map(() => open<SessionTables>(schema)))
    for (const database of databases) await database.migrate({ '0001-sessions': sessionMigration(database.kind) })
    const [database, other] = databases
    if (!database || !other) throw new Error('no database')
    return {
      clock,
      here: tickets({ database, now }),
      there: tickets({ database: other, now }),
      ended: endedSessions(other),
      db: database.db,
    }
  }

  test('a ticket is 256 bits, stands for what the token said, and is good for half a minute', async () => {
    const { here, there, clock } = await opened('tickets_stand')
    const { ticket, expiresAt } = await here.issue(nurse)
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32)
    expect(expiresAt).toBe('2026-11-22T08:00:30.000Z')
    const late = await here.issue(nurse)
    clock.at += 29_999
    expect(await there.redeem(ticket)).toEqual(nurse)
    clock.at += 1
    expect(await there.redeem(late.ticket)).toBeUndefined()
  })

  test('the table does not say what the tickets are', async () => {
    const { here, db } = await opened('tickets_hashed')
    const { ticket } = await here.issue(nurse)
    const rows = await db.selectFrom('channel_ticket').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(ticket)
  })

  test('of many who come with one ticket at two gateways, exactly one has it', async () => {
    const { here, there } = await opened('tickets_raced')
    const { ticket } = await here.issue(nurse)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? here : there).redeem(ticket)),
    )
    expect(answers.filter(Boolean)).toEqual([nurse])
  })

  test('a ticket does not outlive its token', async () => {
    const { here, clock } = await opened('tickets_short')
    const expiresAt = '2026-11-22T08:00:05.000Z'
    const issued = await here.issue({ ...nurse, expiresAt })
    expect(issued.expiresAt).toBe(expiresAt)
    clock.at += 5000
    expect(await here.redeem(issued.ticket)).toBeUndefined()
  })

  test('once somebody has signed out, tickets of that sign-in are worthless, before and after', async () => {
    const { here, ended } = await opened('tickets_ended')
    const [before, others] = [await here.issue(nurse), await here.issue({ ...nurse, signIn: sessionIdOf('evening') })]
    const unnamed = await here.issue({ actor: nurse.actor, expiresAt: nurse.expiresAt })
    const signIn = { sessionId: nurse.signIn, until: rememberedUntil('2026-11-22T08:00:00.000Z') }
    await ended.remember([signIn])
    await ended.remember([signIn])
    const after = await here.issue(nurse)
    expect(await here.redeem(before.ticket)).toBeUndefined()
    expect(await here.redeem(after.ticket)).toBeUndefined()
    expect(await here.redeem(others.ticket)).toMatchObject({ actor })
    expect(await here.redeem(unnamed.ticket)).toEqual({ ...nurse, signIn: undefined })
    expect(await ended.among([nurse.signIn, sessionIdOf('evening')])).toEqual(new Set([nurse.signIn]))
  })

  test('what nobody came back for is thrown away, and sign-ins are forgotten once no token of theirs can be left', async () => {
    const { here, ended, clock, db } = await opened('tickets_swept')
    await ended.remember([{ sessionId: nurse.signIn, until: '2026-11-22T08:00:40.000Z' }])
    await here.issue(nurse)
    clock.at += 39_999
    await here.issue(nurse)
    expect(await db.selectFrom('channel_ticket').select('good_until').execute()).toHaveLength(1)
    expect(await ended.has(nurse.signIn)).toBe(true)
    clock.at += 30_000
    await here.issue(nurse)
    expect(await ended.has(nurse.signIn)).toBe(false)
  })
})

test('our name of a sign-in is always the same, and not its own', () => {
  expect(sessionIdOf('b3c1f0e2-7d41-4b0c-a8e3-3f4a9b1c2d5e')).toBe(sessionIdOf('b3c1f0e2-7d41-4b0c-a8e3-3f4a9b1c2d5e'))
  expect(sessionIdOf('b3c1f0e2-7d41-4b0c-a8e3-3f4a9b1c2d5e')).not.toContain('b3c1f0e2')
})
