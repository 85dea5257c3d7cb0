import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { download } from '../../design/download.ts'
import { Moment } from '../../design/moment.tsx'
import { Empty, Failed, Loading } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { csvOf } from './csv.ts'
import { type Behind, eventsPage, isOfAge } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './charts.module.css'

/** The events behind a figure: what it was counted from. */
export function EventsDialog({ behind, onClose }: { behind: Behind; onClose: () => void }) {
  const words = useWords(statisticsWords)
  const { because } = useWords(domainWords)
  const now = useNow()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['statistics', 'events', behind],
    queryFn: ({ pageParam, signal }) => eventsPage(behind, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  const { age } = behind
  const events = data?.pages
    .flatMap((page) => page.events)
    .filter(({ askedAt }) => age === undefined || isOfAge(askedAt, age, now))
  const save = () =>
    download(
      'evenements.csv',
      'text/csv',
      csvOf([
        [words.askedAt, words.recipient, words.reason, words.referral, words.event],
        ...(events ?? []).map(({ askedAt, recipient, reason, referralId, eventId }) => [
          askedAt,
          recipient,
          reason,
          referralId,
          eventId,
        ]),
      ]),
    )
  return (
    <Dialog title={words.eventsOf(behind.title)} isOpen onClose={onClose}>
      {events === undefined && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {events?.length === 0 && !hasNextPage && <Empty title={words.noEvents} />}
      {events && events.length > 0 && (
        <>
          <p className="soft">{words.pseudonyms}</p>
          <ul className={styles.events}>
            {events.map(({ eventId, referralId, recipient, askedAt, reason }) => (
              <li key={eventId}>
                <span>
                  <Moment at={askedAt} only="absolute" /> · <RecipientName id={recipient} />
                  {reason !== undefined && ` · ${because[reason]}`}
                </span>
                <code className="soft">
                  {words.referral} {referralId}
                </code>
                <code className="soft">
                  {words.event} {eventId}
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="row">
        {hasNextPage && (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {words.more}
          </Button>
        )}
        {events && events.length > 0 && <Button onPress={save}>{words.exportCsv}</Button>}
        <Button onPress={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  )
}
