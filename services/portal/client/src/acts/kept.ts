/**
 * What this tab keeps of a person until it is closed: acts that wait, texts that were begun. Gone at sign-out, and when
 * somebody else signs in on a shared post.
 */
const PREFIX = 'relais.kept.'

export function keptFor(personId: string, name: string) {
  const key = `${PREFIX}${personId}.${name}`
  return {
    read(): unknown {
      const text = sessionStorage.getItem(key)
      if (text === null) return undefined
      try {
        return JSON.parse(text)
      } catch {
        return undefined
      }
    },
    write(value: unknown): void {
      try {
        sessionStorage.setItem(key, JSON.stringify(value))
      } catch {
        // The tab has no room left: what is kept is lost with it, and nothing else.
      }
    },
    remove: () => sessionStorage.removeItem(key),
  }
}

/** Forgets what was kept of anybody but `personId`; of everybody without one. */
export function forgetOthers(personId?: string): void {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX) && (personId === undefined || !key.startsWith(`${PREFIX}${personId}.`)))
      sessionStorage.removeItem(key)
}
