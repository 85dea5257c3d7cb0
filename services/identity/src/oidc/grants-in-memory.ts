import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** Sign-ins under way and those who are signed in: more is no demonstration. The oldest leave first. */
const LARGEST = 10_000

type Kept = { payload: AdapterPayload; endsAt: number }

/**
 * What the provider remembers, until the process ends: people then sign in again. One store for each of its models, which
 * know each other by the grant that they belong to.
 */
export function grantsInMemory(now: () => number = Date.now): AdapterFactory {
  const ofGrant = new Map<string, Set<() => void>>()

  return (): Adapter => {
    const kept = new Map<string, Kept>()
    const live = (id: string) => {
      const found = kept.get(id)
      if (found === undefined || found.endsAt > now()) return found?.payload
      kept.delete(id)
      return undefined
    }
    const first = (isIt: (payload: AdapterPayload) => boolean) => {
      const [id] = kept.entries().find(([, { payload }]) => isIt(payload)) ?? []
      return id === undefined ? undefined : live(id)
    }
    const makeRoom = () => {
      if (kept.size < LARGEST) return
      for (const id of kept.keys()) live(id)
      for (const id of kept
        .keys()
        .take(Math.max(0, kept.size - LARGEST + 1))
        .toArray())
        kept.delete(id)
    }
    return {
      async upsert(id, payload, expiresIn) {
        if (!kept.has(id)) makeRoom()
        kept.set(id, { payload, endsAt: expiresIn === undefined ? Infinity : now() + expiresIn * 1000 })
        if (payload.grantId === undefined) return
        const members = ofGrant.get(payload.grantId) ?? new Set()
        ofGrant.set(
          payload.grantId,
          members.add(() => kept.delete(id)),
        )
      },
      find: async (id) => live(id),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
      async consume(id) {
        const payload = live(id)
        if (payload) payload.consumed = Math.floor(now() / 1000)
      },
      destroy: async (id) => void kept.delete(id),
      async revokeByGrantId(grantId) {
        for (const forget of ofGrant.get(grantId) ?? []) forget()
        ofGrant.delete(grantId)
      },
    }
  }
}
