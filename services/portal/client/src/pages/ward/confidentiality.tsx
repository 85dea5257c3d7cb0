import type { readStay } from '@relais/contracts/stay-routes'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import type { AnswerOf } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useWords } from '../../messages/language.tsx'
import { Radios } from './radios.tsx'
import { stayWords } from './stay-words.ts'

const reasons = ['patientRequest', 'sensitiveUnit'] as const

/** Whether anybody outside the establishment may learn of a stay. */
export function Confidentiality({ stay }: { stay: AnswerOf<typeof readStay> }) {
  const words = useWords(stayWords)
  const person = usePerson()
  const perform = usePerform()
  const [isOpen, setOpen] = useState(false)
  const [reason, setReason] = useState<(typeof reasons)[number]>('patientRequest')
  const { stayId, patientId, standing } = stay
  const isConfidential = standing.confidential
  const act = useActOn(`confidentiality/${stayId}`)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const path = `/stays/${stayId}/confidentiality`
  const change = () => {
    perform({
      subject: `confidentiality/${stayId}`,
      method: 'PUT',
      path,
      body: isConfidential ? { confidential: false } : { confidential: true, reason },
      what: isConfidential ? words.released : words.madeConfidential,
      affects: [
        ['stay', stayId],
        ['board', 'ward'],
        ['pathway', patientId],
      ],
      // What was told while it was released is not taken back: that one has no way back.
      ...(!isConfidential && {
        undo: { method: 'PUT', path, body: { confidential: false }, what: words.released },
      }),
    })
    setOpen(false)
  }
  return (
    <section className="card stack" aria-labelledby="confidentiality">
      <h2 id="confidentiality">{words.confidentiality}</h2>
      <p>{isConfidential ? words.isConfidential : words.isOpen}</p>
      {hasScope(person, 'stay:write') && (
        <div className="row unprinted">
          <Button onPress={() => setOpen(true)} isPending={isWaiting}>
            {isWaiting ? words.waiting : isConfidential ? words.release : words.makeConfidential}
          </Button>
        </div>
      )}
      <Dialog
        title={isConfidential ? words.release : words.makeConfidential}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        <p>{isConfidential ? words.releaseText : words.confidentialText}</p>
        {!isConfidential && (
          <Radios
            legend={words.confidentialBecause}
            value={reason}
            options={reasons.map((value) => ({ value, label: words.reasons[value] }))}
            onChange={setReason}
          />
        )}
        <div className="row">
          <Button kind="primary" onPress={change}>
            {isConfidential ? words.release : words.makeConfidential}
          </Button>
          <Button onPress={() => setOpen(false)}>{words.keep}</Button>
        </div>
      </Dialog>
    </section>
  )
}
