import { disowningsOf, type CircleTables } from '@relais/access/circle'
import type { Asking } from '@relais/access/decide'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { Database } from '@relais/database/database'
import { repeated, type Repeated, runnerFor } from '@relais/database/statements'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/** What is asked about a patient, until it is closed or cancelled; and of whom, until that one has no part in it. */
export const askingTables = {
  asking: {
    columns: { referral_id: 'text', patient_id: 'text', stay_id: 'text?', withheld: 'integer' },
    key: ['referral_id'],
    indexes: [['patient_id']],
  },
  asked_recipient: {
    columns: { referral_id: 'text', recipient: 'text', has_accepted: 'integer', since: 'text' },
    key: ['referral_id', 'recipient'],
  },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type AskingTables = {
  asking: { referral_id: string; patient_id: string; stay_id: string | null; withheld: number }
  asked_recipient: { referral_id: string; recipient: string; has_accepted: number; since: string }
}

/** What an event changes in `askingTables`, from the event alone. */
export function askingRows({ type, data }: ReferralEvent): RowOperation[] {
  const referral_id = data.referralId
  switch (type) {
    case 'ReferralRequested': {
      const { patientId: patient_id, stayId, identityWithheld } = data
      const withheld = identityWithheld ? 1 : 0
      return [upsert('asking', { referral_id, patient_id, stay_id: stayId ?? null, withheld })]
    }
    case 'ReceiverAsked':
      return [upsert('asked_recipient', { ...recipientKey(data), has_accepted: 0, since: data.askedAt })]
    case 'ReferralAccepted':
      return [upsert('asked_recipient', { ...recipientKey(data), has_accepted: 1, since: data.acceptedAt })]
    case 'ReferralDeclined':
    case 'ReferralRedirected':
    case 'ReceiverStoodDown':
      return [remove('asked_recipient', recipientKey(data))]
    case 'ReferralClosed':
    case 'ReferralCancelled':
      return [remove('asking', { referral_id })]
    default:
      return []
  }
}

const recipientKey = ({ referralId, recipient }: { referralId: string; recipient: string }) => ({
  referral_id: referralId,
  recipient,
})

/**
 * Who is asked something about a person, known under these ids, and may know who that is: whoever accepted, and the others
 * unless that is withheld from them; nobody who said "not my patient" since.
 */
export async function askingsAbout(
  db: Database<AskingTables & CircleTables>['db'],
  ids: readonly string[],
): Promise<readonly Asking[]> {
  const { rows } = await runnerFor(db)(db, askingsOf(ids.length), ids)
  if (rows.length === 0) return []
  const disownings = await disowningsOf(db, ids)
  return rows
    .filter(({ recipient, since }) => {
      return !disownings.some(({ memberId, disownedAt }) => memberId === recipient && since <= disownedAt)
    })
    .map(({ recipient, stay_id }) => ({ recipient, ...(stay_id === null ? {} : { stayId: stay_id }) }))
}

type Row = Pick<AskingTables['asking'], 'stay_id'> & Pick<AskingTables['asked_recipient'], 'recipient' | 'since'>

const askingsOf: Repeated<Row> = repeated(
  `select asked.recipient, asked.since, asking.stay_id
  from asking
  join asked_recipient as asked on asked.referral_id = asking.referral_id
  where (asking.withheld = 0 or asked.has_accepted = 1) and asking.patient_id in (`,
  '?',
  ')',
)
