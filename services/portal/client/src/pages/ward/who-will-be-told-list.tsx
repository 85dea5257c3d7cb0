import type { UseQueryResult } from '@tanstack/react-query'
import { Tick } from '../../design/field.tsx'
import { Answered } from '../../design/states.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import type { CircleMember } from '../patient/patient-queries.ts'
import { dischargeWords } from './discharge-words.ts'
import styles from './ward.module.css'
import type { WhoIsTold } from './who-will-be-told.ts'

/** Before it is said: who will be told, in which role, and on which ground. */
export function WhoWillBeTold({
  query,
  told: { told, nobodyBecause },
  joining,
  onJoin,
}: {
  query: UseQueryResult<readonly CircleMember[]>
  told: WhoIsTold<CircleMember>
  /** The EHPAD of destination that is not in the circle yet. */
  joining: { isOn: boolean; ehpad: string } | undefined
  onJoin: (joins: boolean) => void
}) {
  const words = useWords(dischargeWords)
  const { circleRole, ground } = useWords(domainWords)
  const because = nobodyBecause ?? (told.length === 0 && !joining?.isOn ? 'emptyCircle' : undefined)
  return (
    <section className="card stack" aria-labelledby="told">
      <h2 id="told">{words.whoWillBeTold}</h2>
      <Answered query={query}>
        {() => (
          <>
            {because ? (
              <p>
                {words.nobody} <strong>{words.nobodyBecause[because]}</strong>
              </p>
            ) : (
              <p className="soft">{words.willBeTold(told.length + (joining?.isOn ? 1 : 0))}</p>
            )}
            <ul className={styles.told}>
              {told.map((member) => (
                <li key={member.memberId}>
                  <strong>
                    <RecipientName id={member.memberId} />
                  </strong>
                  {`, ${circleRole[member.role]} `}
                  <span className="soft">
                    {`${words.ground} : ${ground[member.ground]}, ${words.source[member.source]}`}
                  </span>
                </li>
              ))}
              {joining?.isOn && (
                <li>
                  <strong>
                    <RecipientName id={`finess:${joining.ehpad}`} />
                  </strong>
                  {`, ${circleRole.ehpad} `}
                  <span className="soft">{`${words.ground} : ${ground.exchange}, ${words.source.declared}`}</span>
                </li>
              )}
            </ul>
            {joining && (
              <div>
                {!joining.isOn && <p className={styles.error}>{words.ehpadUntold}</p>}
                <Tick isOn={joining.isOn} onChange={onJoin}>
                  {words.joinsCircle}
                </Tick>
              </div>
            )}
            {because === undefined && <p className="soft">{words.alsoProtocols}</p>}
          </>
        )}
      </Answered>
    </section>
  )
}
