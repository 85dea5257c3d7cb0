import type { listProtocolRuns, RunView } from '@relais/contracts/run-routes'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { call } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice } from '../../design/field.tsx'
import { Empty, Failed, Loading } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { moment } from '../../messages/times.ts'
import { EndDialog } from '../late/late-dialogs.tsx'
import { RunSteps } from '../late/run-dialog.tsx'
import type { Protocol } from './protocol-data.ts'
import { protocolWords } from './protocol-words.ts'
import styles from './protocols.module.css'

/** What is under way of a protocol, and the version that each run follows. */
export function ProtocolRuns({ protocol }: { protocol: Protocol }) {
  const words = useWords(protocolWords)
  const { protocolId } = protocol
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['protocol-runs', protocolId],
    queryFn: ({ pageParam, signal }) =>
      call<typeof listProtocolRuns>({
        path: `/protocols/${protocolId}/runs`,
        query: { after: pageParam === '' ? undefined : pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  const runs = data?.pages.flatMap((page) => page.runs)
  return (
    <section className={styles.section} aria-labelledby="runs">
      <h2 id="runs">{words.runs}</h2>
      <p className="soft">{words.runsHelp}</p>
      {runs === undefined && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {runs?.length === 0 && <Empty title={words.noRuns} />}
      <ul className={styles.runs}>
        {runs?.map((run) => (
          <RunCard key={run.runId} run={run} protocol={protocol} />
        ))}
      </ul>
      {hasNextPage && (
        <div>
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {words.more}
          </Button>
        </div>
      )}
    </section>
  )
}

function RunCard({ run, protocol }: { run: RunView; protocol: Protocol }) {
  const words = useWords(protocolWords)
  const explain = useWords(refusalWords)
  const { moment: moments } = useWords(domainWords)
  const { language } = useLanguage()
  const now = useNow()
  const mayWrite = hasScope(usePerson(), 'run:write')
  const [open, setOpen] = useState<'migrate' | 'end'>()
  const act = useActOn(`run/${run.runId}`)
  const late = run.steps.filter(({ late }) => late).length
  // Whatever starts a run is one of the moments.
  const started = run.trigger.on as keyof typeof moments
  const name = `${capital(moments[started])}, ${moment(run.trigger.at, now, language)}`
  const close = () => setOpen(undefined)
  return (
    <li className="card">
      <details>
        <summary>
          {name} · {words.runVersion(run.version)} {late > 0 && <Badge tone="alert">{words.lateCount(late)}</Badge>}
        </summary>
        <RunSteps run={run} />
        {mayWrite && (
          <div className="row unprinted">
            {protocol.versions.length > 1 && (
              <Button label={`${words.migrate} ${name}`} onPress={() => setOpen('migrate')}>
                {words.migrate}
              </Button>
            )}
            <Button label={`${words.end} ${name}`} onPress={() => setOpen('end')}>
              {words.end}
            </Button>
          </div>
        )}
      </details>
      {act?.state === 'refused' && <p role="alert">{explain(act.refusal?.code ?? '')}</p>}
      {open === 'migrate' && <MigrateDialog run={run} protocol={protocol} onClose={close} />}
      {open === 'end' && <EndDialog runId={run.runId} onClose={close} />}
    </li>
  )
}

function MigrateDialog({ run, protocol, onClose }: { run: RunView; protocol: Protocol; onClose: () => void }) {
  const words = useWords(protocolWords)
  const perform = usePerform()
  const others = protocol.versions.filter(({ version }) => version !== run.version)
  const [to, setTo] = useState(String(others.at(-1)?.version ?? ''))
  const confirm = () => {
    const toVersion = Number(to)
    perform({
      subject: `run/${run.runId}`,
      method: 'POST',
      path: `/runs/${run.runId}/migrate`,
      body: { toVersion },
      what: words.migrated(toVersion),
      affects: [['protocol-runs'], ['late'], ['run', run.runId]],
    })
    onClose()
  }
  return (
    <Dialog title={words.migrateTitle} isOpen onClose={onClose}>
      <p>{words.migrateHelp}</p>
      <Choice
        label={words.toVersion}
        value={to}
        options={others.map(({ version, definition }) => ({
          value: String(version),
          label: `${version} : ${definition.title}`,
        }))}
        onChange={setTo}
      />
      <div className="row">
        <Button kind="primary" isDisabled={to === ''} onPress={confirm}>
          {words.confirm}
        </Button>
        <Button onPress={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  )
}
