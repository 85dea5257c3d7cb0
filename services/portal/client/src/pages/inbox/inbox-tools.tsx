import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { useRecipientNames } from '../../people/people.tsx'
import { countBySection, type Row, type Section } from './inbox-items.ts'
import { withoutItem } from './inbox-search.ts'
import { inboxWords } from './inbox-words.ts'
import styles from './inbox.module.css'

const route = getRouteApi('/inbox')
const ALL = 'all'

/** Which list is shown, whose, and how to get to what is due when. */
export function InboxTools({
  rows,
  names,
  onJump,
  onKeys,
}: {
  rows: readonly Row[]
  names: readonly string[]
  onJump: (section: Section) => void
  onKeys: () => void
}) {
  const words = useWords(inboxWords)
  const { view } = route.useSearch()
  const counts = countBySection(rows)
  return (
    <header className={styles.tools}>
      <div className={styles.title}>
        <h1>{words.title}</h1>
        <span className={`${styles.keysButton} unprinted`}>
          <Button kind="quiet" onPress={onKeys} shortcut="?">
            {words.keys}
          </Button>
        </span>
      </div>
      <nav aria-label={words.views} className={`${styles.tabs} unprinted`}>
        {[undefined, 'done' as const].map((one) => (
          <Link
            key={one ?? 'open'}
            to="/inbox"
            search={({ of }) => withoutItem({ ...(one ? { view: one } : {}), ...(of === undefined ? {} : { of }) })}
            className={styles.tab ?? ''}
            activeOptions={{ exact: true }}
            aria-current={one === view ? 'page' : undefined}
          >
            {one ? words.done : words.open}
          </Link>
        ))}
      </nav>
      {names.length > 1 && <Whose names={names} />}
      {counts.length > 1 && (
        <div className={`${styles.jumps} unprinted`} role="group" aria-label={words.jump}>
          {counts.map(({ section, count }) => (
            <button key={section} type="button" className={styles.jump} onClick={() => onJump(section)}>
              {words.sections[section]} <strong>{count}</strong>
            </button>
          ))}
        </div>
      )}
    </header>
  )
}

/** Of somebody who works in a team: what came to it, or to oneself. */
function Whose({ names }: { names: readonly string[] }) {
  const words = useWords(inboxWords)
  const { id } = usePerson()
  const { of } = route.useSearch()
  const navigate = useNavigate({ from: '/inbox' })
  const said = useRecipientNames(names)
  const options = [
    { value: ALL, label: words.everybody },
    ...names.map((name, index) => ({
      value: String(index),
      label: name === id ? words.myself : (said[index] ?? name),
    })),
  ]
  return (
    <div className={`${styles.whose} unprinted`}>
      <Choice
        label={words.whose}
        value={of === undefined ? ALL : String(of)}
        options={options}
        onChange={(value) =>
          void navigate({
            search: ({ view }) => ({
              ...(view ? { view } : {}),
              ...(value === ALL ? {} : { of: Number(value) }),
            }),
            resetScroll: false,
          })
        }
      />
    </div>
  )
}
