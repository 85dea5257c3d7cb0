import type { ProtocolDefinition, Step } from '@relais/contracts/protocols'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { conditionText, dueText, type Said } from './definition-text.ts'
import { definitionWords } from './definition-words.ts'
import styles from './protocols.module.css'

/** A definition as it is read. */
export function DefinitionView({ definition }: { definition: ProtocolDefinition }) {
  const words = useWords(definitionWords)
  const { circleRole, patientClass, exitMode, destination } = useWords(domainWords)
  const said: Said = { words, role: circleRole, patientClass, exitMode, destination }
  const { trigger, steps, endsOnReadmission } = definition
  return (
    <div className="stack">
      <dl className={styles.facts}>
        <div>
          <dt>{words.startsOn}</dt>
          <dd>{words.moments[trigger.on]}</dd>
        </div>
        <div>
          <dt>{words.onlyFor}</dt>
          <dd>
            {trigger.conditions.length === 0 ? (
              words.always
            ) : (
              <ul>
                {trigger.conditions.map((condition) => (
                  <li key={JSON.stringify(condition)}>{capital(conditionText(condition, said))}</li>
                ))}
              </ul>
            )}
          </dd>
        </div>
      </dl>
      {endsOnReadmission && <p className="soft">{words.endsOnReadmission}</p>}
      <h3>{words.steps}</h3>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <StepView key={step.stepId} step={step} steps={steps} said={said} />
        ))}
      </ol>
    </div>
  )
}

function StepView({ step, steps, said }: { step: Step; steps: readonly Step[]; said: Said }) {
  const { words, role } = said
  const titles = step.after.map((id) => steps.find(({ stepId }) => stepId === id)?.title ?? id)
  const owners = step.owners.map((each) => role[each] ?? each).join(words.or)
  return (
    <li className="card">
      <h4>{step.title}</h4>
      {step.what !== undefined && <p>{step.what}</p>}
      <p>
        <strong>{capital(owners)}</strong>
        {!step.owners.includes('coordinateur') && <span className="soft">, {words.orCoordination}</span>}
      </p>
      <p>{capital(dueText(step.due, said))}</p>
      <ul className="soft">
        {titles.length > 0 && <li>{capital(words.after(titles.join(', ')))}</li>}
        {step.when?.map((condition) => (
          <li key={JSON.stringify(condition)}>{`${capital(words.onlyIf)} : ${conditionText(condition, said)}`}</li>
        ))}
        {step.escalation.map(({ afterHours, to }) => (
          <li key={to}>{words.escalated(afterHours, role[to] ?? to)}</li>
        ))}
        {!step.skippable && <li>{capital(words.mandatory)}</li>}
      </ul>
    </li>
  )
}
