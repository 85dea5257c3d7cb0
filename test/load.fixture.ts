import { setTimeout as pause } from 'node:timers/promises'
import { readAck } from '@relais/hl7v2/ack'
import { pamBytes, type PamMessage } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import type { MortalPlatform } from './mortal.fixture.ts'

const TIMEOUT_MILLISECONDS = 20_000
const MILLISECONDS_BETWEEN_MESSAGES = 3
const MILLISECONDS_BETWEEN_MOVES = 20

/** What a feed has had answered AA: for each patient, by hospital number, how many messages. */
export type Feed = { sent: ReadonlyMap<string, number>; run(isOver: () => boolean): Promise<void> }

export const countOf = ({ sent }: Feed) => [...sent.values()].reduce((sum, count) => sum + count, 0)

/** A hospital's software on one connection: the same bytes again and again until they are answered AA, then the next. */
function hospitalOf({ running, insist }: MortalPlatform) {
  let link: { port: number; client: ReturnType<typeof mllpClient> } | undefined
  const opened = () => {
    const { mllp } = running()
    if (link?.port === mllp.port) return link.client
    link?.client.close()
    link = { port: mllp.port, client: mllpClient({ ...mllp, timeoutMilliseconds: TIMEOUT_MILLISECONDS }) }
    return link.client
  }
  return {
    async send(message: Partial<PamMessage>) {
      const bytes = pamBytes(message)
      await insist(async () => readAck(await opened().send(bytes))?.code === 'AA', 'a message to be answered AA')
      await pause(MILLISECONDS_BETWEEN_MESSAGES)
    },
    close: () => link?.client.close(),
  }
}

/** HL7 local times, one minute after the other. */
const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 10, minute)).toISOString().replace(/\D/g, '').slice(0, 14)

/** What one patient lives, with a room for each message, so that each can be recognised in the pathway. */
function lifeOf(ipp: string, ward: string): Partial<PamMessage>[] {
  const visit = { ipp, visit: `V${ipp}`, ward }
  const transfer = { ...visit, movement: `M${ipp}-2`, effective: at(2) }
  return [
    { ...visit, movement: `M${ipp}-1`, room: '1', effective: at(1) },
    { ...transfer, trigger: 'A02', room: '2' },
    { ...transfer, trigger: 'Z99', original: 'A02', room: '3', recorded: at(3) },
    { ...visit, trigger: 'A03', movement: `M${ipp}-3`, room: '4', effective: at(4), exitMode: '8' },
  ]
}

/** Short stays in a ward, one after the other. `onAdmitted` ends before the patient's next message leaves. */
export function shortStays(
  platform: MortalPlatform,
  ward: string,
  onAdmitted: (ipp: string) => Promise<void> = async () => {},
): Feed {
  const hospital = hospitalOf(platform)
  const sent = new Map<string, number>()
  async function live(ipp: string, isOver: () => boolean) {
    for (const [index, message] of lifeOf(ipp, ward).entries()) {
      await hospital.send(message)
      sent.set(ipp, index + 1)
      if (index === 0) await onAdmitted(ipp)
      if (isOver()) return
    }
  }
  return {
    sent,
    async run(isOver) {
      for (let n = 1; !isOver(); n += 1) await live(`${ward}${n}`, isOver)
      hospital.close()
    },
  }
}

/** One patient of a ward, known by its code, who is moved from room to room. */
export async function longStay(platform: MortalPlatform, ward: string): Promise<Feed> {
  const hospital = hospitalOf(platform)
  const [admission = {}] = lifeOf(ward, ward)
  await hospital.send(admission)
  const sent = new Map([[ward, 1]])
  return {
    sent,
    async run(isOver) {
      for (let n = 2; !isOver(); n += 1) {
        await hospital.send({
          ...admission,
          trigger: 'A02',
          movement: `M${ward}-${n}`,
          room: String(n),
          effective: at(n),
        })
        sent.set(ward, n)
        await pause(MILLISECONDS_BETWEEN_MOVES)
      }
      hospital.close()
    },
  }
}
