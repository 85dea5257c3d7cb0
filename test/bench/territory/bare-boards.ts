import { DatabaseSync } from 'node:sqlite'
import { serve } from '@relais/http/serve'
import { tokenVerifier } from '@relais/identity/tokens'
import { Hono } from 'hono'
import type { JSONWebKeySet } from 'jose'
import { bareInbox, receiptJoins, told } from './bare-inbox.ts'
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

const stays = database.prepare(`select stay_id, patient_id, board_order, standing from board_stay
  where (medical_ward = :ward and ends_at > :since) or (care_ward = :ward and ends_at > :since)
    or (awaited_ward = :ward and ends_at > :since)
  order by board_order, stay_id limit 50`)
const toldOf = database.prepare(`select ${told} from inbox_item item ${receiptJoins}
  where item.stay_id in (select value from json_each(?)) order by item.recipient`)
const inbox = bareInbox(database)
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
    return c.json(inbox(id))
  })
  .get('/boards/ehpad/:finess', async (c) => {
    await actorOf(c.req.header('authorization'))
    return c.json({ rows: residents.all(c.req.param('finess')) })
  })
const serving = await serve(app, { host: '127.0.0.1', port: 0 })
process.once('disconnect', () => void serving.close(0).then(() => process.exit()))
process.send?.({ port: serving.port })
