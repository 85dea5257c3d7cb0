import { Button } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { DirectorySearch } from '../../people/directory-search.tsx'
import { RecipientName } from '../../people/people.tsx'
import {
  allClasses,
  classesOf,
  fieldsOf,
  isRequired,
  type MovementDraft,
  type MovementField,
} from './movement-draft.ts'
import { stayWords } from './stay-words.ts'
import styles from './ward.module.css'

type FieldsProps = {
  draft: MovementDraft
  onChange: (draft: MovementDraft) => void
  missing: readonly MovementField[]
  wards: readonly { code: string; label: string }[]
}

/** The fields that a kind of movement has. */
export function MovementFields(props: FieldsProps) {
  return (
    <>
      {fieldsOf[props.draft.kind].map((field) => (
        <OneField key={field} field={field} {...props} />
      ))}
    </>
  )
}

function OneField({ field, draft, onChange, missing, wards }: FieldsProps & { field: MovementField }) {
  const words = useWords(stayWords)
  const { patientClass: classes } = useWords(domainWords)
  const isAsked = isRequired(draft.kind, field)
  const label = words.fields[field]
  const change = (value: string) => onChange({ ...draft, [field]: value })
  const error = missing.includes(field) ? words.missing : undefined
  switch (field) {
    case 'at':
    case 'plannedAt':
    case 'expectedDischargeAt':
      return (
        <Field
          type="datetime-local"
          label={label}
          value={draft[field]}
          onChange={change}
          isRequired={isAsked}
          error={error}
          {...(field === 'at' ? { help: words.nowIfEmpty } : {})}
        />
      )
    case 'room':
    case 'bed':
      return <Field label={label} value={draft[field]} onChange={change} maxLength={30} />
    case 'medicalWard':
    case 'careWard':
    case 'plannedWard':
      return (
        <Choice
          label={label}
          value={draft[field]}
          options={[
            ...(isAsked || draft[field] === '' ? [] : [{ value: '', label: words.unsaid }]),
            ...wards.map((ward) => ({ value: ward.code, label: ward.label })),
          ]}
          onChange={change}
          isRequired={isAsked}
        />
      )
    case 'patientClass':
      return (
        <Choice
          label={label}
          value={draft.patientClass}
          options={(classesOf[draft.kind] ?? allClasses).map((value) => ({ value, label: capital(classes[value]) }))}
          onChange={change}
          isRequired={isAsked}
        />
      )
    case 'attendingPhysician':
      return <Physician {...{ label, draft, error }} onChange={change} />
  }
}

function Physician({
  label,
  draft: { attendingPhysician },
  error,
  onChange,
}: {
  label: string
  draft: MovementDraft
  error: string | undefined
  onChange: (id: string) => void
}) {
  const words = useWords(stayWords)
  if (attendingPhysician === '')
    return (
      <div>
        <DirectorySearch label={label} kind="professional" onChoose={onChange} />
        {error !== undefined && <p className={styles.error}>{error}</p>}
      </div>
    )
  return (
    <p className="row">
      {`${label} : `}
      <strong>
        <RecipientName id={attendingPhysician} />
      </strong>
      <Button onPress={() => onChange('')}>{words.changePhysician}</Button>
    </p>
  )
}
