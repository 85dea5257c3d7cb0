/** What an address says of a thread: the message that was searched for. */
export function threadSearch({ post }: Record<string, unknown>): { post?: string } {
  return typeof post === 'string' ? { post } : {}
}
