import type { InboxItem } from '@relais/contracts/boards'
import { useEffect, useMemo, useState } from 'react'
import { addressOf } from './inbox-items.ts'
import type { useInbox } from './use-inbox.ts'

type OpenItemProps = {
  address: string | undefined
  names: readonly string[]
  inbox: Pick<ReturnType<typeof useInbox>, 'items' | 'hasNextPage' | 'isFetchingNextPage' | 'isError' | 'fetchNextPage'>
}

/**
 * The item that an address names. It stays open as it was last known when it leaves the list, so that nobody loses what
 * is being read; and is looked for further down where an address came from elsewhere.
 */
export function useOpenItem({ address, names, inbox }: OpenItemProps) {
  const { items, hasNextPage, isFetchingNextPage, isError, fetchNextPage } = inbox
  const found = useMemo(
    () => (address === undefined ? undefined : items?.find((item) => addressOf(item, names) === address)),
    [items, address, names],
  )
  const [last, setLast] = useState<InboxItem>()
  if (found && found !== last) setLast(found)
  const isKept = last !== undefined && address !== undefined && addressOf(last, names) === address
  const open = found ?? (isKept ? { ...last, status: 'done' as const } : undefined)
  const isLookedFor = address !== undefined && !open && hasNextPage && !isError
  useEffect(() => {
    if (isLookedFor && !isFetchingNextPage) void fetchNextPage()
  }, [isLookedFor, isFetchingNextPage, fetchNextPage])
  return { open, isLookedFor }
}
