import type { Receipts, WardBoardRow } from '@relais/contracts/boards'
import { Badge } from '../../design/badge.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { moment } from '../../messages/times.ts'
import { RecipientName } from '../../people/people.tsx'
import { reachedBy, type ReceiptStage, stageOf } from './receipts.ts'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

const tones: Record<ReceiptStage, 'plain' | 'warn' | 'calm' | 'done' | 'alert'> = {
  sent: 'warn',
  delivered: 'plain',
  read: 'calm',
  acted: 'done',
  returned: 'alert',
}

/** Who was told last of what, and how far it has come: in words, each receipt a fact of its own. */
export function ReceiptList({
  notices,
  today,
  isWhole = false,
}: {
  notices: WardBoardRow['notices']
  /** Any moment of the present day. */
  today: number
  /** Each receipt with its time, and not the last one only. */
  isWhole?: boolean
}) {
  const words = useWords(wardWords)
  const { acted, notice, circleRole } = useWords(domainWords)
  const { language } = useLanguage()
  if (notices.length === 0) return <p className="soft">{words.nobodyTold}</p>
  return (
    <ul className={styles.receipts} aria-label={words.receiptsOf}>
      {notices.map(({ noticeId, recipient, role, nature, receipts }) => {
        const stage = stageOf(receipts)
        return (
          <li key={noticeId} className={styles.receipt}>
            <span>
              <RecipientName id={recipient} /> <span className="soft">({circleRole[role]})</span>
            </span>
            <span className={styles.stage}>
              <Badge tone={tones[stage]}>
                {stage === 'acted' && receipts.acted ? acted[receipts.acted.action] : words.stages[stage]}
              </Badge>{' '}
              <time dateTime={reachedBy(receipts).at} className="soft">
                {moment(reachedBy(receipts).at, today, language)}
              </time>
            </span>
            {isWhole && (
              <span className={`${styles.steps} soft`}>
                {/* What was withdrawn may be one movement, and not the stay. */}
                {`${words.about} : ${nature === 'withdrawn' ? words.withdrawal : notice[nature]} · `}
                <EachReceipt receipts={receipts} today={today} />
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function EachReceipt({ receipts, today }: { receipts: Receipts; today: number }) {
  const words = useWords(wardWords)
  const { acted } = useWords(domainWords)
  const { language } = useLanguage()
  const { sentAt, returned, ...others } = receipts
  const given = { sent: { at: sentAt, by: undefined }, ...others, ...(returned && { returned }) }
  const stages = ['sent', 'delivered', 'read', ...(returned ? ['returned' as const] : ['acted' as const])] as const
  return (
    <>
      {stages.map((stage, index) => {
        const one = given[stage]
        const said = one && 'action' in one ? acted[one.action] : words.steps[stage]
        return (
          <span key={stage}>
            {index > 0 && ' · '}
            {one ? `${said} ${moment(one.at, today, language)}` : words.notYet(words.steps[stage])}
            {one?.by !== undefined && stage !== 'delivered' && (
              <>
                {` ${words.by} `}
                <RecipientName id={one.by} />
              </>
            )}
          </span>
        )
      })}
    </>
  )
}
