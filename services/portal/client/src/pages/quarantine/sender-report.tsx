import type { readSenderReport } from '@relais/contracts/sender-routes'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AnswerOf } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy-button.tsx'
import { Field } from '../../design/field.tsx'
import { Answered } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { reportQuery } from './quarantine-queries.ts'
import { quarantineWords } from './quarantine-words.ts'
import styles from './quarantine.module.css'

type Report = AnswerOf<typeof readSenderReport>
const counted = ['received', 'accepted', 'repeated', 'repaired', 'waiting', 'ignored', 'refused', 'unreadable'] as const

/** What is read out on the phone to whoever makes the software. */
export function SenderReport({ senders }: { senders: readonly string[] }) {
  const words = useWords(quarantineWords)
  const today = new Date(useNow()).toISOString().slice(0, 'yyyy-mm-dd'.length)
  const [written, setWritten] = useState<string>()
  const sender = written ?? senders[0] ?? ''
  const [day, setDay] = useState('')
  const [asked, setAsked] = useState({ sender: '', day: '' })
  const report = useQuery(reportQuery(asked.sender, asked.day))
  return (
    <section className="card stack" aria-labelledby="report">
      <h2 id="report">{words.report}</h2>
      <p className="soft">{words.reportText}</p>
      <form
        className={styles.report}
        onSubmit={(event) => {
          event.preventDefault()
          setAsked({ sender: sender.trim(), day: day === '' ? today : day })
        }}
      >
        <Field label={words.sender} help={words.senderHelp} value={sender} onChange={setWritten} maxLength={40} />
        <Field type="date" label={words.day} value={day === '' ? today : day} onChange={setDay} />
        <Button type="submit" isDisabled={sender.trim() === ''}>
          {words.showReport}
        </Button>
      </form>
      {asked.sender !== '' && <Answered query={report}>{(found) => <Figures report={found} />}</Answered>}
    </section>
  )
}

function Figures({ report }: { report: Report }) {
  const words = useWords(quarantineWords)
  const { missingMovements, missingControlIds, senderId, day } = report
  const movements = missingMovements.map(
    ({ authority, number, controlIds }) => `${number} (${authority}), MSH-10 : ${controlIds.join(', ')}`,
  )
  const controlIds = missingControlIds.map(({ from, to, count }) => `${from} ${words.to} ${to} (${count})`)
  const text = () =>
    [
      `${words.report} : ${senderId}, ${day}`,
      ...counted.map((name) => `${words.counts[name]} : ${report[name]}`),
      ...movements.map((line) => `${words.missingMovements} : ${line}`),
      ...controlIds.map((line) => `${words.missingControlIds} : ${line}`),
    ].join('\n')
  return (
    <>
      <dl className={styles.figures}>
        {counted.map((name) => (
          <div key={name}>
            <dt>{words.counts[name]}</dt>
            <dd>{report[name]}</dd>
          </div>
        ))}
      </dl>
      {movements.length + controlIds.length === 0 && <p className="soft">{words.nothingMissing}</p>}
      <Lines title={words.missingMovements} lines={movements} />
      <Lines title={words.missingControlIds} lines={controlIds} />
      <div className="row unprinted">
        <CopyButton text={text}>{words.copyReport}</CopyButton>
      </div>
    </>
  )
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
}
