import type { StayItem } from '@relais/contracts/boards'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { useWords } from '../../messages/language.tsx'
import { ehpadWords } from './ehpad-words.ts'
import styles from './ehpad.module.css'

/** What the last notice of a stay waits for from the house, and the one press that says it is so. */
export function NoticeAct({ item, name }: { item: StayItem; name: string }) {
  const words = useWords(ehpadWords)
  const perform = usePerform()
  const subject = `notice/${item.noticeId}`
  const act = useActOn(subject)
  const mayAct = hasScope(usePerson(), 'notice:acknowledge')
  const { action, dueAt } = item.expected
  const isReturn = action === 'prepareReturn'
  const isHome = isReturn && item.standing.status === 'discharged'
  const said = isHome ? words.isBack : isReturn ? words.prepared : words.acknowledge
  const done = isHome ? words.isBackDone : isReturn ? words.preparedDone : words.acknowledged
  const { acted } = item.receipts
  if (acted)
    return (
      <p className="soft">
        ✓ {words.alreadyActed} <Moment at={acted.at} only="absolute" />
      </p>
    )
  return (
    <div className={styles.expected}>
      {isReturn && !isHome && dueAt !== undefined && (
        <span>
          {words.prepareBy} <Moment at={dueAt} />
        </span>
      )}
      {act && act.state !== 'refused' ? (
        <Badge tone="warn">{words[act.state]}</Badge>
      ) : (
        mayAct && (
          <Button
            onPress={() =>
              perform({
                subject,
                method: 'POST',
                path: `/notices/${item.noticeId}/receipts`,
                body: { receipt: 'acted', action: isReturn ? 'handled' : 'acknowledged' },
                what: done(name),
                affects: [['inbox']],
              })
            }
            label={`${said} : ${name}`}
          >
            {said}
          </Button>
        )
      )}
    </div>
  )
}
