import type { Instant, Recipient } from '@relais/contracts/primitives'
import type { FigureEvent, ReferralFigures, ReferralStatistics } from '@relais/contracts/referral-views'
import { DeclineReason } from '@relais/contracts/referrals'
import type { ReferralId } from '@relais/contracts/work'
import { type Kysely, sql } from 'kysely'
import type { StatisticsTables } from './statistics-rows.ts'

type Db = Kysely<StatisticsTables>
/** Months: from the first one until before the last one. */
export type Asked = { from: string; to: string; recipient?: string | undefined }

/** So many of a month, or of a recipient, had this outcome after this delay. */
type OutcomeRow = { key: string; outcome: string; reason: string; delay_seconds: number; count: number }
type OpenRow = { key: string; age: string; count: number }

const DAY_MILLISECONDS = 86_400_000
const ages = ['day', 'threeDays', 'week', 'older'] as const

/** Figures about what was asked in these months: nothing is read but indexes, and nothing is sorted. */
export async function readStatistics(
  db: Db,
  asked: Asked & { by?: 'recipient' | 'month' | undefined },
  now: string,
): Promise<ReferralStatistics> {
  const { from, to, by } = asked
  const [outcomes, open] = await Promise.all([readOutcomes(db, asked), readOpen(db, asked, now)])
  return {
    from,
    to,
    all: figuresOf(outcomes, open),
    declinedBy: DeclineReason.options.flatMap((reason) => {
      const count = total(outcomes.filter((row) => row.outcome === 'declined' && row.reason === reason))
      return count === 0 ? [] : [{ reason, count }]
    }),
    ageing: ages.map((age) => ({ age, count: total(open.filter((row) => row.age === age)) })),
    ...(by ? { groups: groupsOf(outcomes, open) } : {}),
  }
}

type Grouped = Asked & { by?: 'recipient' | 'month' | undefined }

async function readOutcomes(db: Db, asked: Grouped): Promise<OutcomeRow[]> {
  const key = keyOf(asked)
  const { rows } = await sql<OutcomeRow>`
    select ${key} as key, outcome, reason, delay_seconds, count(*) as count from ask_outcome where ${during(asked)}
    group by month, ${asked.by === 'recipient' ? sql`recipient,` : sql``} outcome, reason, delay_seconds`.execute(db)
  return rows
}

/** What waits for an answer, by how long it has. */
async function readOpen(db: Db, asked: Grouped, now: string): Promise<OpenRow[]> {
  const since = (days: number) => new Date(Date.parse(now) - days * DAY_MILLISECONDS).toISOString()
  const { rows } = await sql<OpenRow>`
    select ${keyOf(asked)} as key, case when asked_at > ${since(1)} then 'day' when asked_at > ${since(3)} then 'threeDays'
      when asked_at > ${since(7)} then 'week' else 'older' end as age, count(*) as count
    from open_ask where ${during(asked)} group by 1, 2`.execute(db)
  return rows
}

const keyOf = ({ by }: Grouped) => (by === 'recipient' ? sql`recipient` : sql`month`)

function during({ from, to, recipient }: Asked) {
  const months = sql`month >= ${from} and month < ${to}`
  return recipient === undefined ? months : sql`recipient = ${recipient} and ${months}`
}

function groupsOf(outcomes: readonly OutcomeRow[], open: readonly OpenRow[]): ReferralFigures[] {
  const outcomesBy = Map.groupBy(outcomes, ({ key }) => key)
  const openBy = Map.groupBy(open, ({ key }) => key)
  const keys = [...new Set([...outcomesBy.keys(), ...openBy.keys()])].toSorted()
  return keys.map((key) => ({ key, ...figuresOf(outcomesBy.get(key) ?? [], openBy.get(key) ?? []) }))
}

function figuresOf(outcomes: readonly OutcomeRow[], open: readonly OpenRow[]): Omit<ReferralFigures, 'key'> {
  const of = (name: string) => total(outcomes.filter(({ outcome }) => outcome === name))
  const answered = outcomes.filter(({ outcome }) => outcome !== 'stoodDown')
  const delays = answered.toSorted((one, other) => one.delay_seconds - other.delay_seconds)
  const [median, p90] = [nearestRank(delays, 0.5), nearestRank(delays, 0.9)]
  return {
    asked: total(outcomes) + total(open),
    accepted: of('accepted'),
    declined: of('declined'),
    redirected: of('redirected'),
    stoodDown: of('stoodDown'),
    ...(median === undefined || p90 === undefined ? {} : { delaySeconds: { median, p90 } }),
  }
}

const total = (rows: readonly { count: number }[]) => rows.reduce((sum, { count }) => sum + count, 0)

/** The delay that this share of them does not exceed. */
function nearestRank(sorted: readonly OutcomeRow[], share: number): number | undefined {
  let left = Math.ceil(total(sorted) * share)
  for (const { delay_seconds, count } of sorted) {
    left -= count
    if (left <= 0) return delay_seconds
  }
  return undefined
}

export type Behind = Asked & {
  figure: 'asked' | 'accepted' | 'declined' | 'redirected' | 'stoodDown' | 'open'
  reason?: DeclineReason | undefined
  limit: number
  keys: readonly string[]
}
type BehindRow = {
  referral_id: ReferralId
  recipient: Recipient
  event_id: string
  asked_at: Instant
  month: string
  reason: DeclineReason | ''
}

/** What a figure counts: the facts themselves, month after month. */
export async function readBehind(db: Db, behind: Behind) {
  const { figure, reason, limit, keys } = behind
  const [month, referralId, recipient] = keys
  const table = figure === 'asked' ? 'asked' : figure === 'open' ? 'open_ask' : 'ask_outcome'
  const isOutcome = table === 'ask_outcome'
  const { rows } = await sql<BehindRow>`
    select referral_id, recipient, event_id, asked_at, month, ${isOutcome ? sql`reason` : sql`''`} as reason
    from ${sql.table(table)} where ${during(behind)}
    ${isOutcome ? sql`and outcome = ${figure}` : sql``}
    ${isOutcome && reason !== undefined ? sql`and reason = ${reason}` : sql``}
    ${recipient === undefined ? sql`` : sql`and (month, referral_id, recipient) > (${month}, ${referralId}, ${recipient})`}
    order by month, referral_id, recipient limit cast(${limit} as integer)`.execute(db)
  return rows.map((row) => ({ event: eventOf(row), place: [row.month, row.referral_id, row.recipient] as const }))
}

function eventOf({ referral_id, recipient, event_id, asked_at, reason }: BehindRow): FigureEvent {
  const said = reason === '' ? {} : { reason }
  return { referralId: referral_id, recipient, eventId: event_id, askedAt: asked_at, ...said }
}
