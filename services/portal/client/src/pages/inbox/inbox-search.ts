/** What an address of the inbox says: which item is open, which list is shown, and whose of the reader's names. */
export type InboxSearch = { item?: string; view?: 'done'; of?: number }

/** Anybody may write an address: what is none of ours is left out. */
export function inboxSearch(search: Readonly<Record<string, unknown>>): InboxSearch {
  const { item, view, of } = search
  return {
    ...(typeof item === 'string' && /^[a-z]+\.[a-z0-9.-]{1,90}$/.test(item) ? { item } : {}),
    ...(view === 'done' ? { view } : {}),
    ...(typeof of === 'number' && Number.isInteger(of) && of >= 0 ? { of } : {}),
  }
}

/** The list without an item. */
export function withoutItem({ view, of }: InboxSearch): InboxSearch {
  return { ...(view ? { view } : {}), ...(of === undefined ? {} : { of }) }
}

/** What a link to an item leads to: the same that the router would write. Nothing in it has to be encoded. */
export function hrefOf({ item, view, of }: InboxSearch & { item: string }): string {
  return `/app/inbox?item=${item}${view ? `&view=${view}` : ''}${of === undefined ? '' : `&of=${of}`}`
}
