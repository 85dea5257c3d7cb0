import { connectChannels } from '@relais/channels/client'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { ChannelName, type EndedReason } from '@relais/contracts/channels'
import { ClockView } from '@relais/contracts/demonstration-routes'
import { RunView } from '@relais/contracts/run-routes'
import { readAck } from '@relais/hl7v2/ack'
import { pamBytes, type PamMessage } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { afterTestFile } from '@relais/testkit/cleanup'
import { type RunningRelais, startRelais, type StartOptions } from '@relais/testkit/relais'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect } from 'vitest'
import { z } from 'zod'
import { ask, type Asked, FACILITY, findPatient, pathwayOf, type Person, tokenFor } from '../people.fixture.ts'

export const WARD = '4101'
export const WARD_QUEUE = `uf:${FACILITY}/${WARD}`
export const PARIS = 'Europe/Paris'

/** Somebody of the ward; of a GP's practice, and so on, under a number of RPPS that is nobody's. */
export const ofTheWard = (id: string): Person => ({
  id: `ch-essai:${id}`,
  role: 'infirmier',
  organisation: FACILITY,
  wards: [WARD],
})
export const inTown = (role: string, rpps: string): Person => ({ id: `rpps:${rpps}`, role })

/** An invented person, told from the others by a number up to 999. */
export function inhabitant(n: number): Partial<PamMessage> & { ipp: string } {
  const order = String(n).padStart(3, '0')
  return { ipp: `901${order}`, visit: `V901${order}`, familyName: `TEST-${n}`, insBody: `2410799000${order}` }
}

export type Inhabitant = Awaited<ReturnType<typeof personOn>>

async function personOn(platform: RunningRelais, person: Person) {
  const token = await tokenFor(platform, person)
  const asked = (request: Asked) => ask(platform, token, request)
  return {
    ...person,
    token,
    asked,
    /** What is there, which has to be for this person to see. */
    async reads<Schema extends z.ZodType>(schema: Schema, path: string) {
      const { status, body } = await asked({ path })
      expect({ path, status, body }).toMatchObject({ status: 200 })
      return schema.parse(body)
    },
    /** Says something that has to be taken. */
    async says(method: 'POST' | 'PUT', path: string, body: object) {
      const answered = await asked({ method, path, body })
      expect({ path, ...answered }).toMatchObject({ status: path.startsWith('/residents') ? 200 : 204 })
    },
    follows: (channel: string, after?: string) => following(`${platform.url}/channels`, { token, channel, after }),
  }
}

export type Town = Awaited<ReturnType<typeof openTown>>

/** A platform of its own on which a story is played: a hospital that sends, people who ask, and a clock that is moved. */
export async function openTown(options: StartOptions = {}) {
  const platform = await startRelais(options)
  afterTestFile(async () => void (await platform.stop()))
  const hospital = mllpClient({ ...platform.mllp, timeoutMilliseconds: 20_000 })
  afterTestFile(() => hospital.close())
  const as = (person: Person) => personOn(platform, person)
  const operator = await as({ id: 'operateur:test', role: 'operateur' })
  const clock = async (body?: object) =>
    ClockView.parse(
      (await operator.asked({ path: '/demonstration/clock', ...(body ? { method: 'POST', body } : {}) })).body,
    ).now

  /** A movement as of now, which the hospital has to see taken. */
  async function sends(message: Partial<PamMessage>) {
    const effective = localTime(await clock())
    const answer = readAck(await hospital.send(pamBytes({ effective, recorded: effective, ...message })))
    expect(answer).toMatchObject({ code: 'AA' })
  }

  async function idOf(ipp: string): Promise<string> {
    return waitUntil(() => findPatient(platform, operator.token, ipp), `the patient ${ipp}`)
  }

  return {
    platform,
    operator,
    as,
    sends,
    idOf,
    now: () => clock(),
    moveTo: (to: string) => clock({ to }),
    passes: (hours: number) => clock({ advanceSeconds: hours * 3600 }),
    /** Declared by the operator: the hospital and the town agreed on it. */
    joins: (patientId: string, { id: memberId }: Person, role: string) =>
      operator.says('POST', `/patients/${patientId}/circle`, { memberId, role }),
    pathway: ({ token }: { token: string }, patientId: string) => pathwayOf(platform, token, patientId),
    /** The runs of a patient, once this is true of them. */
    runsOnce: (reader: Inhabitant, patientId: string, isSo: (runs: readonly RunView[]) => boolean) =>
      waitUntil(async () => {
        const { runs } = await reader.reads(Runs, `/patients/${patientId}/runs`)
        return isSo(runs) && runs
      }, 'the runs of a patient'),
  }
}

const Runs = z.object({ runs: z.array(RunView) })

/** As the hospital writes times: `20261122143000`, on its own wall clock. */
export function localTime(instant: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone: PARIS }).replaceAll(/\D/g, '')
}

export type Followed = { token: string; channel: string; after?: string | undefined }

/** Somebody who follows a channel through the client library. */
export async function following(url: string, { token, channel, after }: Followed) {
  const entries: ChannelEntry[] = []
  let ended: EndedReason | undefined
  let cursor = after
  let hasCaughtUp = false
  const client = connectChannels({ url: url.replace(/^http/, 'ws'), token: async () => token })
  afterTestFile(() => client.close())
  client.subscribe(ChannelName.parse(channel), {
    after,
    onEntry(received) {
      entries.push(received.entry)
      cursor = received.cursor
    },
    onCaughtUp(reached) {
      cursor = reached
      hasCaughtUp = true
    },
    onEnded: (reason) => (ended = reason),
  })
  await waitUntil(() => hasCaughtUp || ended, `${channel} to be followed`)
  return {
    entries,
    ended: () => ended,
    cursor: () => cursor,
    /** The first entry of which `pick` makes something. */
    hears: <Found>(pick: (entry: ChannelEntry) => Found, what: string) =>
      waitUntil(() => entries.map(pick).find(Boolean), `${what} on ${channel}`),
    close: () => client.close(),
  }
}
