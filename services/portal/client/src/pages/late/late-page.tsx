import type { LateStep } from '@relais/contracts/run-routes'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { namesOf, usePerson } from '../../api/session.ts'
import { Choice } from '../../design/field.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useChannels } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { useWords } from '../../messages/language.tsx'
import { useRecipientName } from '../../people/people.tsx'
import { protocolsQuery, stepTitle } from '../protocols/protocol-data.ts'
import { lateKey, lateQuery } from './late-data.ts'
import { LateRow } from './late-row.tsx'
import { lateWords } from './late-words.ts'
import styles from './late.module.css'

/** What is late, whose it is, since when; and what the coordination can do about it. */
export function LatePage() {
  const words = useWords(lateWords)
  const query = useQuery(lateQuery)
  useLateLive()
  return (
    <div className={styles.page}>
      <h1>{words.title}</h1>
      <Answered query={query}>
        {(steps) =>
          steps.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneHelp}</p>
            </Empty>
          ) : (
            <LateSteps steps={steps} />
          )
        }
      </Answered>
    </div>
  )
}

/** What is given to the coordination, or taken from it, may be what is late. */
function useLateLive(): void {
  const queries = useQueryClient()
  const names = namesOf(usePerson())
  const heard = useRefreshing(() => void queries.invalidateQueries({ queryKey: lateKey }, { cancelRefetch: false }))
  useChannels(
    names.map((name) => `inbox/${name}`),
    { onEntry: ({ kind }) => kind === 'work' && heard(), onCaughtUp: heard },
  )
}

const EVERY = 'every'

function LateSteps({ steps }: { steps: readonly LateStep[] }) {
  const words = useWords(lateWords)
  const { data } = useQuery(protocolsQuery)
  const [protocol, setProtocol] = useState(EVERY)
  const [owner, setOwner] = useState(EVERY)
  const owners = [...new Set(steps.map((step) => step.owner))]
  const protocols = new Map(steps.map((step) => [step.protocolId, step.protocol]))
  const shown = steps.filter(
    (step) => (protocol === EVERY || step.protocolId === protocol) && (owner === EVERY || step.owner === owner),
  )
  return (
    <>
      <p role="status">{words.count(steps.length, owners.length)}</p>
      <div className={`${styles.filters} unprinted`} role="group" aria-label={words.filter}>
        <Choice
          label={words.protocol}
          value={protocol}
          options={[
            { value: EVERY, label: words.everyProtocol },
            ...[...protocols].map(([value, label]) => ({ value, label })),
          ]}
          onChange={setProtocol}
        />
        <OwnerChoice owners={owners} value={owner} onChange={setOwner} />
      </div>
      {shown.length === 0 && <Empty title={words.noneHere} />}
      <ul className={styles.rows}>
        {shown.map((step) => (
          <LateRow
            key={`${step.runId} ${step.stepId}`}
            step={step}
            title={stepTitle(data?.protocols, step)}
            coordinator={coordinatorOf(data?.protocols, step)}
          />
        ))}
      </ul>
    </>
  )
}

type Known = Parameters<typeof stepTitle>[0]

function coordinatorOf(protocols: Known, { protocolId }: LateStep): string | undefined {
  return protocols?.find((each) => each.protocolId === protocolId)?.versions.at(-1)?.definition.coordinator
}

type Owners = { owners: readonly string[]; value: string; onChange: (owner: string) => void }

function OwnerChoice({ owners, value, onChange }: Owners) {
  const words = useWords(lateWords)
  return (
    <label className={styles.owner}>
      <span>{words.owner}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value={EVERY}>{words.everyOwner}</option>
        {owners.map((owner) => (
          <OwnerOption key={owner} owner={owner} />
        ))}
      </select>
    </label>
  )
}

/** An option holds text, and names come one by one. */
function OwnerOption({ owner }: { owner: string }) {
  return <option value={owner}>{useRecipientName(owner)}</option>
}
