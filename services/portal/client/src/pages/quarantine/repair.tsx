import type { repairQuarantined, replayQuarantined } from '@relais/contracts/http'
import type { FieldProblem } from '@relais/contracts/messages'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import type { AnswerOf } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import { ProblemList } from './problem-list.tsx'
import { quarantineWords } from './quarantine-words.ts'
import type { RepairDraft, Shown } from './repair-edits.ts'
import styles from './quarantine.module.css'

type Verdict = { of: 'repair' | 'replay'; problems: readonly FieldProblem[] }

/** The edits that are being made, what they would come to, and the replay. */
export function Repair({
  message: { messageId, status },
  draft,
  onChange,
  onSettled,
}: {
  message: Shown
  draft: RepairDraft
  onChange: (draft: RepairDraft) => void
  onSettled: () => void
}) {
  const words = useWords(quarantineWords)
  const perform = usePerform()
  const [verdict, setVerdict] = useState<Verdict>()
  const act = useActOn(`quarantine/${messageId}`)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const { edits } = draft
  const isSent = JSON.stringify(edits) === JSON.stringify(draft.sent)
  const common = { subject: `quarantine/${messageId}`, method: 'POST', affects: [['quarantine']] } as const

  const repair = () =>
    perform(
      { ...common, path: `/quarantine/${messageId}/repairs`, body: { edits }, what: words.repaired },
      (answer) => {
        // What the platform answers to a repair, as its contract has it.
        const { problems } = answer as AnswerOf<typeof repairQuarantined>
        onChange({ edits, sent: edits })
        setVerdict({ of: 'repair', problems })
      },
    )
  const replay = () =>
    perform(
      { ...common, path: `/quarantine/${messageId}/replays`, body: { cause: 'person' }, what: words.replayed },
      (answer) => {
        // What the platform answers to a replay, as its contract has it.
        const { outcome, problems } = answer as AnswerOf<typeof replayQuarantined>
        if (outcome === 'accepted') onSettled()
        setVerdict({ of: 'replay', problems })
      },
    )

  return (
    <section className="card stack" aria-labelledby="repair">
      <h2 id="repair">{words.repair}</h2>
      <p className="soft">{words.repairText}</p>
      {edits.length === 0 ? (
        <p className="soft">{words.noEdit}</p>
      ) : (
        <ol className={styles.edits}>
          {edits.map((edit, index) => (
            // The same edit may come twice: its place is its name.
            <li key={`${index} ${edit.op} ${edit.path}`}>
              {edit.op === 'removeField'
                ? words.edits.removeField(edit.path)
                : words.edits[edit.op](edit.path, edit.value)}{' '}
              <Button
                kind="quiet"
                isDisabled={isWaiting}
                onPress={() => onChange({ ...draft, edits: edits.filter((_, at) => at !== index) })}
              >
                {words.dropEdit}
              </Button>
            </li>
          ))}
        </ol>
      )}
      <div className="row">
        <Button
          kind={status === 'repaired' && isSent ? 'plain' : 'primary'}
          onPress={repair}
          isDisabled={edits.length === 0 || isSent}
          isPending={isWaiting}
        >
          {isWaiting ? words.waiting : words.sendRepair}
        </Button>
        <Button
          kind={status === 'repaired' && isSent ? 'primary' : 'plain'}
          onPress={replay}
          isDisabled={edits.length > 0 && !isSent}
          isPending={isWaiting}
        >
          {words.replay}
        </Button>
      </div>
      <div role="status">{verdict && <VerdictText verdict={verdict} />}</div>
    </section>
  )
}

function VerdictText({ verdict: { of, problems } }: { verdict: Verdict }) {
  const words = useWords(quarantineWords)
  if (problems.length === 0)
    return <p className={styles.good}>{of === 'repair' ? words.nothingLeft : words.accepted}</p>
  return (
    <>
      <p className={styles.notice}>{of === 'repair' ? words.stillRefused : words.stillThere}</p>
      <ProblemList problems={problems} label={words.problems} />
    </>
  )
}
