import { AttachmentList } from '../../attachments/attachment-list.tsx'
import { attachmentWords } from '../../attachments/attachment-words.ts'
import type { Files } from '../../attachments/use-attachments.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { Radios } from '../ward/radios.tsx'
import { newReferralWords } from './new-referral-words.ts'
import { kinds, promises, type ReferralDraft, type ReferralFault, urgencies } from './referral-draft.ts'

export type PartProps = {
  draft: ReferralDraft
  onChange: (draft: ReferralDraft) => void
  faults: readonly ReferralFault[]
}

/** What is asked. */
export function ReferralQuestion({ draft, onChange, faults, files }: PartProps & { files: Files }) {
  const words = useWords(newReferralWords)
  const { help } = useWords(attachmentWords)
  const { urgency: names } = useWords(domainWords)
  const errorOf = (fault: ReferralFault) => (faults.includes(fault) ? capital(words.faults[fault]) : undefined)
  return (
    <section className="card stack" aria-labelledby="what">
      <h2 id="what">{words.what}</h2>
      <Radios
        legend={words.kind}
        value={draft.kind}
        options={kinds.map((value) => ({ value, label: words.kinds[value] }))}
        onChange={(kind) => onChange({ ...draft, kind })}
      />
      {draft.kind === 'unscheduled' && (
        <div>
          <Choice
            label={words.promise}
            value={draft.promise}
            options={promises.map((value) => ({ value, label: words.promises[value] }))}
            onChange={(promise) => onChange({ ...draft, promise })}
          />
          <p className="soft">{words.promiseText}</p>
        </div>
      )}
      <Radios
        legend={words.urgency}
        value={draft.urgency}
        options={urgencies.map((value) => ({ value, label: capital(names[value]) }))}
        onChange={(urgency) => onChange({ ...draft, urgency })}
      />
      <Field
        label={words.titleField}
        help={words.titleHelp}
        value={draft.title}
        onChange={(title) => onChange({ ...draft, title })}
        error={errorOf('titleMissing')}
        maxLength={120}
        isRequired
      />
      <Field
        label={words.question}
        help={words.questionHelp}
        value={draft.question}
        onChange={(question) => onChange({ ...draft, question })}
        error={errorOf('questionMissing')}
        rows={7}
        maxLength={10_000}
        isRequired
      />
      <AttachmentList files={files} attachments={draft.attachments} />
      <div className="row">
        {files.button}
        <span className="soft">{help}</span>
      </div>
    </section>
  )
}
