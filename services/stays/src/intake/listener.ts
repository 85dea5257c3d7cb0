import { acknowledge } from '@relais/hl7v2/ack'
import { readHeader } from '@relais/hl7v2/header'
import { listenMllp, type MllpListener } from '@relais/hl7v2/mllp/listener'
import type { Logger } from '@relais/telemetry/logger'
import type { StaysConfig } from '../config.ts'
import type { Peer } from './senders.ts'

/** Feeds of small hospitals are silent for hours at night. */
const IDLE_MILLISECONDS = 12 * 3_600_000

const texts = {
  tooLarge: 'the message is larger than this listener takes; nothing was kept',
  truncated: 'the frame was cut before its end; send the message again',
}

type Intake = {
  knows(peer: Peer): boolean
  receive(bytes: Uint8Array, peer: Peer): Promise<Uint8Array>
  refuseFrame(head: Uint8Array, reason: 'frameTooLarge' | 'frameTruncated', peer: Peer): Promise<void>
}
const reasons = { tooLarge: 'frameTooLarge', truncated: 'frameTruncated' } as const

/**
 * Answers MLLP frames with what intake says. A bad frame is answered AR where there is something to answer to; a peer
 * that is no sender is told so once, and cut.
 */
export function listenForMessages(
  service: Intake,
  options: StaysConfig['mllp'] & { fallbackToFreePort?: boolean },
  log: Logger,
): Promise<MllpListener> {
  return listenMllp({
    ...options,
    idleMilliseconds: IDLE_MILLISECONDS,
    log,
    admits: (peer) => service.knows(peer),
    handle: (frame, peer) => service.receive(frame, peer),
    onBadFrame: async (frame, peer) => {
      if (frame.problem === 'garbage') return undefined
      const { problem, head } = frame
      await service.refuseFrame(head, reasons[problem], peer)
      const problems = [{ path: 'MSH', code: 'structureUnreadable' as const, text: texts[problem] }]
      const header = readHeader(head)
      return acknowledge({
        header,
        code: 'AR',
        problems,
        warnings: [],
        now: new Date().toISOString(),
        controlId: problem,
      })
    },
  })
}
