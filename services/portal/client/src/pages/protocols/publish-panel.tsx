import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useActDone } from '../../acts/act-done.ts'
import { usePerform } from '../../acts/acts.tsx'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { instantOfInput } from '../../messages/local-time.ts'
import { refusalWords } from '../../messages/refusals.ts'
import { editorWords } from './editor-words.ts'
import { protocolsKey } from './protocol-data.ts'
import type { WrittenDefinition } from './written-definition.ts'
import styles from './editor.module.css'

type Publishing = {
  protocolId: string
  version: number
  title: string
  written: WrittenDefinition
  isGood: boolean
  onDone: () => void
}

/** Publishes what was written, from a day on. */
export function PublishPanel({ protocolId, version, title, written, isGood, onDone }: Publishing) {
  const words = useWords(editorWords)
  const explain = useWords(refusalWords)
  const [from, setFrom] = useState('')
  const perform = usePerform()
  const navigate = useNavigate()
  const subject = `protocol/${protocolId}/publish`
  const act = useActDone(subject, () => {
    onDone()
    void navigate({ to: '/protocols/$protocolId', params: { protocolId } })
  })
  const effectiveFrom = instantOfInput(from)
  const publish = () =>
    perform({
      subject,
      method: 'PUT',
      path: `/protocols/${protocolId}/versions/${version}`,
      body: { definition: written, ...(effectiveFrom === undefined ? {} : { effectiveFrom }) },
      what: words.publishDone(title, version),
      affects: [protocolsKey],
    })
  return (
    <section className={styles.section} aria-labelledby="publish">
      <h2 id="publish">{words.publishTitle}</h2>
      <div className={styles.fields}>
        <Field
          type="datetime-local"
          label={words.effectiveFrom}
          help={words.effectiveHelp}
          value={from}
          onChange={setFrom}
        />
      </div>
      {act?.state === 'refused' && (
        <p role="alert" className={styles.problem}>
          {words.publishRefused} : {explain(act.refusal?.code ?? '')}
        </p>
      )}
      <p role="status">{act?.state === 'waiting' ? words.publishWaits : isGood ? '' : words.notReady}</p>
      <div>
        <Button
          kind="primary"
          isDisabled={!isGood}
          isPending={act !== undefined && act.state !== 'refused'}
          onPress={publish}
        >
          {`${words.publishNow} ${version}`}
        </Button>
      </div>
    </section>
  )
}
