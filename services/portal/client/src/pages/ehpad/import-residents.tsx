import type { importResidents } from '@relais/contracts/resident-routes'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { type AnswerOf, call } from '../../api/call.ts'
import { Refused } from '../../api/problem.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { download } from '../../design/download.ts'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { boardKey, doubtsKey, registerKey } from './ehpad-data.ts'
import { importWords } from './import-words.ts'
import styles from './register.module.css'

const REQUIRED = ['numero', 'nom_naissance', 'prenoms', 'date_naissance', 'sexe', 'statut_identite', 'date_entree']
const OPTIONAL = ['nom_utilise', 'commune_naissance', 'ins', 'ins_oid', 'chambre']

type Imported = AnswerOf<typeof importResidents>

/** The list of another program. The platform answers line by line; nothing of the file is kept here. */
export function ImportResidents({ finess, onClose }: { finess: string; onClose: () => void }) {
  const words = useWords(importWords)
  const explain = useWords(refusalWords)
  const queries = useQueryClient()
  const id = useId()
  const [file, setFile] = useState<File>()
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: (chosen: File) =>
      call<typeof importResidents>({
        method: 'POST',
        path: '/residents/import',
        // What a device thinks a CSV file is differs from one to the next.
        body: new Blob([chosen], { type: 'text/csv' }),
      }),
    onSettled: () => {
      for (const queryKey of [registerKey(finess), boardKey(finess), doubtsKey(finess)])
        void queries.invalidateQueries({ queryKey })
    },
  })
  return (
    <Dialog title={words.importTitle} isOpen onClose={onClose}>
      <p>{words.importHelp}</p>
      <details>
        <summary>{words.columns}</summary>
        <p className={styles.columns}>
          <code>{REQUIRED.join(' ; ')}</code>
        </p>
        <p className={styles.columns}>
          {words.columnsOptional} : <code>{OPTIONAL.join(' ; ')}</code>
        </p>
      </details>
      <Button
        kind="quiet"
        onPress={() => download('residents.csv', 'text/csv', `\uFEFF${[...REQUIRED, ...OPTIONAL].join(';')}\r\n`)}
      >
        {words.template}
      </Button>
      <div className={styles.file}>
        <label htmlFor={id}>{words.choose}</label>
        <input
          id={id}
          type="file"
          accept=".csv,.txt,text/csv"
          onChange={(event) => {
            setFile(event.target.files?.[0])
            reset()
          }}
        />
      </div>
      <div role="status">
        {isPending && <p>{words.sending}</p>}
        {data && <Outcome imported={data} />}
      </div>
      {error && (
        <p role="alert" className={styles.refused}>
          {error instanceof Refused ? explain(error.code) : words.unreachable}
        </p>
      )}
      <div className="row">
        <Button
          kind="primary"
          isDisabled={file === undefined}
          isPending={isPending}
          onPress={() => file && mutate(file)}
        >
          {words.send}
        </Button>
        <Button onPress={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  )
}

function Outcome({ imported }: { imported: Imported }) {
  const words = useWords(importWords)
  const explain = useWords(refusalWords)
  if (imported.refusal) return <p className={styles.refused}>{words.fileRefused[imported.refusal]}</p>
  const { notes } = imported
  return (
    <>
      <p>
        <strong>{words.imported(imported)}</strong>
      </p>
      {notes.length > 0 && (
        <table className={styles.notes}>
          <caption>{words.notes}</caption>
          <thead>
            <tr>
              <th scope="col">{words.line}</th>
              <th scope="col">{words.column}</th>
              <th scope="col">{words.reason}</th>
            </tr>
          </thead>
          <tbody>
            {notes.map(({ line, column, reason, code, severity }) => (
              <tr key={`${line} ${column ?? ''} ${reason}`}>
                <th scope="row">{line}</th>
                <td>{column}</td>
                <td>
                  {code === undefined ? words.reasons[reason] : explain(code)} ({words.severity[severity]})
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
