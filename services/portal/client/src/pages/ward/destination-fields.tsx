import { Button } from '../../design/button.tsx'
import { Choice, Tick } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { DirectorySearch } from '../../people/directory-search.tsx'
import { RecipientName } from '../../people/people.tsx'
import {
  careKinds,
  circumstances,
  destinations,
  plannedDestinations,
  type DischargeDraft,
  type DischargeProblem,
  homeCares,
} from './discharge-draft.ts'
import { Radios } from './radios.tsx'
import { dischargeWords } from './discharge-words.ts'
import { stayWords } from './stay-words.ts'
import styles from './ward.module.css'

type PartProps = {
  draft: DischargeDraft
  onChange: (draft: DischargeDraft) => void
  problems: readonly DischargeProblem[]
}

/** Where to, and what has to be known of it. */
export function DestinationFields(props: PartProps) {
  const words = useWords(dischargeWords)
  const { draft, onChange, problems } = props
  return (
    <>
      <Radios
        legend={words.destination}
        value={draft.destination}
        options={(draft.when === 'planned' ? plannedDestinations : destinations).map((value) => ({
          value,
          label: words.destinations[value],
        }))}
        // An EHPAD that was chosen is no clinic, and the other way round.
        onChange={(destination) => onChange({ ...draft, destination, facility: '', isCertain: false })}
        error={problems.includes('destinationMissing') ? words.problems.destinationMissing : undefined}
      />
      <Details {...props} />
    </>
  )
}

function Details({ draft, onChange, problems }: PartProps) {
  const words = useWords(dischargeWords)
  const ofStays = useWords(stayWords)
  const { destination: kinds, circumstances: circumstance } = useWords(domainWords)
  switch (draft.destination) {
    case 'home':
      return (
        <Choice
          label={words.homeCare}
          value={draft.homeCare === '' ? 'none' : draft.homeCare}
          options={[
            { value: 'none', label: words.noHomeCare },
            ...homeCares.map((value) => ({ value, label: kinds[value] })),
          ]}
          onChange={(chosen) => onChange({ ...draft, homeCare: chosen === 'none' ? '' : chosen })}
        />
      )
    case 'ehpad':
      return <Facility label={words.ehpad} {...{ draft, onChange, problems }} />
    case 'transfer':
      return (
        <>
          <Facility label={words.otherFacility} {...{ draft, onChange, problems }} />
          <Choice
            label={words.careKind}
            value={draft.careKind === '' ? 'none' : draft.careKind}
            options={[
              { value: 'none', label: ofStays.unsaid },
              ...careKinds.map((value) => ({ value, label: kinds[value] })),
            ]}
            onChange={(chosen) => onChange({ ...draft, careKind: chosen === 'none' ? '' : chosen })}
          />
        </>
      )
    case 'other':
      return (
        <Choice
          label={words.circumstances}
          value={draft.circumstances === '' ? 'none' : draft.circumstances}
          options={[
            { value: 'none', label: ofStays.unsaid },
            ...circumstances.map((value) => ({ value, label: circumstance[value] })),
          ]}
          onChange={(chosen) => onChange({ ...draft, circumstances: chosen === 'none' ? '' : chosen })}
        />
      )
    case 'death':
      return (
        <section className={`card ${styles.solemn}`} aria-labelledby="death">
          <h2 id="death">{words.death}</h2>
          <p>{words.deathText}</p>
          <Tick isOn={draft.isCertain} onChange={(isCertain) => onChange({ ...draft, isCertain })}>
            {words.isCertain}
          </Tick>
          {problems.includes('notCertain') && <p className={styles.error}>{words.problems.notCertain}</p>}
        </section>
      )
    case '':
      return null
  }
}

const FINESS = 'finess:'

function Facility({ label, draft, onChange, problems }: PartProps & { label: string }) {
  const words = useWords(dischargeWords)
  if (draft.facility === '')
    return (
      <div>
        <DirectorySearch
          label={label}
          kind="facility"
          onChoose={(chosen) => onChange({ ...draft, facility: chosen.replace(FINESS, '') })}
        />
        {problems.includes('facilityMissing') && <p className={styles.error}>{words.problems.facilityMissing}</p>}
      </div>
    )
  return (
    <p className="row">
      {`${label} : `}
      <strong>
        <RecipientName id={`${FINESS}${draft.facility}`} />
      </strong>
      <Button onPress={() => onChange({ ...draft, facility: '' })}>{words.changeFacility}</Button>
    </p>
  )
}
