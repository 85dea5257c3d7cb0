import { DatabaseSync } from 'node:sqlite'
import { queuesOf } from '@relais/access/recipients'
import { serve } from '@relais/http/serve'
import { tokenVerifier } from '@relais/identity/tokens'
import { Hono } from 'hono'
import type { JSONWebKeySet } from 'jose'
import { bareInbox } from '../territory/bare-inbox.ts'
import { AUDIENCE, ISSUER, viewFileOf } from '../territory/open-territory.ts'

/**
 * The least that a team would write: the token is verified, the same indexed queries run on the same files, and what they
 * find is the answer. Nothing is parsed, checked, counted together, or kept from anybody who has a token.
 */
export type BareLoopsSettings = { folder: string; jwks: JSONWebKeySet }

// Written by startProgram.
const { folder, jwks } = JSON.parse(process.argv[2] ?? '{}') as BareLoopsSettings
const verifier = tokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { jwks } })
const inbox = bareInbox(opened('boards'))
const referrals = opened('referrals')

function opened(schema: string): DatabaseSync {
  const database = new DatabaseSync(viewFileOf(folder, schema), { readOnly: true })
  // As much as the views of Relais have.
  database.exec('pragma cache_size = -16384')
  return database
}

const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
function all(sql: string, values: readonly string[]) {
  const statement = prepared.get(sql) ?? referrals.prepare(sql)
  prepared.set(sql, statement)
  return statement.all(...values)
}

const place = 'item.box_order, item.referral_id, item.recipient'
const marks = (values: readonly string[]) => values.map(() => '?').join(', ')

const received = (names: readonly string[]) =>
  all(
    `select ${place}, item.patient_id, item.work, card.card, taken.taken_for from received_item item
      join referral_card card on card.referral_id = item.referral_id
      left join receiver_taken taken on taken.referral_id = item.referral_id and taken.recipient = item.recipient
      where item.recipient in (${marks(names)}) and item.is_open = 1 order by ${place} limit 50`,
    names,
  )

function sent(names: readonly string[]) {
  const items = all(
    `select ${place}, item.patient_id, card.card from sent_item item
      join referral_card card on card.referral_id = item.referral_id
      where item.recipient in (${marks(names)}) and item.is_open = 0
      order by item.box_order desc, item.referral_id desc, item.recipient desc limit 50`,
    names,
  )
  const ids = items.map(({ referral_id }) => String(referral_id))
  const statuses = all(
    `select status.*, reached.recipient as reached, (select min(question_id) from open_question question
        where question.referral_id = status.referral_id and question.recipient = status.recipient) as question
      from receiver_status status left join receiver_reached reached
        on reached.referral_id = status.referral_id and reached.recipient = status.recipient
      where status.referral_id in (${marks(ids)}) order by status.referral_id, status.recipient`,
    ids,
  )
  return { items, statuses }
}

function statistics({ from = '', to = '', by = 'month' }: Record<string, string>) {
  const key = by === 'recipient' ? 'recipient' : 'month'
  const during = 'month >= ? and month < ?'
  const since = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  const outcomes = all(
    `select ${key} as key, outcome, reason, delay_seconds, count(*) as count from ask_outcome where ${during}
      group by month, ${key === 'recipient' ? 'recipient,' : ''} outcome, reason, delay_seconds`,
    [from, to],
  )
  const open = all(
    `select ${key} as key, case when asked_at > ? then 'day' when asked_at > ? then 'threeDays'
        when asked_at > ? then 'week' else 'older' end as age, count(*) as count
      from open_ask where ${during} group by 1, 2`,
    [since(1), since(3), since(7), from, to],
  )
  return { outcomes, open }
}

const behind = ({ from = '', to = '', figure = '' }: Record<string, string>) =>
  all(
    `select referral_id, recipient, event_id, asked_at, month, reason from ask_outcome
      where month >= ? and month < ? and outcome = ? order by month, referral_id, recipient limit 50`,
    [from, to, figure],
  )

const actorOf = async (header: string | undefined) =>
  (await verifier.verify(header?.slice('Bearer '.length) ?? '')).actor
const app = new Hono()
  .get('/inbox', async (c) => c.json(inbox((await actorOf(c.req.header('authorization'))).id)))
  .get('/referrals', async (c) => {
    const names = queuesOf(await actorOf(c.req.header('authorization')))
    return c.json(c.req.query('box') === 'sent' ? sent(names) : { items: received(names) })
  })
  .get('/referrals/statistics', async (c) => {
    await actorOf(c.req.header('authorization'))
    return c.json(statistics(c.req.query()))
  })
  .get('/referrals/statistics/events', async (c) => {
    await actorOf(c.req.header('authorization'))
    return c.json({ events: behind(c.req.query()) })
  })
const serving = await serve(app, { host: '127.0.0.1', port: 0 })
process.once('disconnect', () => void serving.close(0).then(() => process.exit()))
process.send?.({ port: serving.port })
