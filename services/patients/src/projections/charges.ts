import { isReferralEvent, type ReferralEvent } from '@relais/contracts/referrals'
import { type Projection, type RowOperation, upsert } from '@relais/projections/projection'

export type ChargeTables = {
  charge: {
    referral_id: string
    recipient: string
    patient_id: string
    member_id: string
    accepted_at: string
    is_over: number
  }
}

/** Who took charge of whom by accepting a referral, and whether that ended without the patient having been seen. */
export const charges: Projection<ReferralEvent> = {
  name: 'charges-1',
  tables: {
    charge: {
      columns: {
        referral_id: 'text',
        recipient: 'text',
        patient_id: 'text',
        member_id: 'text',
        accepted_at: 'text',
        is_over: 'integer',
      },
      key: ['referral_id', 'recipient'],
      indexes: [['patient_id', 'member_id']],
    },
  },
  rows: ({ event }) => {
    if (!event || !isReferralEvent(event)) return []
    if (event.type === 'ReferralAccepted') {
      const { by, acceptedAt: at } = event.data
      return chargeRows(event.data, { by, at, isOver: false })
    }
    const accepted = event.type === 'ReceiverStoodDown' ? event.data.accepted : undefined
    return event.type === 'ReceiverStoodDown' && accepted ? chargeRows(event.data, { ...accepted, isOver: true }) : []
  },
}

type Asked = Extract<ReferralEvent, { type: 'ReferralAccepted' | 'ReceiverStoodDown' }>['data']
type Charge = { by: string; at: string; isOver: boolean }

/** Who gives an opinion takes charge of nobody. */
function chargeRows({ referralId, recipient, patientId, kind }: Asked, { by, at, isOver }: Charge): RowOperation[] {
  if (kind === 'advice') return []
  const row = { referral_id: referralId, recipient, patient_id: patientId, member_id: by, accepted_at: at }
  return [upsert('charge', { ...row, is_over: isOver ? 1 : 0 })]
}
