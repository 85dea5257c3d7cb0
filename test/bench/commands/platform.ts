import type { JSONWebKeySet } from 'jose'
import { ask, type Asked, FACILITY, nurse, type Person, tokenFor } from '../../people.fixture.ts'
import type { Server } from '../driving.ts'
import type { Options } from '../options.ts'
import { startPlatform } from '../processes.ts'
import { overHttp } from '../push/transports.ts'
import { rest } from '../resting.ts'

/** The whole platform, the ward's nurse, and a médecin traitant in town. */
export async function openCommandPlatform(options: Options) {
  const running = await startPlatform(options)
  const tokens = {
    nurse: await tokenFor(running, nurse),
    physician: await tokenFor(running, { id: 'rpps:10100000002', role: 'medecin-traitant' }),
    coordinator: await tokenFor(running, { id: 'rpps:10100000003', role: 'coordinateur', organisation: '990000044' }),
  }
  const logiciel = { id: 'logiciel:bench', role: 'logiciel', organisation: FACILITY }
  const transport = overHttp(running.url, await tokenFor(running, logiciel))
  const jwks = await fetch(`${running.url}/jwks`)
  const server: Server = { port: Number(new URL(running.url).port), pid: running.pid }
  return {
    server,
    tokens,
    folder: running.folder,
    channels: `${running.url.replace('http', 'ws')}/channels`,
    issuer: `${running.url}/oidc`,
    // Its own JWKS, which the platform's verifier reads too.
    jwks: (await jwks.json()) as JSONWebKeySet,
    tokenOf: (person: Person) => tokenFor(running, person),
    /** Sends one HL7 v2 message. @throws Error when it is not accepted */
    async send(message: Uint8Array): Promise<void> {
      const answer = await transport.send(message)
      if (!answer.includes('MSA|AA|')) throw new Error(`A message was not accepted: ${answer}`)
    },
    /** @throws Error for an answer that is no success */
    async ask(token: string, asked: Asked): Promise<unknown> {
      const { status, body } = await ask(running, token, asked)
      if (status >= 300) throw new Error(`${asked.path} was answered ${status} ${JSON.stringify(body)}`)
      return body
    },
    rest: () => rest(running.pid),
    async stop() {
      transport.close()
      await running.stop()
    },
  }
}
export type CommandPlatform = Awaited<ReturnType<typeof openCommandPlatform>>

/** Runs `work` on each, so many at once. */
export async function together<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<unknown>) {
  const left = items[Symbol.iterator]()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
