import type { DryRun } from '@relais/contracts/protocol-routes'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, tell } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { platformTime } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { instantOfInput, localInput } from '../../messages/local-time.ts'
import { DryRunReportView } from './dry-run-report.tsx'
import { dryRunWords } from './dry-run-words.ts'
import type { WrittenDefinition } from './written-definition.ts'
import styles from './editor.module.css'

const MONTH_MILLISECONDS = 30 * 86_400_000
const POLL_MILLISECONDS = 400

type Trial = { protocolId: string; written: WrittenDefinition; isGood: boolean }
type Started = { dryRunId: string; text: string }

/** What this version would have done over what really happened, beside what was done. */
export function DryRunPanel({ protocolId, written, isGood }: Trial) {
  const words = useWords(dryRunWords)
  const [from, setFrom] = useState(() => localInput(platformTime(Date.now()) - MONTH_MILLISECONDS))
  const [to, setTo] = useState(() => localInput(platformTime(Date.now())))
  const period = { from: instantOfInput(from), to: instantOfInput(to) }
  const isPeriod = period.from !== undefined && period.to !== undefined && period.from < period.to
  const start = useMutation({
    mutationFn: async (): Promise<Started> => {
      const dryRunId = crypto.randomUUID()
      const body = { protocolId, definition: written, ...period }
      await tell({ method: 'PUT', path: `/protocols/dry-runs/${dryRunId}`, body })
      return { dryRunId, text: JSON.stringify(written) }
    },
  })
  const started = start.data
  const run = useQuery({
    queryKey: ['dry-run', started?.dryRunId],
    queryFn: ({ signal }) => answer<DryRun>({ path: `/protocols/dry-runs/${started?.dryRunId ?? ''}`, signal }),
    enabled: started !== undefined,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'running' ? POLL_MILLISECONDS : false,
  })
  const isRunning =
    start.isPending || (started !== undefined && (run.data === undefined || run.data.state === 'running'))
  const hasChanged = started !== undefined && started.text !== JSON.stringify(written)
  return (
    <section className={styles.section} aria-labelledby="dry-run">
      <h2 id="dry-run">{words.title}</h2>
      <p className="soft">{words.help}</p>
      <div className={styles.fields}>
        <Field type="datetime-local" label={words.from} value={from} onChange={setFrom} />
        <Field
          type="datetime-local"
          label={words.to}
          value={to}
          onChange={setTo}
          error={isPeriod ? undefined : words.period}
        />
      </div>
      <div className="row">
        <Button isDisabled={!isGood || !isPeriod} isPending={isRunning} onPress={() => start.mutate()}>
          {started ? words.again : words.start}
        </Button>
        {isRunning && started && <Cancel dryRunId={started.dryRunId} />}
        {!isGood && <span className="soft">{words.notGood}</span>}
      </div>
      {(start.isError || run.isError) && <p role="alert">{words.unreachable}</p>}
      {run.data && (
        <>
          <Progress run={run.data} />
          {hasChanged && run.data.state === 'done' && <p>{words.changedSince}</p>}
          {run.data.report && <DryRunReportView report={run.data.report} written={written} />}
        </>
      )}
    </section>
  )
}

function Cancel({ dryRunId }: { dryRunId: string }) {
  const words = useWords(dryRunWords)
  const cancel = useMutation({ mutationFn: () => tell({ method: 'DELETE', path: `/protocols/dry-runs/${dryRunId}` }) })
  return (
    <Button isPending={cancel.isPending} onPress={() => cancel.mutate()}>
      {words.cancel}
    </Button>
  )
}

function Progress({ run: { state, progress, handled } }: { run: DryRun }) {
  const words = useWords(dryRunWords)
  const percent = Math.round(progress * 100)
  return (
    <>
      <p role="status">{words.states[state]}</p>
      {state === 'running' && (
        <div>
          <progress className={styles.progress} aria-label={words.progress} max={100} value={percent} />
          <p className="soft">{words.running(percent, handled)}</p>
        </div>
      )}
    </>
  )
}
