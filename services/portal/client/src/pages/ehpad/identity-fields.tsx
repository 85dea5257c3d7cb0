import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../../api/session.ts'
import { Choice, Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { type IdentityFaults, type IdentityForm, insOids } from './entry-form.ts'
import { registerWords } from './register-words.ts'

export function useInsOids() {
  const { data } = useQuery(sessionQuery)
  return insOids[data?.mode ?? 'production']
}

type Fields = { form: IdentityForm; faults: IdentityFaults; onChange: (form: IdentityForm) => void }

/** Who somebody is, as the civil register has it: hospitals compare with nothing else. */
export function IdentityFields({ form, faults, onChange }: Fields) {
  const words = useWords(registerWords)
  const oids = useInsOids()
  const set = (changed: Partial<IdentityForm>) => onChange({ ...form, ...changed })
  const said = (field: 'birthDate' | 'birthplaceCog' | 'matricule') =>
    faults[field] === 'invalid' ? words.invalid[field] : faults[field] && words.required
  const missing = (field: keyof IdentityForm) => (faults[field] ? words.required : undefined)
  return (
    <>
      <Field
        label={words.birthName}
        value={form.birthName}
        onChange={(birthName) => set({ birthName })}
        error={missing('birthName')}
        maxLength={100}
      />
      <Field label={words.usedName} value={form.usedName} onChange={(usedName) => set({ usedName })} maxLength={100} />
      <Field
        label={words.givenNames}
        help={words.givenNamesHelp}
        value={form.givenNames}
        onChange={(givenNames) => set({ givenNames })}
        error={missing('givenNames')}
        maxLength={200}
      />
      <Field
        type="date"
        label={words.birthDate}
        value={form.birthDate}
        onChange={(birthDate) => set({ birthDate })}
        error={said('birthDate')}
      />
      <Choice
        label={words.sex}
        value={form.sex}
        options={(['F', 'M', 'U'] as const).map((value) => ({ value, label: words.sexes[value] }))}
        onChange={(sex) => set({ sex })}
        error={missing('sex')}
      />
      <Field
        label={words.birthplace}
        help={words.birthplaceHelp}
        value={form.birthplaceCog}
        onChange={(birthplaceCog) => set({ birthplaceCog })}
        error={said('birthplaceCog')}
        maxLength={5}
      />
      <Choice
        label={words.status}
        value={form.status}
        options={(['provisional', 'retrieved', 'validated', 'qualified'] as const).map((value) => ({
          value,
          label: words.statuses[value],
        }))}
        onChange={(status) => set({ status })}
      />
      <p className="soft">{words.statusHelp}</p>
      {form.status === 'qualified' && (
        <>
          <Field
            label={words.matricule}
            help={words.matriculeHelp}
            value={form.matricule}
            onChange={(matricule) => set({ matricule })}
            error={said('matricule')}
            maxLength={30}
          />
          <Choice label={words.oid} value={form.oid} options={oids} onChange={(oid) => set({ oid })} />
        </>
      )}
    </>
  )
}
