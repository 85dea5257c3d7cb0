import { Choice, Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { type Asked, type countRows, groups, type Sorting } from './board-rows.ts'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

export type Density = 'comfortable' | 'compact'
const sortings = ['room', 'departure', 'name'] as const satisfies readonly Sorting[]
const densities = ['comfortable', 'compact'] as const satisfies readonly Density[]

/** What the ward is in one line, each number a filter; and how it is shown. */
export function BoardTools({
  counts,
  total,
  asked,
  density,
  onAsk,
  onDensity,
}: {
  counts: ReturnType<typeof countRows>
  total: number
  asked: Asked
  density: Density
  onAsk: (asked: Asked) => void
  onDensity: (density: Density) => void
}) {
  const words = useWords(wardWords)
  const isAll = asked.group === 'all' && asked.only === 'all'
  return (
    <section className="stack unprinted" aria-label={words.show}>
      <div className={styles.counts} role="group" aria-label={words.show}>
        <Count isOn={isAll} onPress={() => onAsk({ ...asked, group: 'all', only: 'all' })}>
          {words.everybody(total)}
        </Count>
        {groups
          .filter((group) => counts[group] > 0 || asked.group === group)
          .map((group) => (
            <Count
              key={group}
              isOn={asked.group === group}
              onPress={() => onAsk({ ...asked, only: 'all', group: asked.group === group ? 'all' : group })}
            >
              {words.counts[group](counts[group])}
            </Count>
          ))}
        {(['leaving', 'late'] as const)
          .filter((only) => counts[only] > 0 || asked.only === only)
          .map((only) => (
            <Count
              key={only}
              isOn={asked.only === only}
              onPress={() => onAsk({ ...asked, group: 'all', only: asked.only === only ? 'all' : only })}
            >
              {words.counts[only](counts[only])}
            </Count>
          ))}
      </div>
      <div className={styles.tools}>
        <Field
          label={words.search}
          type="search"
          value={asked.search}
          onChange={(search) => onAsk({ ...asked, search })}
        />
        <Choice
          label={words.sorting}
          value={asked.sorting}
          options={sortings.map((value) => ({ value, label: words.sortings[value] }))}
          onChange={(sorting) => onAsk({ ...asked, sorting })}
        />
        <Choice
          label={words.density}
          value={density}
          options={densities.map((value) => ({ value, label: words.densities[value] }))}
          onChange={onDensity}
        />
      </div>
    </section>
  )
}

function Count({ isOn, onPress, children }: { isOn: boolean; onPress: () => void; children: string }) {
  return (
    <button type="button" className={styles.count} aria-pressed={isOn} onClick={onPress}>
      {children}
    </button>
  )
}
