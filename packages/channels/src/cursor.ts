import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Cursors of one log: opaque, the same for the same entry of the same channel, and worth nothing anywhere else. */
export type CursorCodec = {
  /** @throws RangeError when the position is not one of a log. */
  seal(channel: string, position: number): string
  /** `undefined` for a cursor of another channel or another log, altered or made up. */
  open(channel: string, cursor: string): number | undefined
}

const BLOCK_BYTES = 16
/** Positions are below 2^53, so seven bytes hold any of them; the other nine are the tag. */
const POSITION_BYTES = 7
const HIGH_UNIT = 2 ** 32
const SPELLING = /^[A-Za-z0-9_-]{22}$/

/** One AES-256 block: the position and a tag over channel and position, with keys made for this log alone. */
export function cursorCodec(siteKey: Buffer, epoch: string): CursorCodec {
  const keys = Buffer.from(hkdfSync('sha256', siteKey, epoch, 'relais channel cursor', 64))
  const [blockKey, tagKey] = [keys.subarray(0, 32), createSecretKey(keys.subarray(32))]
  // A single block holding its own tag: nothing that a mode with an initialisation vector would add. Neither of these
  // remembers anything from one block to the next.
  const cipher = createCipheriv('aes-256-ecb', blockKey, null).setAutoPadding(false)
  const decipher = createDecipheriv('aes-256-ecb', blockKey, null).setAutoPadding(false)

  const clearBlock = (channel: string, position: number) => {
    const block = Buffer.alloc(BLOCK_BYTES)
    block.writeUIntBE(Math.floor(position / HIGH_UNIT), 0, POSITION_BYTES - 4)
    block.writeUInt32BE(position % HIGH_UNIT, POSITION_BYTES - 4)
    const tag = createHmac('sha256', tagKey).update(block.subarray(0, POSITION_BYTES)).update(channel).digest()
    tag.copy(block, POSITION_BYTES, 0, BLOCK_BYTES - POSITION_BYTES)
    return block
  }

  return {
    seal(channel, position) {
      if (!Number.isSafeInteger(position) || position < 0) throw new RangeError('not a position of a log')
      return cipher.update(clearBlock(channel, position)).toString('base64url')
    },
    open(channel, cursor) {
      if (!SPELLING.test(cursor)) return undefined
      const bytes = Buffer.from(cursor, 'base64url')
      // The last character holds four bits that decode to nothing: one cursor has one spelling.
      if (bytes.toString('base64url') !== cursor) return undefined
      const block = decipher.update(bytes)
      const position = block.readUIntBE(0, POSITION_BYTES - 4) * HIGH_UNIT + block.readUInt32BE(POSITION_BYTES - 4)
      if (!Number.isSafeInteger(position)) return undefined
      return timingSafeEqual(block, clearBlock(channel, position)) ? position : undefined
    },
  }
}
