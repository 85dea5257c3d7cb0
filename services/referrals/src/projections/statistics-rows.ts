import type { ReferralEvent } from '@relais/contracts/referrals'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/**
 * Figures. What was asked of one recipient is one row: in `open_ask`, then in `ask_outcome`, which both know the month. The
 * indexes of the latter hold all that a figure reads, in the order in which it is counted: nothing is sorted. `asked`
 * serves to go from a figure to what is behind it.
 */
export const statisticsTables = {
  asked: {
    columns: { referral_id: 'text', recipient: 'text', month: 'text', asked_at: 'text', event_id: 'text' },
    key: ['referral_id', 'recipient'],
    indexes: [
      ['month', 'referral_id', 'recipient'],
      ['recipient', 'month', 'referral_id'],
    ],
  },
  open_ask: {
    columns: { referral_id: 'text', recipient: 'text', month: 'text', asked_at: 'text', event_id: 'text' },
    key: ['referral_id', 'recipient'],
    indexes: [
      ['month', 'referral_id', 'recipient'],
      ['recipient', 'month', 'referral_id'],
    ],
  },
  ask_outcome: {
    columns: {
      referral_id: 'text',
      recipient: 'text',
      month: 'text',
      asked_at: 'text',
      outcome: 'text',
      /** Empty but for a refusal. */
      reason: 'text',
      /** Two figures of it, so that many count as one. */
      delay_seconds: 'integer',
      event_id: 'text',
    },
    key: ['referral_id', 'recipient'],
    indexes: [
      ['month', 'outcome', 'reason', 'delay_seconds'],
      ['month', 'recipient', 'outcome', 'reason', 'delay_seconds'],
      ['recipient', 'month', 'outcome', 'reason', 'delay_seconds'],
      ['outcome', 'month', 'referral_id', 'recipient'],
    ],
  },
} satisfies Record<string, Table>

type Ask = { referral_id: string; recipient: string; month: string; asked_at: string; event_id: string }
/** The same tables, for a query. */
export type StatisticsTables = {
  asked: Ask
  open_ask: Ask
  ask_outcome: Ask & { outcome: string; reason: string; delay_seconds: number }
}

type Outcome = 'accepted' | 'declined' | 'redirected' | 'stoodDown'

/** What an event changes in `statisticsTables`, from the event alone. */
export function statisticsRows({ type, data }: ReferralEvent, eventId: string): RowOperation[] {
  switch (type) {
    case 'ReceiverAsked': {
      const row = { ...askOf(data), event_id: eventId }
      return [upsert('asked', row), upsert('open_ask', row)]
    }
    case 'ReferralAccepted':
      return outcomeRows(data, { outcome: 'accepted', at: data.acceptedAt, eventId })
    case 'ReferralDeclined':
      return outcomeRows(data, { outcome: 'declined', at: data.declinedAt, eventId, reason: data.reason })
    case 'ReferralRedirected':
      return outcomeRows(data, { outcome: 'redirected', at: data.redirectedAt, eventId })
    case 'ReceiverStoodDown':
      // Of who had accepted, that it was accepted is what counts.
      return data.accepted ? [] : outcomeRows(data, { outcome: 'stoodDown', at: data.stoodDownAt, eventId })
    default:
      return []
  }
}

type Asked = { referralId: string; recipient: string; askedAt: string }

function askOf({ referralId, recipient, askedAt }: Asked) {
  return { referral_id: referralId, recipient, month: askedAt.slice(0, 7), asked_at: askedAt }
}

type Ended = { outcome: Outcome; at: string; eventId: string; reason?: string }

function outcomeRows(asked: Asked, { outcome, at, eventId, reason = '' }: Ended): RowOperation[] {
  const { referralId: referral_id, recipient, askedAt } = asked
  const seconds = Math.max(0, Math.round((Date.parse(at) - Date.parse(askedAt)) / 1000))
  const delay_seconds = Number(seconds.toPrecision(2))
  return [
    remove('open_ask', { referral_id, recipient }),
    upsert('ask_outcome', { ...askOf(asked), outcome, reason, delay_seconds, event_id: eventId }),
  ]
}
