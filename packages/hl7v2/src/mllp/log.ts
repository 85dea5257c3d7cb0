/** Each of them a constant: what varies goes into fields. */
export type MllpLine =
  | 'bad frame'
  | 'bad frames on one connection'
  | 'connection cut, it speaks another protocol'
  | 'connection cut after too many bad frames'
  | 'message not answered, connection cut'
  | 'too many MLLP connections, one refused'
  | 'too many MLLP connections of one peer, one refused'
  | 'too many connections of unknown MLLP peers, one refused'
  | 'TLS handshake failed'
  | 'MLLP listener failed'

/** `host` is the address of the peer. */
export type MllpLogFields = { code?: string; count?: number; host?: string; error?: unknown }
export type MllpLog = { warn(fields: MllpLogFields, line: MllpLine): void }

const MILLISECONDS_BETWEEN_LINES = 60_000

/**
 * For lines that anybody can cause by connecting: one of a kind a minute. The next one's `count` says how many it stands
 * for. `now` in milliseconds.
 */
export function sparingLog(log: MllpLog, now = () => performance.now()): MllpLog {
  const kinds = new Map<MllpLine, { saidAt: number; heldBack: number }>()
  return {
    warn(fields, line) {
      const kind = kinds.get(line)
      if (kind && now() - kind.saidAt < MILLISECONDS_BETWEEN_LINES) {
        kind.heldBack += 1
        return
      }
      kinds.set(line, { saidAt: now(), heldBack: 0 })
      log.warn({ ...fields, count: (kind?.heldBack ?? 0) + 1 }, line)
    },
  }
}
