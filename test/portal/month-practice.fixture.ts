import { InboxItem } from '@relais/contracts/boards'
import { readAck } from '@relais/hl7v2/ack'
import { encodeText } from '@relais/hl7v2/charset'
import { pamBytes } from '@relais/hl7v2/fixtures'
import { type MllpClient, mllpClient } from '@relais/hl7v2/mllp/client'
import { afterTestFile } from '@relais/testkit/cleanup'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Inhabitant } from '../loops/town.fixture.ts'
import { FACILITY } from '../people.fixture.ts'
import { inboxToBe, lineOfItem } from './month-inbox.fixture.ts'
import { type Step, wards } from './month-visit.fixture.ts'
import { openPortal, people } from './portal.fixture.ts'

const LANES = 4
const Inbox = z.object({ items: z.array(InboxItem), next: z.string().optional() })

export type Practice = Awaited<ReturnType<typeof openPractice>>

/** The practice of a GP and of a colleague, the hospital that tells them, and what the GP's inbox has to hold. */
export async function openPractice() {
  const town = await openPortal()
  for (const [code, label] of Object.entries(wards)) {
    const body = { label, phone: `09 99 00 ${code.slice(0, 2)} ${code.slice(2)}`, confidential: false }
    await town.operator.asked({ method: 'PUT', path: `/directory/facilities/${FACILITY}/wards/${code}`, body })
  }
  const [gp, otherGp] = [await town.as(people.gp), await town.as(people.otherGp)]
  const lanes = Array.from({ length: LANES }, () => {
    const client = mllpClient({ ...town.platform.mllp, timeoutMilliseconds: 60_000 })
    afterTestFile(() => client.close())
    return client
  })
  const toBe = inboxToBe()
  /** Who came, by the platform's id. */
  const known = new Map<string, { ipp: string; name: string }>()
  const line = (item: InboxItem) => lineOfItem(item, (patientId) => known.get(patientId)?.ipp)

  /** Whoever came last has been told of: so has everybody before. */
  async function told({ message }: Step): Promise<void> {
    if (typeof message === 'string' || message.ipp === undefined) throw new Error('Nobody came last')
    const patientId = await town.idOf(message.ipp)
    const isThere = async () => (await inboxOf(otherGp, 'open')).some((item) => item.patientId === patientId)
    await waitUntil(isThere, 'what was sent last to be told', 60)
  }

  /** Before a merge gives a number to somebody else. */
  async function learn(steps: readonly Step[]): Promise<void> {
    const numbers = new Set([...known.values()].map(({ ipp }) => ipp))
    for (const { message } of steps) {
      if (typeof message === 'string' || message.ipp === undefined || numbers.has(message.ipp)) continue
      const { ipp, familyName: name = '' } = message
      numbers.add(ipp)
      known.set(await town.idOf(ipp), { ipp, name })
    }
  }

  return {
    town,
    toBe,
    /** People who have nothing to do with each other may come on several connections. */
    announce: (steps: readonly Step[]) =>
      Promise.all(
        lanes.map((lane, index) =>
          send(
            lane,
            steps.filter((_, at) => at % LANES === index),
          ),
        ),
      ),
    /** A day of the hospital is over. */
    async evening(at: number, steps: readonly Step[]): Promise<void> {
      await town.moveTo(new Date(at).toISOString())
      const [hospital] = lanes
      if (hospital) await send(hospital, steps)
      for (const step of steps) toBe.hears(step)
      const last = steps.at(-1)
      if (last) await told(last)
      await learn(steps)
    },
    inbox: (status: 'open' | 'done') => inboxOf(gp, status),
    linesOf: (items: readonly InboxItem[]) => items.map(line).toSorted(),
    nameOf: ({ patientId }: InboxItem) => known.get(patientId ?? '')?.name ?? '',
    async deals(item: InboxItem): Promise<void> {
      const action = item.kind === 'stay' && item.expected.action === 'acknowledge' ? 'acknowledged' : 'handled'
      await gp.says('POST', `/notices/${item.noticeId}/receipts`, { receipt: 'read' })
      await gp.says('POST', `/notices/${item.noticeId}/receipts`, { receipt: 'acted', action })
      toBe.deals(line(item))
    },
  }
}

async function inboxOf(reader: Inhabitant, status: 'open' | 'done'): Promise<InboxItem[]> {
  const { items, next } = await reader.reads(Inbox, `/inbox?status=${status}&limit=200`)
  expect(next).toBeUndefined()
  return items
}

const bytesOf = (message: Step['message']) =>
  typeof message === 'string' ? (encodeText(message, 'utf-8') ?? new Uint8Array()) : pamBytes(message)

/** One after the other on one connection, without waiting for the answers. */
async function send(hospital: MllpClient, steps: readonly Step[]): Promise<void> {
  const answers = await Promise.all(steps.map(({ message }) => hospital.send(bytesOf(message))))
  expect(answers.map((answer) => readAck(answer)?.code)).toEqual(answers.map(() => 'AA'))
}
