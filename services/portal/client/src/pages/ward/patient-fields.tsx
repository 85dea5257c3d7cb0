import { Button } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { DirectorySearch } from '../../people/directory-search.tsx'
import { RecipientName } from '../../people/people.tsx'
import { type AdmissionDraft, type AdmissionField, reliabilities, sexes } from './admission-draft.ts'
import { admitWords } from './admit-words.ts'
import { stayWords } from './stay-words.ts'

/** Who comes, as far as the ward knows. */
export function PatientFields({
  draft,
  onChange,
  missing,
}: {
  draft: AdmissionDraft
  onChange: (draft: AdmissionDraft) => void
  missing: readonly AdmissionField[]
}) {
  const words = useWords(admitWords)
  const stay = useWords(stayWords)
  const line = (field: 'ipp' | 'birthName' | 'givenName' | 'birthDate') => ({
    label: words.fields[field],
    value: draft[field],
    onChange: (value: string) => onChange({ ...draft, [field]: value }),
    error: missing.includes(field) ? stay.missing : undefined,
    isRequired: true,
  })
  return (
    <>
      <Field {...line('ipp')} maxLength={100} />
      <Field {...line('birthName')} maxLength={100} />
      <Field
        label={words.usedName}
        value={draft.usedName}
        onChange={(usedName) => onChange({ ...draft, usedName })}
        maxLength={100}
      />
      <Field {...line('givenName')} maxLength={100} />
      <Field {...line('birthDate')} type="date" />
      <Choice
        label={words.fields.sex}
        value={draft.sex}
        options={sexes.map((value) => ({ value, label: words.sexes[value] }))}
        onChange={(sex) => onChange({ ...draft, sex })}
        isRequired
      />
      <Choice
        label={words.reliability}
        value={draft.reliability}
        options={reliabilities.map((value) => ({ value, label: words.reliabilities[value] }))}
        onChange={(reliability) => onChange({ ...draft, reliability })}
      />
      <Field
        label={words.visitNumber}
        value={draft.visitNumber}
        onChange={(visitNumber) => onChange({ ...draft, visitNumber })}
        maxLength={100}
      />
      {draft.primaryPhysician === '' ? (
        <DirectorySearch
          label={`${words.fields.primaryPhysician}. ${words.physicianHelp}`}
          kind="professional"
          onChoose={(primaryPhysician) => onChange({ ...draft, primaryPhysician })}
        />
      ) : (
        <p className="row">
          {`${words.fields.primaryPhysician} : `}
          <strong>
            <RecipientName id={draft.primaryPhysician} />
          </strong>
          <Button onPress={() => onChange({ ...draft, primaryPhysician: '' })}>{stay.changePhysician}</Button>
        </p>
      )}
    </>
  )
}
