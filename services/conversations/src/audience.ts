import type { AccessFacts } from '@relais/access/decide'
import { wardRecipient } from '@relais/access/recipients'
import type { Instant } from '@relais/contracts/primitives'
import type { Kysely } from 'kysely'
import type { KnownThread } from './domain/thread.ts'
import type { ConversationTables } from './projections/tables.ts'

type Role = { recipient: string; role?: string }
/** Those who are written to when all of a thread are, and those who may be named in it. */
export type Audience = { all: readonly Role[]; others: ReadonlySet<string> }

type Deps = { db: Kysely<ConversationTables> }
type PatientFacts = { facts: AccessFacts; ids: readonly string[]; at: Instant }

/** Of a thread about a patient: the members of the circle, and the wards where the patient now is. */
export async function audienceOfPatient(deps: Deps, { facts, ids, at }: PatientFacts): Promise<Audience> {
  const members = facts.members
    .filter(({ joinedAt, leftAt }) => joinedAt <= at && (leftAt === undefined || at < leftAt))
    .map(({ memberId, role }) => ({ recipient: memberId, role }))
  const rows = await deps.db
    .selectFrom('stay_owner')
    .innerJoin('stay_now', 'stay_now.stay_id', 'stay_owner.stay_id')
    .where('stay_owner.patient_id', 'in', ids)
    .where('stay_now.ended_at', 'is', null)
    .select('stay_now.wards')
    .execute()
  // `standingRow` wrote them.
  const wards = rows.flatMap((row) => JSON.parse(row.wards) as string[])
  const known = facts.stays.flatMap((stay) =>
    stay.wards.flatMap((code) => wardRecipient({ facility: stay.facility, code }) ?? []),
  )
  return { all: [...members, ...wards.map((recipient) => ({ recipient }))], others: new Set(known) }
}

/** Of a thread that names its members; of one for everybody nobody is known, and anybody may be named. */
export function audienceOfMembers({ members }: KnownThread): Audience {
  return { all: members.map((recipient) => ({ recipient })), others: new Set() }
}

/** Who has written in a thread: the people of a team are known by nothing else. */
export async function authorsAmong(
  { db }: Deps,
  threadId: string,
  people: readonly string[],
): Promise<ReadonlySet<string>> {
  const query = db.selectFrom('post').where('thread_id', '=', threadId).where('author', 'in', people).select('author')
  return new Set((await query.distinct().execute()).map(({ author }) => author))
}
