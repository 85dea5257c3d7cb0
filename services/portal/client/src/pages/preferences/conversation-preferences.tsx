import type { listThreads } from '@relais/contracts/conversation-routes'
import type { Preference, ThreadId } from '@relais/contracts/conversations'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { call } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { Field, Tick } from '../../design/field.tsx'
import { Answered } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { preferenceAct, preferenceQuery } from './preference-query.ts'
import { preferencesWords } from './preferences-words.ts'
import styles from './preferences.module.css'

const NIGHT = { from: '20:00', to: '07:00' }

export function ConversationPreferences() {
  const words = useWords(preferencesWords)
  const query = useQuery(preferenceQuery)
  return (
    <section className="stack" aria-labelledby="conversations">
      <h2 id="conversations">{words.conversations}</h2>
      <p className="soft">{words.conversationsHelp}</p>
      <Answered query={query}>{(kept) => <PreferenceForm key={JSON.stringify(kept)} kept={kept} />}</Answered>
    </section>
  )
}

function PreferenceForm({ kept }: { kept: Preference }) {
  const words = useWords(preferencesWords)
  const perform = usePerform()
  const underWay = useActOn('preference')
  const [wanted, setWanted] = useState(kept)
  const { quietHours, digest, muted } = wanted
  const isWrong = quietHours !== undefined && quietHours.from === quietHours.to
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(kept)

  const setQuiet = (isOn: boolean) => {
    const { quietHours: before, ...others } = wanted
    const zone = kept.quietHours?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    setWanted(isOn ? { ...others, quietHours: before ?? kept.quietHours ?? { ...NIGHT, zone } } : others)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (isChanged && !isWrong) perform(preferenceAct(wanted, kept, words.saved))
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <Tick isOn={quietHours !== undefined} onChange={setQuiet}>
        {words.quiet}
      </Tick>
      {quietHours && (
        <>
          <div className={styles.times}>
            {(['from', 'to'] as const).map((end) => (
              <Field
                key={end}
                type="time"
                label={words[end]}
                value={quietHours[end]}
                isRequired
                error={isWrong && end === 'to' ? words.sameTimes : undefined}
                onChange={(time) => setWanted({ ...wanted, quietHours: { ...quietHours, [end]: time } })}
              />
            ))}
          </div>
          <p className="soft">{words.zone(quietHours.zone)}</p>
          <Tick isOn={digest} onChange={(isOn) => setWanted({ ...wanted, digest: isOn })}>
            {words.digest}
          </Tick>
        </>
      )}
      <Muted muted={muted} onUnmute={(id) => setWanted({ ...wanted, muted: muted.filter((one) => one !== id) })} />
      <div className="row">
        <Button type="submit" kind="primary" isPending={underWay?.state === 'sending'} isDisabled={!isChanged}>
          {words.save}
        </Button>
        <span role="status" className="soft">
          {isChanged ? words.unsaved : ''}
        </span>
      </div>
    </form>
  )
}

/** The most recent page of threads gives names; a muted one that is older is still told by its number in the list. */
function Muted({ muted, onUnmute }: { muted: readonly ThreadId[]; onUnmute: (id: ThreadId) => void }) {
  const words = useWords(preferencesWords)
  const { data } = useQuery({
    queryKey: ['threads', 'named'],
    queryFn: ({ signal }) => call<typeof listThreads>({ path: '/threads', query: { limit: 100 }, signal }),
    enabled: muted.length > 0,
  })
  const titleOf = (id: ThreadId, place: number) =>
    data?.threads.find(({ threadId }) => threadId === id)?.title ?? `${words.muted} ${place + 1}`
  return (
    <div className="stack">
      <h3>{words.muted}</h3>
      {muted.length === 0 ? (
        <p className="soft">{words.noneMuted}</p>
      ) : (
        <ul className={styles.muted}>
          {muted.map((id, place) => (
            <li key={id} className={styles.one}>
              <span>{titleOf(id, place)}</span>
              <Button onPress={() => onUnmute(id)} label={`${words.unmute} : ${titleOf(id, place)}`}>
                {words.unmute}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
