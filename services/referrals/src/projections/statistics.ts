import { FigureEvent, type ReferralFigures, type ReferralStatistics } from '@relais/contracts/referral-routes'
import { DeclineReason } from '@relais/contracts/referrals'
import { type Kysely, sql } from 'kysely'
import type { StatisticsTables } from './statistics-rows.ts'

type Db = Kysely<StatisticsTables>
export type Asked = { from: string; to: string; recipient?: string | undefined }
type Grouping = 'recipient' | 'month' | undefined

type OutcomeRow = { key: string; outcome: string; reason: string; count: number }
type OpenRow = { key: string; count: number }
type DelayRow = { key: string; place: number; total: number; delay_seconds: number }
type Counted = { outcomes: readonly OutcomeRow[]; open: readonly OpenRow[]; delays: readonly DelayRow[] }

const DAY_MILLISECONDS = 86_400_000
const ages = ['day', 'threeDays', 'week', 'older'] as const

/** Figures about what was asked from one day until another: nothing is read but the indexes of those days. */
export async function readStatistics(
  db: Db,
  asked: Asked & { by?: Grouping },
  now: string,
): Promise<ReferralStatistics> {
  const { from, to, by } = asked
  const [all, ageing] = [await count(db, asked, undefined), await readAgeing(db, asked, now)]
  const groups = by ? await count(db, asked, by) : undefined
  return {
    from,
    to,
    all: figures(all, ''),
    declinedBy: all.outcomes
      .filter(({ outcome }) => outcome === 'declined')
      .map(({ reason, count }) => ({ reason: DeclineReason.parse(reason), count: Number(count) })),
    ageing,
    ...(groups ? { groups: keysOf(groups).map((key) => ({ key, ...figures(groups, key) })) } : {}),
  }
}

async function count(db: Db, asked: Asked, by: Grouping): Promise<Counted> {
  const [key, where] = [keyOf(by), during(asked)]
  const [outcomes, open, delays] = await Promise.all([
    sql<OutcomeRow>`select ${key} as key, outcome, reason, count(*) as count from ask_outcome
      where ${where} group by ${key}, outcome, reason order by 1, 2, 3`.execute(db),
    sql<OpenRow>`select ${key} as key, count(*) as count from open_ask where ${where} group by ${key}`.execute(db),
    // The nearest rank: the delay that half of them, or nine of ten, do not exceed.
    sql<DelayRow>`select key, place, total, delay_seconds from (
        select ${key} as key, delay_seconds,
          row_number() over (partition by ${key} order by delay_seconds) as place,
          count(*) over (partition by ${key}) as total
        from ask_outcome where ${where} and outcome <> 'stoodDown') as ranked
      where place = (total + 1) / 2 or place = (total * 9 + 9) / 10`.execute(db),
  ])
  return { outcomes: outcomes.rows, open: open.rows, delays: delays.rows }
}

function keyOf(by: Grouping) {
  if (by === undefined) return sql`''`
  return by === 'recipient' ? sql`recipient` : sql`substr(day, 1, 7)`
}

function during({ from, to, recipient }: Asked) {
  const days = sql`day >= ${from} and day < ${to}`
  return recipient === undefined ? days : sql`recipient = ${recipient} and ${days}`
}

const keysOf = ({ outcomes, open }: Counted) => [...new Set([...outcomes, ...open].map(({ key }) => key))].toSorted()

function figures({ outcomes, open, delays }: Counted, key: string): Omit<ReferralFigures, 'key'> {
  const sum = (rows: readonly { key: string; count: number }[]) =>
    rows.reduce((total, row) => total + (row.key === key ? Number(row.count) : 0), 0)
  const of = (name: string) => sum(outcomes.filter(({ outcome }) => outcome === name))
  const own = delays
    .filter((row) => row.key === key)
    .toSorted((one, other) => Number(one.place) - Number(other.place))
    .map((row) => Number(row.delay_seconds))
  const [median] = own
  const p90 = own.at(-1)
  return {
    asked: sum(outcomes) + sum(open),
    accepted: of('accepted'),
    declined: of('declined'),
    redirected: of('redirected'),
    stoodDown: of('stoodDown'),
    ...(median === undefined || p90 === undefined ? {} : { delaySeconds: { median, p90 } }),
  }
}

/** What waits for an answer, by how long it has. */
async function readAgeing(db: Db, asked: Asked, now: string): Promise<ReferralStatistics['ageing']> {
  const since = (days: number) => new Date(Date.parse(now) - days * DAY_MILLISECONDS).toISOString()
  const [day, threeDays, week] = [since(1), since(3), since(7)]
  const { rows } = await sql<{ age: string; count: number }>`
    select age, count(*) as count from (
      select case when asked_at > ${day} then 'day' when asked_at > ${threeDays} then 'threeDays'
        when asked_at > ${week} then 'week' else 'older' end as age
      from open_ask where ${during(asked)}) as aged
    group by age`.execute(db)
  return ages.map((age) => ({ age, count: Number(rows.find((row) => row.age === age)?.count ?? 0) }))
}

export type Behind = Asked & {
  figure: 'asked' | 'accepted' | 'declined' | 'redirected' | 'stoodDown' | 'open'
  reason?: DeclineReason | undefined
  limit: number
  keys: readonly string[]
}
type BehindRow = {
  referral_id: string
  recipient: string
  event_id: string
  asked_at: string
  day: string
  reason: string
}

/** What a figure counts: the facts themselves, in the order of their days. */
export async function readBehind(db: Db, behind: Behind) {
  const { figure, reason, limit, keys } = behind
  const [day, referralId, recipient] = keys
  const table = figure === 'asked' ? 'asked' : figure === 'open' ? 'open_ask' : 'ask_outcome'
  const isOutcome = table === 'ask_outcome'
  const { rows } = await sql<BehindRow>`
    select referral_id, recipient, event_id, asked_at, day, ${isOutcome ? sql`reason` : sql`''`} as reason
    from ${sql.table(table)} where ${during(behind)}
    ${isOutcome ? sql`and outcome = ${figure}` : sql``}
    ${isOutcome && reason !== undefined ? sql`and reason = ${reason}` : sql``}
    ${recipient === undefined ? sql`` : sql`and (day, referral_id, recipient) > (${day}, ${referralId}, ${recipient})`}
    order by day, referral_id, recipient limit ${limit}`.execute(db)
  return rows.map((row) => ({ event: eventOf(row), place: [row.day, row.referral_id, row.recipient] as const }))
}

function eventOf({ referral_id, recipient, event_id, asked_at, reason }: BehindRow): FigureEvent {
  const said = reason === '' ? {} : { reason }
  return FigureEvent.parse({ referralId: referral_id, recipient, eventId: event_id, askedAt: asked_at, ...said })
}
