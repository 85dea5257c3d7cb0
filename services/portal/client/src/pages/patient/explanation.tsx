import type { Explanation as Explained } from '@relais/contracts/explanation-routes'
import { useQuery } from '@tanstack/react-query'
import type { AnswerOf } from '../../api/call.ts'
import type { explainEntry } from '@relais/contracts/explanation-routes'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { roleWords } from '../../frame/frame-words.ts'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery, RecipientName } from '../../people/people.tsx'
import { circleQuery, explanationQuery, pathwayQuery } from './patient-queries.ts'
import { pathwayWords } from './pathway-words.ts'
import styles from './pathway.module.css'
import { titlesOf } from './titles.ts'
import { whySeen } from './why-seen.ts'

type Answer = AnswerOf<typeof explainEntry>
type Receipts = Answer['told'][number]['receipts']

/** In place, below an entry: what it comes from, by which rule it was told, to whom, who saw it, and why the reader does. */
export function Explanation({
  patientId,
  entryId,
  onShow,
}: {
  patientId: string
  entryId: string
  onShow: (entryId: string) => void
}) {
  const query = useQuery(explanationQuery(patientId, entryId))
  const words = useWords(pathwayWords)
  return (
    <Answered query={query}>
      {(explained) => (
        <div className={styles.explanation}>
          <dl className={styles.reasons}>
            <div>
              <dt>{words.source}</dt>
              <dd>
                <Source explained={explained} onShow={onShow} />
              </dd>
            </div>
            <div>
              <dt>{words.recordedAt}</dt>
              <dd>
                <Moment at={explained.recordedAt} />
              </dd>
            </div>
            <div>
              <dt>{words.rule}</dt>
              <dd>
                <Rule patientId={patientId} rule={explained.rule} />
              </dd>
            </div>
            <div>
              <dt>{words.whySeen}</dt>
              <dd>
                <WhySeen patientId={patientId} />
              </dd>
            </div>
          </dl>
          <Told told={explained.told} />
        </div>
      )}
    </Answered>
  )
}

function Source({
  explained: { source },
  onShow,
}: {
  explained: Pick<Explained, 'source'>
  onShow: (entryId: string) => void
}) {
  const words = useWords(pathwayWords)
  const roleOf = useWords(roleWords)
  const { data: facility } = useQuery({
    ...facilityQuery(source.organisation ?? ''),
    enabled: source.organisation !== undefined,
  })
  const { by, role, organisation, messageId, causedBy } = source
  const place = facility?.name ?? organisation
  if (messageId !== undefined || by.startsWith('sender:'))
    return place === undefined ? words.fromSomeSoftware : words.fromSoftware(place)
  if (role === 'system')
    return (
      <>
        {words.fromRule}{' '}
        {causedBy !== undefined && (
          <Button kind="quiet" onPress={() => onShow(causedBy)}>
            {words.seeCause}
          </Button>
        )}
      </>
    )
  return (
    <>
      <RecipientName id={by} />
      {`, ${[roleOf(role), place].filter(Boolean).join(', ')}`}
    </>
  )
}

function Rule({ patientId, rule }: { patientId: string; rule: Explained['rule'] }) {
  const words = useWords(pathwayWords)
  const { data } = useQuery(pathwayQuery(patientId))
  if (rule.kind === 'careCircle') return words.careCircle
  if (rule.kind === 'referral') return words.byReferral
  const title = titlesOf(data?.exchanges ?? []).get(rule.runId)
  return words.byProtocol(
    title === undefined ? '' : `« ${title} »`,
    rule.version === undefined ? '' : words.version(rule.version),
  )
}

function WhySeen({ patientId }: { patientId: string }) {
  const words = useWords(pathwayWords)
  const { circleRole, ground } = useWords(domainWords)
  const person = usePerson()
  const { data: members } = useQuery(circleQuery(patientId))
  const { data: pathway } = useQuery(pathwayQuery(patientId))
  if (!members || !pathway) return '…'
  const why = whySeen(person, { members, facilities: pathway.stays.map(({ facility }) => facility) })
  if (why.kind === 'establishment') return words.asTeam
  if (why.kind === 'unknown') return words.unknownWhy
  const role = circleRole[why.role]
  return (
    <>
      {`${why.kind === 'self' ? words.asMember(role) : words.asTeamMember(role)} ${words.ground(ground[why.ground])} (${words.since} `}
      <Moment at={why.since} only="absolute" />)
    </>
  )
}

const steps = ['delivered', 'read', 'acted', 'returned'] as const

function Told({ told }: { told: Answer['told'] }) {
  const words = useWords(pathwayWords)
  const { receipt, circleRole } = useWords(domainWords)
  if (told.length === 0) return <p className="soft">{words.toldNobody}</p>
  const roles: Readonly<Record<string, string>> = circleRole
  const shown = steps.filter((step) => step !== 'returned' || told.some(({ receipts }) => receipts.returned))
  return (
    <div className={styles.wide}>
      <table className={styles.told}>
        <caption>{words.told}</caption>
        <thead>
          <tr>
            <th scope="col">{words.recipient}</th>
            <th scope="col">{words.sent}</th>
            {shown.map((step) => (
              <th key={step} scope="col">
                {receipt[step]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.map(({ noticeId, recipient, role, receipts }) => (
            <tr key={noticeId}>
              <th scope="row">
                <RecipientName id={recipient} />
                {role !== undefined && <span className="soft">{` ${roles[role] ?? role}`}</span>}
              </th>
              <td>
                <Moment at={receipts.sentAt} only="absolute" />
              </td>
              {shown.map((step) => (
                <td key={step}>
                  <Receipt given={receipts[step]} recipient={recipient} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Who gave it is said where that is not the recipient: somebody of a team. */
function Receipt({ given, recipient }: { given: Receipts['read']; recipient: string }) {
  if (!given) return <span aria-hidden="true">—</span>
  return (
    <>
      <Moment at={given.at} only="absolute" />
      {given.by !== recipient && (
        <>
          {' '}
          <span className="soft">
            <RecipientName id={given.by} />
          </span>
        </>
      )}
    </>
  )
}
