import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useDraft } from '../../acts/draft.ts'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Answered, Failed } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { type DefinitionForm, formOf, newDefinition } from './definition-form.ts'
import { DefinitionFields } from './definition-fields.tsx'
import { DryRunPanel } from './dry-run.tsx'
import { editorWords } from './editor-words.ts'
import { Problems, ProblemList, useValidation } from './problems.tsx'
import { type Protocol, protocolsQuery } from './protocol-data.ts'
import { protocolWords } from './protocol-words.ts'
import { PublishPanel } from './publish-panel.tsx'
import { writtenOf } from './written-definition.ts'
import styles from './editor.module.css'

/** The next version of a protocol. */
export function ProtocolEditPage() {
  const { protocolId } = useParams({ from: '/protocols/$protocolId/edit' })
  const query = useQuery(protocolsQuery)
  return (
    <Answered query={query} isPage>
      {({ protocols }) => {
        const protocol = protocols.find((each) => each.protocolId === protocolId)
        const last = protocol?.versions.at(-1)
        if (!protocol || !last) return <Failed error={new Error('no such protocol')} isPage />
        return <Editor key={protocolId} protocol={protocol} initial={formOf(last.definition)} />
      }}
    </Answered>
  )
}

/** The first version of one. */
export function ProtocolNewPage() {
  const query = useQuery(protocolsQuery)
  const { organisation = '' } = usePerson()
  return (
    <Answered query={query} isPage>
      {({ protocols }) => {
        // What the territory's other protocols say of it.
        const known = protocols.at(-1)?.versions.at(-1)?.definition
        const coordinator = organisation === '' ? '' : `finess:${organisation}`
        const { territory = 'cpts:', department = '' } = known ?? {}
        return <Editor initial={newDefinition({ territory, department, coordinator })} />
      }}
    </Answered>
  )
}

/** `base` is the version that it began from: what was published since would be overwritten unseen. */
type Draft = { protocolId: string; base: number; form: DefinitionForm }

function Editor({ protocol, initial }: { protocol?: Protocol; initial: DefinitionForm }) {
  const words = useWords(editorWords)
  const { all } = useWords(protocolWords)
  const [draft, change, clear] = useDraft<Draft>(`protocol.${protocol?.protocolId ?? 'new'}`, {
    protocolId: protocol?.protocolId ?? crypto.randomUUID(),
    base: protocol?.versions.at(-1)?.version ?? 0,
    form: initial,
  })
  const { protocolId, base, form } = draft
  const version = (protocol?.versions.at(-1)?.version ?? 0) + 1
  const written = writtenOf(form)
  const { problems, isChecked, isGood } = useValidation(written)
  return (
    <Problems value={problems}>
      <div className={styles.page}>
        <header className="stack">
          <p>
            <Link to="/protocols">{all}</Link>
          </p>
          <h1>{protocol ? words.editTitle(protocol.versions.at(-1)?.definition.title ?? '') : words.newTitle}</h1>
          {protocol && <p>{words.nextVersion(version)}</p>}
          {base + 1 < version && <p className={styles.problem}>{words.publishedSince(version - 1)}</p>}
          <div className="row">
            <p className="soft">{words.draftKept}</p>
            {protocol && (
              <Button kind="quiet" onPress={clear}>
                {words.discard}
              </Button>
            )}
          </div>
        </header>
        <DefinitionFields form={form} onChange={(next) => change({ ...draft, form: next })} />
        <ProblemList problems={problems} isChecked={isChecked} steps={form.steps} />
        <DryRunPanel protocolId={protocolId} written={written} isGood={isGood} />
        <PublishPanel {...{ protocolId, version, written, isGood, title: form.title, onDone: clear }} />
      </div>
    </Problems>
  )
}
