import type { ReportedIdentity } from '@relais/contracts/patients'
import { domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { birthDate } from '../../messages/times.ts'
import { nameOf } from '../../people/people.tsx'
import { linkWords } from './link-words.ts'

/** What is known of somebody, to be compared with another one. The INS itself is shown to nobody here. */
export function IdentityCard({ title, identity }: { title: string; identity: ReportedIdentity | undefined }) {
  const words = useWords(linkWords)
  const { identityStatus } = useWords(domainWords)
  const { language } = useLanguage()
  if (identity === undefined)
    return (
      <div>
        <h3>{title}</h3>
        <p className="soft">{words.unseen}</p>
      </div>
    )
  const lines = [
    [words.birthName, identity.birthName],
    [words.born, identity.birthDate && birthDate(identity.birthDate, language)],
    [words.sex, identity.sex && words.sexes[identity.sex]],
    [words.ipp, identity.ipp.number],
    [words.status, identityStatus[identity.status]],
    [words.ins, identity.ins ? words.hasIns : words.noIns],
  ] as const
  return (
    <div>
      <h3>{title}</h3>
      <p>
        <strong>{nameOf(identity)}</strong>
      </p>
      <ul>
        {lines.map(([label, value]) => (
          <li key={label}>{`${label} : ${value ?? '—'}`}</li>
        ))}
      </ul>
    </div>
  )
}
