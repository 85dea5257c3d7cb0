import type { InboxItem, StayItem } from '@relais/contracts/boards'
import { useEffect, useState } from 'react'
import { useActOn } from '../../acts/acts.tsx'
import { actWords } from '../../acts/act-words.ts'
import { tell } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { ReferralDetail } from '../referrals/referral-detail.tsx'
import type { ReferralAct } from '../referrals/referral-offers.ts'
import { actKeys, actsOn, type InboxAct } from './inbox-acts.ts'
import { inboxWords } from './inbox-words.ts'
import { subjectOf, useDirectAct, useNotMine, useReader } from './item-acts.ts'
import { StayDetail } from './stay-detail.tsx'
import { StepDetail } from './step-detail.tsx'
import styles from './inbox.module.css'

export type Wanting = { wanted: InboxAct | undefined; onWanted: () => void }

/** An item, whole, and what may be done about it. Opened, it is read. */
export function ItemDetail({ item, ...wanting }: { item: InboxItem } & Wanting) {
  useReadReceipt(item)
  if (item.kind === 'stay') return <StayDetail item={item} acts={<StayActs item={item} {...wanting} />} />
  const { subject, expected } = item.work
  const acknowledging = expected.action === 'acknowledge' && <StayActs item={item} {...wanting} />
  if (subject.kind === 'referral')
    return (
      <>
        {acknowledging}
        <ReferralDetail
          key={subject.referralId}
          referralId={subject.referralId}
          wanted={referralAct(wanting.wanted)}
          onWanted={wanting.onWanted}
          shortcuts={shortcuts}
        />
      </>
    )
  return (
    <>
      {acknowledging}
      <StepDetail
        key={subject.stepId}
        runId={subject.runId}
        stepId={subject.stepId}
        wanted={wanting.wanted === 'skip' ? 'skip' : undefined}
        onWanted={wanting.onWanted}
      />
    </>
  )
}

const asked = ['decline', 'answer', 'ask', 'schedule', 'seen', 'askOthers'] as const satisfies ReferralAct[]
const shortcuts: Partial<Record<ReferralAct, string>> = {
  accept: actKeys.accept,
  take: actKeys.take,
  giveInformation: actKeys.answer,
  ...Object.fromEntries(asked.map((act) => [act, actKeys[act]])),
}

function referralAct(act: InboxAct | undefined): ReferralAct | undefined {
  return asked.find((one) => one === act)
}

/** What a notice is answered with. */
function StayActs({ item, wanted, onWanted }: { item: InboxItem } & Wanting) {
  const words = useWords(inboxWords)
  const acting = useWords(actWords)
  const explain = useWords(refusalWords)
  const reader = useReader()
  const direct = useDirectAct()
  const under = useActOn(subjectOf(item))
  const [isReturning, setReturning] = useState(false)
  const close = () => {
    setReturning(false)
    onWanted()
  }
  const isPending = under?.state === 'waiting' || under?.state === 'sending'
  const acts = actsOn(item, reader)
  return (
    <>
      {acts.length > 0 && (
        <div className={`${styles.acts} unprinted`} role="group" aria-label={words.actions}>
          {acts.map((act, index) => (
            <Button
              key={act}
              kind={index === 0 ? 'primary' : 'plain'}
              shortcut={actKeys[act]}
              isDisabled={isPending}
              onPress={() => (act === 'notMine' ? setReturning(true) : direct(item, act))}
            >
              {act === 'handle' && item.kind === 'stay' ? words.handled[item.expected.action] : words.acts[act].act}
            </Button>
          ))}
        </div>
      )}
      {isPending && item.kind === 'stay' && <p role="status">{`${under.what} — ${acting.pending}`}</p>}
      {under?.state === 'refused' && item.kind === 'stay' && (
        <p role="alert" className={styles.refused}>{`${under.what} — ${explain(under.refusal?.code ?? 'unknown')}`}</p>
      )}
      {item.kind === 'stay' && (
        <Dialog title={words.notMineTitle} isOpen={isReturning || wanted === 'notMine'} onClose={close}>
          <NotMine item={item} close={close} />
        </Dialog>
      )}
    </>
  )
}

/** It ends an access at once: it is asked twice. */
function NotMine({ item, close }: { item: StayItem; close: () => void }) {
  const words = useWords(inboxWords)
  const giveBack = useNotMine()
  return (
    <>
      <p>{words.notMineText}</p>
      <div className="row">
        <Button
          kind="danger"
          onPress={() => {
            giveBack(item)
            close()
          }}
        >
          {words.notMineConfirm}
        </Button>
        <Button onPress={close}>{words.cancel}</Button>
      </div>
    </>
  )
}

/** Whoever sent it learns that it was read. Nobody is told when that fails: the next opening says it again. */
function useReadReceipt({ noticeId, receipts, status, recipient }: InboxItem): void {
  const { givesCare, isQueue, mayAct } = useReader()
  const isToSay =
    noticeId !== undefined &&
    receipts?.read === undefined &&
    status === 'open' &&
    mayAct('notice:acknowledge') &&
    (givesCare || !isQueue(recipient))
  useEffect(() => {
    if (isToSay)
      tell({ method: 'POST', path: `/notices/${noticeId}/receipts`, body: { receipt: 'read' } }).catch(() => {})
  }, [isToSay, noticeId])
}
