import type { readDay } from '@relais/contracts/demonstration-routes'
import { useQuery } from '@tanstack/react-query'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { type AnswerOf, call } from '../../api/call.ts'
import { Refused } from '../../api/problem.ts'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { useWords } from '../../messages/language.tsx'
import { tourWords } from './tour-words.ts'
import styles from './tour.module.css'

type Day = AnswerOf<typeof readDay>

const DAY = '/demonstration/day'
const SPEEDS = { play: 60, playFast: 600 } as const
const PLAYING_MILLISECONDS = 1000
const QUIET_MILLISECONDS = 15_000

/** The day of the hospital, for who may start it: how far it has come, and a button to play or to stop. */
export function DayControls() {
  const words = useWords(tourWords)
  const perform = usePerform()
  const underWay = useActOn(DAY)
  const { data: day } = useQuery({
    queryKey: ['day'],
    queryFn: ({ signal }) => knownDay(signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'playing' ? PLAYING_MILLISECONDS : QUIET_MILLISECONDS),
  })
  const act = { subject: DAY, path: DAY, affects: [['day']] }
  const play = (speed: number) => perform({ ...act, method: 'POST', body: { speed }, what: words.started })
  const stop = () => perform({ ...act, method: 'DELETE', what: words.stopping })
  const isWaiting = underWay !== undefined && underWay.state !== 'refused'
  return (
    <>
      {day && <Progress day={day} />}
      <div className="row">
        {day?.state === 'playing' ? (
          <Button onPress={stop} isPending={isWaiting}>
            {words.stop}
          </Button>
        ) : (
          <>
            <Button kind="primary" onPress={() => play(SPEEDS.play)} isPending={isWaiting}>
              {words.play}
            </Button>
            <Button onPress={() => play(SPEEDS.playFast)} isPending={isWaiting}>
              {words.playFast}
            </Button>
          </>
        )}
      </div>
    </>
  )
}

/** `null` where no day was ever played. */
async function knownDay(signal: AbortSignal): Promise<Day | null> {
  try {
    return await call<typeof readDay>({ path: DAY, signal })
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    throw error
  }
}

function Progress({ day: { state, sent, total, now } }: { day: Day }) {
  const words = useWords(tourWords)
  const said = { playing: words.playing, stopped: words.stopped, failed: words.failed, done: words.over }[state]
  return (
    <label className={styles.progress}>
      <span>
        {`${said} `}
        {state === 'playing' && <Moment at={now} only="absolute" />}
      </span>
      <progress value={sent} max={Math.max(1, total)} />
      <span className="soft">{words.progress(sent, total)}</span>
    </label>
  )
}
