import type { DryRunReport } from '@relais/contracts/protocol-routes'
import { Moment } from '../../design/moment.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { dryRunWords } from './dry-run-words.ts'
import type { WrittenDefinition } from './written-definition.ts'
import styles from './editor.module.css'

const MOST_SHOWN = 200

/** What would have been, beside what was, and the difference. */
export function DryRunReportView({ report, written }: { report: DryRunReport; written: WrittenDefinition }) {
  const words = useWords(dryRunWords)
  const { circleRole } = useWords(domainWords)
  const { would, did, onlyWould, onlyDid, inBoth, lateSteps, events } = report
  // Counts are by role.
  const roles = Object.keys({ ...would.stepsByRole, ...did.stepsByRole }) as (keyof typeof circleRole)[]
  const lines = [
    ...(['runs', 'steps', 'late', 'notices'] as const).map((key) => ({
      key,
      name: words.counts[key],
      did: did[key],
      would: would[key],
    })),
    ...roles.map((role) => ({
      key: role,
      name: words.stepsOf(circleRole[role]),
      did: did.stepsByRole[role] ?? 0,
      would: would.stepsByRole[role] ?? 0,
    })),
  ]
  return (
    <div className="stack">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.figure}</th>
            <th scope="col">{words.did}</th>
            <th scope="col">{words.would}</th>
            <th scope="col">{words.difference}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">{line.name}</th>
              <td>{line.did}</td>
              <td>{line.would}</td>
              <td>{difference(line.would - line.did) ?? words.same}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Runs title={words.onlyWould(onlyWould.length)} runs={onlyWould} />
      <Runs title={words.onlyDid(onlyDid.length)} runs={onlyDid} />
      <Runs title={words.inBoth(inBoth.length)} runs={inBoth} />
      <LateSteps steps={lateSteps} written={written} />
      <p className="soft">{words.gone(events)}</p>
    </div>
  )
}

const difference = (by: number) => (by === 0 ? undefined : by > 0 ? `+ ${by}` : `− ${-by}`)

function Runs({ title, runs }: { title: string; runs: DryRunReport['onlyWould'] }) {
  const words = useWords(dryRunWords)
  if (runs.length === 0) return <p>{title}</p>
  return (
    <details>
      <summary>{title}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.run}</th>
            <th scope="col">{words.event}</th>
          </tr>
        </thead>
        <tbody>
          {runs.slice(0, MOST_SHOWN).map(({ runId, eventId }) => (
            <tr key={runId}>
              <th scope="row">
                <code>{runId}</code>
              </th>
              <td>
                <code>{eventId}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {runs.length > MOST_SHOWN && <p className="soft">{words.first(MOST_SHOWN, runs.length)}</p>}
    </details>
  )
}

function LateSteps({ steps, written }: { steps: DryRunReport['lateSteps']; written: WrittenDefinition }) {
  const words = useWords(dryRunWords)
  const title = words.lateSteps(steps.length)
  if (steps.length === 0) return <p>{title}</p>
  const titles = titlesIn(written)
  return (
    <details>
      <summary>{title}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.step}</th>
            <th scope="col">{words.owner}</th>
            <th scope="col">{words.dueAt}</th>
            <th scope="col">{words.doneAt}</th>
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, MOST_SHOWN).map(({ runId, stepId, owner, dueAt, doneAt }) => (
            <tr key={`${runId} ${stepId}`}>
              <th scope="row">{titles.get(stepId) ?? stepId}</th>
              <td>
                <RecipientName id={owner} />
              </td>
              <td>
                <Moment at={dueAt} only="absolute" />
              </td>
              <td>{doneAt === undefined ? words.never : <Moment at={doneAt} only="absolute" />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {steps.length > MOST_SHOWN && <p className="soft">{words.first(MOST_SHOWN, steps.length)}</p>}
    </details>
  )
}

function titlesIn({ steps }: WrittenDefinition): ReadonlyMap<string, string> {
  // What `writtenOf` has written.
  const written = (steps ?? []) as readonly { stepId: string; title: string }[]
  return new Map(written.map(({ stepId, title }) => [stepId, title]))
}
