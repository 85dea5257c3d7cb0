import { getRouteApi, Link } from '@tanstack/react-router'
import { useWords } from '../../messages/language.tsx'
import { ReferralDetail } from './referral-detail.tsx'
import { referralWords } from './referral-words.ts'

const route = getRouteApi('/referrals/$referralId')

/** One referral, with an address of its own. */
export function ReferralPage() {
  const words = useWords(referralWords)
  const { referralId } = route.useParams()
  return (
    <div className="stack">
      <p className="unprinted">
        <Link to="/referrals">{`← ${words.title}`}</Link>
      </p>
      <h1 className="aside">{words.kind}</h1>
      <div className="card">
        <ReferralDetail key={referralId} referralId={referralId} />
      </div>
    </div>
  )
}
