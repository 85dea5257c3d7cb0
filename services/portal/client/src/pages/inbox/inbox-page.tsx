import type { InboxItem } from '@relais/contracts/boards'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import { namesOf, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failed, Loading } from '../../design/states.tsx'
import { useMedia } from '../../live/media.ts'
import { useNow } from '../../live/now.ts'
import { whenIdle } from '../../live/when-idle.ts'
import { useWords } from '../../messages/language.tsx'
import { addressOf, arrange, arrangeDone, itemKey, ofRecipient } from './inbox-items.ts'
import { InboxList } from './inbox-list.tsx'
import { hrefOf, withoutItem } from './inbox-search.ts'
import { InboxTools } from './inbox-tools.tsx'
import { inboxWords } from './inbox-words.ts'
import { KeysDialog } from './keys-dialog.tsx'
import { useInbox } from './use-inbox.ts'
import { useKeyboard } from './use-keyboard.ts'
import { useOpenItem } from './use-open-item.ts'
import { useRows } from './use-rows.ts'
import styles from './inbox.module.css'

const fetchDetail = async () => ({ default: (await import('./item-detail.tsx')).ItemDetail })
const ItemDetail = lazy(fetchDetail)
// The list is worth showing before it; opened, it is there.
whenIdle(fetchDetail)

const route = getRouteApi('/inbox')
const WIDE = '(min-width: 60rem)'
const nothing: readonly InboxItem[] = []

/** Everything a person is told and asked, by what is due: the list, and beside it the item that is open. */
export function InboxPage() {
  const words = useWords(inboxWords)
  const person = usePerson()
  const names = useMemo(() => namesOf(person), [person])
  const search = route.useSearch()
  const { item: address, view, of } = search
  const navigate = useNavigate({ from: '/inbox' })
  const isDone = view === 'done'
  const inbox = useInbox(isDone ? 'done' : 'open')
  const now = useNow()
  const isWide = useMedia(WIDE)
  const items = useMemo(
    () => ofRecipient(inbox.items ?? nothing, of === undefined ? undefined : names[of]),
    [inbox.items, of, names],
  )
  const arrangeAll = useCallback(
    (all: readonly InboxItem[]) => (isDone ? arrangeDone(all) : arrange(all, now)),
    [isDone, now],
  )
  const { rows, newer, putInOrder, hold } = useRows(items, arrangeAll)
  const { open, isLookedFor } = useOpenItem({ address, names, inbox })
  const openKey = open && itemKey(open)
  const keyboard = useKeyboard({ rows, open, putInOrder })
  const { list, cursor, setCursor, wanted, onWanted } = keyboard
  const isListShown = isWide || address === undefined
  if (!inbox.items)
    return inbox.error ? <Failed error={inbox.error} retry={() => void inbox.refetch()} isPage /> : <Loading isPage />
  const openRow = (key: string) => {
    const row = rows.find((one) => one.key === key)
    if (row) void navigate({ search: { ...search, item: addressOf(row.item, names) }, resetScroll: !isWide })
  }
  const onEnd = () => {
    if (!inbox.isFetchingNextPage && !inbox.isFetchNextPageError) void inbox.fetchNextPage()
  }
  return (
    <div className={styles.page} data-open={address !== undefined || undefined}>
      {isListShown && (
        <section className={styles.listPane} aria-label={words.list}>
          <InboxTools
            rows={isDone ? [] : rows}
            names={names}
            onJump={(section) => list.current?.scrollTo(section)}
            onKeys={() => keyboard.setShown(true)}
          />
          {rows.length === 0 ? (
            <Empty title={isDone ? words.emptyDone : words.emptyOpen}>{!isDone && <p>{words.emptyOpenText}</p>}</Empty>
          ) : (
            <div {...hold}>
              <InboxList
                key={isDone ? 'done' : 'open'}
                rows={rows}
                openKey={openKey}
                cursor={cursor}
                hasSections={!isDone}
                isComplete={!inbox.hasNextPage}
                onCursor={setCursor}
                onEnd={onEnd}
                handle={list}
                hrefOf={({ item }) => hrefOf({ ...search, item: addressOf(item, names) })}
                onOpen={openRow}
              />
            </div>
          )}
          {inbox.isFetchingNextPage && <p className="soft">{words.loadingMore}</p>}
          {inbox.isFetchNextPageError && <Failed error={inbox.error} retry={() => void inbox.fetchNextPage()} />}
          {newer.isOther && (
            <div className={`${styles.newer} unprinted`} role="status" data-foot>
              <Button kind="primary" onPress={putInOrder} shortcut="u">
                {words.newer(newer.added)}
              </Button>
            </div>
          )}
        </section>
      )}
      {(isWide || address !== undefined) && (
        <section className={styles.detailPane} aria-label={words.detail}>
          {!isWide && <h1 className="aside">{words.title}</h1>}
          {!isWide && (
            <p className="unprinted">
              <Link to="/inbox" search={withoutItem}>{`← ${words.back}`}</Link>
            </p>
          )}
          {open ? (
            <div className={`card ${styles.detail}`}>
              <Suspense fallback={<Loading />}>
                <ItemDetail key={openKey} item={open} wanted={wanted} onWanted={onWanted} />
              </Suspense>
            </div>
          ) : address === undefined ? (
            <Empty title={words.choose} />
          ) : isLookedFor ? (
            <Loading />
          ) : (
            <Empty title={words.gone} />
          )}
        </section>
      )}
      <KeysDialog isOpen={keyboard.isShown} onClose={() => keyboard.setShown(false)} />
    </div>
  )
}
