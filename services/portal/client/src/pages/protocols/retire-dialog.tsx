import { useState } from 'react'
import { useActDone } from '../../acts/act-done.ts'
import { usePerform } from '../../acts/acts.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { platformTime } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { instantOfInput } from '../../messages/local-time.ts'
import { refusalWords } from '../../messages/refusals.ts'
import { protocolsKey } from './protocol-data.ts'
import { protocolWords } from './protocol-words.ts'
import styles from './editor.module.css'

/** By the time that it arrives, this has not passed. */
const SOON_MILLISECONDS = 60_000

/** From a day on nothing starts any more. */
export function RetireDialog({
  protocolId,
  title,
  onClose,
}: {
  protocolId: string
  title: string
  onClose: () => void
}) {
  const words = useWords(protocolWords)
  const explain = useWords(refusalWords)
  const [from, setFrom] = useState('')
  const perform = usePerform()
  const subject = `protocol/${protocolId}/retire`
  const act = useActDone(subject, onClose)
  const confirm = () =>
    perform({
      subject,
      method: 'POST',
      path: `/protocols/${protocolId}/retire`,
      body: { from: instantOfInput(from) ?? new Date(platformTime(Date.now()) + SOON_MILLISECONDS).toISOString() },
      what: words.retireDone(title),
      affects: [protocolsKey],
    })
  return (
    <Dialog title={words.retireTitle} isOpen onClose={onClose}>
      <p>{words.retireHelp}</p>
      <Field type="datetime-local" label={words.retireFrom} value={from} onChange={setFrom} />
      {act?.state === 'refused' && (
        <p role="alert" className={styles.problem}>
          {explain(act.refusal?.code ?? '')}
        </p>
      )}
      <div className="row">
        <Button kind="danger" isPending={act !== undefined && act.state !== 'refused'} onPress={confirm}>
          {words.confirm}
        </Button>
        <Button onPress={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  )
}
