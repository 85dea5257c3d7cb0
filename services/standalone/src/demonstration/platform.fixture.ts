import { Scope } from '@relais/contracts/actor'
import { createService as conversations } from '@relais/conversations-service/service'
import { createService as directory } from '@relais/directory-service/service'
import { readAck } from '@relais/hl7v2/ack'
import { createService as patients } from '@relais/patients-service/service'
import { createService as referrals } from '@relais/referrals-service/service'
import { hasReacted, isReady, openTestAdapters, person } from '@relais/runtime/adapters.fixture'
import { createService as protocols } from '@relais/protocols-service/service'
import { createService as stays, loadStaysConfig } from '@relais/stays-service/service'
import { afterTestFile } from '@relais/testkit/cleanup'
import { Hono } from 'hono'
import type { Send } from './send.ts'
import type { Ask } from './territory/settle.ts'

const A_DAY_SECONDS = 86_400

export type Platform = Awaited<ReturnType<typeof openPlatform>>

/**
 * The services that a territory and a day speak to, on a log in memory that shows what came of it; `withPeople` those
 * that people speak to on a day as well.
 */
export async function openPlatform({ withPeople = false } = {}) {
  const test = await openTestAdapters()
  const { adapters, tokenFor, store } = test
  const intake = await stays(adapters, loadStaysConfig('demonstration', {}))
  const services = [intake, await patients(adapters), await directory(adapters), await protocols(adapters)]
  if (withPeople) services.push(await referrals(adapters), await conversations(adapters))
  const app = new Hono()
  for (const service of services) {
    app.route('/', service.app)
    await isReady(service)
  }
  afterTestFile(async () => {
    for (const service of services) await service.stop()
    await test.close()
  })

  const ask: Ask = async ({ as, method, path, body }) => {
    const token = await tokenFor(person({ ...as, scopes: Scope.options }), A_DAY_SECONDS)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await app.request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    const text = await response.text()
    const answered: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, body: answered }
  }
  /** As what comes from this address. Only that of the loopback is a sender. */
  const sendFrom =
    (address: string): Send =>
    async (bytes) => {
      const code = readAck(await intake.receive(bytes, { address }))?.code
      return code === 'AA' || code === 'AE' || code === 'AR' ? code : 'unanswered'
    }
  async function settled() {
    await hasReacted(test, { schema: 'stays', categories: ['stay', 'message'] })
    await hasReacted(test, { schema: 'patients', categories: ['stay', 'message'], name: 'record-what-was-reported-1' })
    await hasReacted(test, { schema: 'directory', categories: ['patient', 'resident'] })
  }
  /** Every event of the log, in order. */
  async function events() {
    const all: { id: string; stream: string; type: string }[] = []
    for await (const { id, stream, type } of store.readAll()) all.push({ id, stream, type })
    return all
  }
  return { ...test, ask, send: sendFrom('127.0.0.1'), sendFrom, settled, events }
}

/** How many events of each kind, in each category. */
export function kindsOf(events: readonly { stream: string; type: string }[]): Record<string, number> {
  const kinds: Record<string, number> = {}
  for (const { stream, type } of events) {
    const kind = `${stream.split('-')[0]} ${type}`
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return kinds
}
