import { DatabaseSync } from 'node:sqlite'
import { serve } from '@relais/http/serve'
import { tokenVerifier } from '@relais/identity/tokens'
import { Hono } from 'hono'
import type { JSONWebKeySet } from 'jose'
import { AUDIENCE, ISSUER, viewFileOf } from './open-territory.ts'

/**
 * The least that a team would write: the token is verified, the same indexed queries run on the same file, and what they
 * find is the answer. Nothing is parsed, checked, or kept from anybody who has a token.
 */
export type BareBoardsSettings = { folder: string; jwks: JSONWebKeySet }

// Written by startProgram.
const { folder, jwks } = JSON.parse(process.argv[2] ?? '{}') as BareBoardsSettings
const verifier = tokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { jwks } })
const database = new DatabaseSync(viewFileOf(folder, 'boards'), { readOnly: true })

// As much as the views of Relais have.
database.exec('pragma cache_size = -16384')

const receipts = ['delivered', 'read', 'acted', 'returned']
const joins = receipts
  .map(
    (name) => `left join notice_receipt ${name} on ${name}.notice_id = item.notice_id and ${name}.receipt = '${name}'`,
  )
  .join(' ')
const columns = receipts.map((name) => `${name}.by as ${name}_by, ${name}.at as ${name}_at`).join(', ')
const told = `item.stay_id, item.notice_id, item.recipient, item.role, item.nature, item.sent_at, ${columns}, acted.action`
const stays = database.prepare(`select stay_id, patient_id, board_order, standing from board_stay
  where (medical_ward = :ward and ends_at > :since) or (care_ward = :ward and ends_at > :since)
    or (awaited_ward = :ward and ends_at > :since)
  order by board_order, stay_id limit 50`)
const toldOf = database.prepare(`select ${told} from inbox_item item ${joins}
  where item.stay_id in (select value from json_each(?)) order by item.recipient`)
const inbox =
  database.prepare(`select ${told}, item.patient_id, item.happened_at, item.standing, item.changed, item.due_order
  from (select item.*, listed.due_order from open_item listed
    join inbox_item item on item.recipient = listed.recipient and item.stay_id = listed.stay_id
    where listed.recipient = :recipient and item.notice_id = listed.notice_id and not exists (select 1 from returned_patient back where back.recipient = item.recipient
      and back.patient_id = item.patient_id and back.position > item.position)
    and not exists (select 1 from board_stay where board_stay.stay_id = item.stay_id and confidential = 1)
    order by listed.due_order, listed.stay_id limit 50) item ${joins} order by item.due_order, item.stay_id`)
const asked = database.prepare(`select item.*, sent.notice_id, sent.sent_at, ${columns}, acted.action
  from (select asked.*, listed.due_order from open_work listed
    join work_item asked on asked.recipient = listed.recipient and asked.subject = listed.subject
    where listed.recipient = :recipient and not exists (select 1 from returned_patient back
      where back.recipient = asked.recipient and back.patient_id = asked.patient_id and back.position > asked.position)
    order by listed.due_order, listed.subject limit 50) item
  left join work_notice sent on sent.recipient = item.recipient and sent.subject = item.subject
    and sent.source_id = item.source_id
  ${joins.replaceAll('item.notice_id', 'sent.notice_id')} order by item.due_order, item.subject`)
const residents = database.prepare(`select resident.resident_id, entered_at, room, known.patient_id, stay_id, standing
  from resident left join resident_room place on place.resident_id = resident.resident_id
  left join resident_match known on known.resident_id = resident.resident_id
  left join board_stay on board_stay.patient_id = known.patient_id and is_current = 1 and confidential = 0
  where ehpad = ? order by resident.resident_id limit 50`)

const actorOf = async (header: string | undefined) =>
  (await verifier.verify(header?.slice('Bearer '.length) ?? '')).actor
const app = new Hono()
  .get('/boards/ward/:code', async (c) => {
    const { organisation } = await actorOf(c.req.header('authorization'))
    const since = new Date(Date.now() - 3 * 86_400_000).toISOString()
    const ward = `${organisation}:${c.req.param('code')}`
    const rows = stays.all({ ward, since })
    const notices = toldOf.all(JSON.stringify(rows.map(({ stay_id }) => stay_id)))
    return c.json({ rows, notices })
  })
  .get('/inbox', async (c) => {
    const { id } = await actorOf(c.req.header('authorization'))
    return c.json({ items: inbox.all({ recipient: id }), asked: asked.all({ recipient: id }) })
  })
  .get('/boards/ehpad/:finess', async (c) => {
    await actorOf(c.req.header('authorization'))
    return c.json({ rows: residents.all(c.req.param('finess')) })
  })
const serving = await serve(app, { host: '127.0.0.1', port: 0 })
process.once('disconnect', () => void serving.close(0).then(() => process.exit()))
process.send?.({ port: serving.port })
