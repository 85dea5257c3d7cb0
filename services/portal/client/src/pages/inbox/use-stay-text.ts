import type { StayItem } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { useNow } from '../../live/now.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { birthDate, exactMoment } from '../../messages/times.ts'
import { peopleWords } from '../../people/people-words.ts'
import { identityQuery, nameOf, useRecipientNames } from '../../people/people.tsx'
import { useWardPhone } from '../../people/phone.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import { circumstancesOf, destinationOf } from './destination.ts'
import { inboxWords } from './inbox-words.ts'
import { natureWord, saidAt } from './nature-word.ts'
import { stayText } from './stay-text.ts'

/** What a name is shown as while it is asked for. */
const UNKNOWN_YET = '…'

/** A stay as text for the software of a practice, once it is asked for; nothing until every name in it is known. */
export function useStayText(item: StayItem): (() => string) | undefined {
  const words = useWords(inboxWords)
  const people = useWords(peopleWords)
  const domain = useWords(domainWords)
  const { language } = useLanguage()
  const now = useNow()
  const { patientId, standing, expected } = item
  const { data: identity } = useQuery(identityQuery(patientId))
  const { data: members } = useQuery(circleQuery(patientId))
  const [ward] = standing.wards
  const { finess, kind } = destinationOf(standing, domain)
  const phone = useWardPhone(standing)
  const present = (members ?? []).filter(({ leftAt }) => leftAt === undefined)
  const place = ward ? `uf:${ward.facility}/${ward.code}` : `finess:${standing.facility}`
  const attending = standing.attendingPhysician
  const asked = [place, finess === undefined ? '' : `finess:${finess}`, attending ?? '']
  const [from = '', to = '', physician = '', ...names] = useRecipientNames([
    ...asked,
    ...present.map(({ memberId }) => memberId),
  ])
  const isKnown =
    members !== undefined && identity !== undefined && ![from, to, physician, ...names].includes(UNKNOWN_YET)
  if (!isKnown) return undefined
  return () => {
    const at = (instant: string | undefined) => instant && exactMoment(instant, language)
    const born = identity?.birthDate ? people.born(identity.sex, birthDate(identity.birthDate, language)) : ''
    const begun = standing.hospitalisedAt ?? standing.arrivedAt
    const action = capital(domain.expected[expected.action])
    const due =
      expected.dueAt === undefined
        ? ''
        : `, ${Date.parse(expected.dueAt) < now ? words.dueSince : words.due} ${at(expected.dueAt)}`
    return stayText({
      colon: language === 'fr' ? ' : ' : ': ',
      what: capital(natureWord(item, domain)),
      patient: [identity ? nameOf(identity) : people.unknownPatient, born].filter(Boolean).join(', '),
      lines: [
        [words.when, at(saidAt(item))],
        [words.from, [from, phone === undefined ? '' : `${words.text.phone} ${phone}`].filter(Boolean).join(', ')],
        [words.to, finess === undefined ? kind : to],
        [words.circumstances, circumstancesOf(standing, domain.circumstances)],
        [words.stay, stayOf({ begun: at(begun), ended: at(standing.dischargedAt) }, words)],
        [capital(domain.fact.expectedDischargeAt), standing.dischargedAt ? '' : at(standing.expectedDischargeAt)],
        [words.attending, attending === undefined ? '' : physician],
        [words.expected, `${action}${due}`],
      ],
      circle: {
        label: words.text.circle,
        members: present.map(({ role }, index) => `${names[index] ?? ''} (${domain.circleRole[role]})`),
      },
      source: words.text.read(exactMoment(new Date(now).toISOString(), language)),
    })
  }
}

type Period = { begun: string | undefined; ended: string | undefined }

function stayOf({ begun, ended }: Period, words: Pick<(typeof inboxWords)['fr'], 'since' | 'fromTo'>) {
  if (begun === undefined) return undefined
  return ended === undefined ? words.since(begun) : words.fromTo(begun, ended)
}
