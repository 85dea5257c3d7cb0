import type { ReceiverStatus, ReferralItem } from '@relais/contracts/referral-views'
import type { Instant, ProfessionalId, Recipient } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { ReferralId, Work } from '@relais/contracts/work'
import { type Parameter, repeated, type Repeated, runnerFor } from '@relais/database/statements'
import type { Kysely } from 'kysely'
import type { BoxTables, Card } from './box-rows.ts'

type Db = Kysely<BoxTables>
/** After every order of a box, and every id. */
const LAST = '~'
export type Box = { names: readonly string[]; status: 'open' | 'closed'; limit: number; keys: readonly string[] }
/** A row of a box, and where it lies. `item` is absent where another row of the same box shows it. */
export type BoxRow = { patientId: string; place: readonly [string, string, string]; item: ReferralItem | undefined }

/** The facts of one referral in their order, and to whom it was delivered. */
export async function readFacts(db: Db, referralId: string) {
  const facts = db.selectFrom('referral_fact').where('referral_id', '=', referralId).orderBy('position')
  const reached = db.selectFrom('receiver_reached').where('referral_id', '=', referralId)
  const [rows, receivers] = await Promise.all([facts.select('event').execute(), reached.select('recipient').execute()])
  return {
    // The projection wrote it from an event.
    events: rows.map(({ event }) => JSON.parse(event) as ReferralEvent),
    reached: new Set(receivers.map(({ recipient }) => recipient)),
  }
}

type PlacedRow = { recipient: Recipient; referral_id: ReferralId; patient_id: string; box_order: string; card: string }
type ReceivedRow = PlacedRow & { work: string; taken_for: ProfessionalId | null }

/** What was sent under these names, with how far each recipient has come. */
export async function readSent(db: Db, box: Box): Promise<BoxRow[]> {
  const { rows } = await runnerFor(db)(db, sentPages[box.status](box.names.length), parametersOf(box))
  const statuses = await readStatuses(
    db,
    rows.map(({ referral_id }) => referral_id),
  )
  return rows.map((row) => {
    const { told, ...card } = cardOf(row)
    const { referral_id: referralId, recipient } = row
    const isFirst = told.find((name) => box.names.includes(name)) === recipient
    const item = { ...card, referralId, recipient, receivers: statuses.get(referralId) ?? [] }
    return { ...placed(row), item: isFirst ? item : undefined }
  })
}

/** What came under these names, with what is expected. Who the patient is stays unsaid where it is withheld. */
export async function readReceived(db: Db, box: Box): Promise<BoxRow[]> {
  const { rows } = await runnerFor(db)(db, receivedPages[box.status](box.names.length), parametersOf(box))
  return rows.map((row) => ({ ...placed(row), item: receivedItem(row, box) }))
}

function receivedItem(row: ReceivedRow, { status }: Box): ReferralItem {
  // The projection wrote it from what was asked.
  const { nature, expected, withheld } = JSON.parse(row.work) as Work
  const { told: _, patientId, stayId, ...card } = cardOf(row)
  return {
    ...card,
    ...(withheld ? {} : { patientId, stayId }),
    referralId: row.referral_id,
    recipient: row.recipient,
    nature,
    ...(status === 'open' ? { expected } : {}),
    ...(row.taken_for === null ? {} : { takenFor: row.taken_for }),
  }
}

const sentPages = pagesOf<PlacedRow>(`
  select item.recipient, item.referral_id, item.patient_id, item.box_order, card.card
  from sent_item as item join referral_card as card on card.referral_id = item.referral_id`)
const receivedPages = pagesOf<ReceivedRow>(`
  select item.recipient, item.referral_id, item.patient_id, item.box_order, item.work, card.card, taken.taken_for
  from received_item as item join referral_card as card on card.referral_id = item.referral_id
  left join receiver_taken as taken on taken.referral_id = item.referral_id and taken.recipient = item.recipient`)

/** What is due first, or what ended last, of so many names. */
function pagesOf<Row>(tables: string): Record<Box['status'], Repeated<Row>> {
  const page = (isOpen: 0 | 1, beyond: string, direction: string) =>
    repeated(
      `${tables} where item.recipient in (`,
      '?',
      `) and item.is_open = ${isOpen} and (item.box_order, item.referral_id, item.recipient) ${beyond} (?, ?, ?)
      order by item.box_order ${direction}, item.referral_id ${direction}, item.recipient ${direction}
      limit cast(? as integer)`,
    )
  return { open: page(1, '>', 'asc'), closed: page(0, '<', 'desc') }
}

/** Of a box that is read from its end, the first page comes before all that could be in it. */
function parametersOf({ names, status, limit, keys }: Box): Parameter[] {
  const [order, referralId, recipient] = keys
  const edge = status === 'open' ? '' : LAST
  return [...names, order ?? edge, referralId ?? edge, recipient ?? edge, limit]
}

function placed({ patient_id, box_order, referral_id, recipient }: PlacedRow): Omit<BoxRow, 'item'> {
  return { patientId: patient_id, place: [box_order, referral_id, recipient] }
}

// The projection wrote it.
const cardOf = ({ card }: { card: string }) => JSON.parse(card) as Card

type Status = { recipient: Recipient; status: ReceiverStatus; since: Instant }
type StatusRow = Status & { referral_id: ReferralId; reached: string | null; question: string | null }
type Statuses = ReadonlyMap<string, Status[]>

function statusOf({ recipient, status, since, reached, question }: StatusRow): Status {
  const asked: ReceiverStatus = question === null ? (reached === null ? 'sent' : 'received') : 'moreInfo'
  return { recipient, status: status === 'sent' ? asked : status, since }
}

const statusesOf: Repeated<StatusRow> = repeated(
  `select status.referral_id, status.recipient, status.status, status.since, reached.recipient as reached,
    (select min(question_id) from open_question as question
      where question.referral_id = status.referral_id and question.recipient = status.recipient) as question
  from receiver_status as status
  left join receiver_reached as reached
    on reached.referral_id = status.referral_id and reached.recipient = status.recipient
  where status.referral_id in (`,
  '?',
  ') order by status.referral_id, status.recipient',
)

/** How far the recipients of these referrals have come. */
async function readStatuses(db: Db, referralIds: readonly string[]): Promise<Statuses> {
  if (referralIds.length === 0) return new Map()
  const { rows } = await runnerFor(db)(db, statusesOf(referralIds.length), referralIds)
  const byReferral = Map.groupBy(rows, ({ referral_id }) => referral_id)
  return new Map([...byReferral].map(([id, each]) => [id, each.map(statusOf)]))
}
