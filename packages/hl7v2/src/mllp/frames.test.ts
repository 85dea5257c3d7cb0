import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DecodedFrame, encodeFrame, frameDecoder } from './frames.ts'

const START = 0x0b
const END = 0x1c
const CR = 0x0d

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const framed = (text: string) => `\v${text}\x1C\r`

function decodeAll(stream: Uint8Array, maxBytes: number, chunkSize = stream.length || 1): DecodedFrame[] {
  const decoder = frameDecoder({ maxBytes })
  const decoded: DecodedFrame[] = []
  for (let at = 0; at < stream.length; at += chunkSize)
    decoded.push(...decoder.push(stream.subarray(at, at + chunkSize)))
  return [...decoded, ...decoder.end()]
}

test.each([
  ['one frame', framed('MSH|1'), [{ bytes: bytes('MSH|1') }]],
  ['several frames in a chunk', framed('A') + framed('B'), [{ bytes: bytes('A') }, { bytes: bytes('B') }]],
  ['an empty frame', framed(''), [{ bytes: bytes('') }]],
  ['0x1C alone is data', framed('a\x1Cb\x1C\x1Cc'), [{ bytes: bytes('a\x1Cb\x1C\x1Cc') }]],
  ['0x1C just before the end is data', framed('a\x1C'), [{ bytes: bytes('a\x1C') }]],
  [
    'a line end between frames is no garbage',
    `\r\n${framed('A')}\n${framed('B')}\r`,
    [{ bytes: bytes('A') }, { bytes: bytes('B') }],
  ],
  ['garbage is skipped', `GET /${framed('A')}`, [{ problem: 'garbage', bytesSeen: 5 }, { bytes: bytes('A') }]],
  ['garbage without a frame', 'hello', [{ problem: 'garbage', bytesSeen: 5 }]],
  [
    'an unfinished frame does not cost the next',
    `\vMSH|cut${framed('B')}`,
    [{ problem: 'truncated', bytesSeen: 7, head: bytes('MSH|cut') }, { bytes: bytes('B') }],
  ],
  [
    'an unfinished frame that ends in 0x1C does not cost the next',
    `\vcut\x1C${framed('B')}`,
    [{ problem: 'truncated', bytesSeen: 4, head: bytes('cut\x1C') }, { bytes: bytes('B') }],
  ],
  ['start bytes in a row are one', `\v\v\v\vA\x1C\r\v\v`, [{ bytes: bytes('A') }]],
  ['a frame cut by the end of the connection', '\vMSH|', [{ problem: 'truncated', bytesSeen: 4, head: bytes('MSH|') }]],
  [
    'a frame one byte too long does not cost the next',
    framed('12345678901') + framed('1234567890'),
    [{ problem: 'tooLarge', bytesSeen: 11, head: bytes('1234567890') }, { bytes: bytes('1234567890') }],
  ],
  [
    'an unfinished frame that was too long does not cost the next',
    `\v12345678901234${framed('B')}`,
    [{ problem: 'tooLarge', bytesSeen: 14, head: bytes('1234567890') }, { bytes: bytes('B') }],
  ],
])('%s', (_, stream, expected) => {
  for (const chunkSize of [1, 2, 3, 64]) expect(decodeAll(bytes(stream), 10, chunkSize)).toEqual(expected)
})

test('an endless run of foreign bytes is reported now and then', () =>
  expect(decodeAll(bytes('x'.repeat(25)), 10)).toEqual([
    { problem: 'garbage', bytesSeen: 10 },
    { problem: 'garbage', bytesSeen: 10 },
    { problem: 'garbage', bytesSeen: 5 },
  ]))

test('a chunk is decoded only as far as it is asked for', () => {
  const [first] = frameDecoder({ maxBytes: 10 }).push(bytes('\vx\vy\vz'))
  expect(first).toEqual({ problem: 'truncated', bytesSeen: 1, head: bytes('x') })
  const decoder = frameDecoder({ maxBytes: 10 })
  const decoded = decoder.push(bytes('\vx\vy'))[Symbol.iterator]()
  decoded.next()
  // What was not asked for is not known yet.
  expect(decoder.end()).toEqual([])
})

test('of a frame far too long only a head is kept', () => {
  const decoder = frameDecoder({ maxBytes: 2000 })
  const chunk = bytes('x'.repeat(10_000))
  expect([...decoder.push(Uint8Array.of(START))]).toEqual([])
  for (let sent = 0; sent < 1000; sent += 1) expect([...decoder.push(chunk)]).toEqual([])
  expect([...decoder.push(Uint8Array.of(END, CR))]).toEqual([
    { problem: 'tooLarge', bytesSeen: 10_000_000, head: chunk.subarray(0, 1024) },
  ])
})

test('a message that would end its own frame is not framed', () => {
  expect(() => encodeFrame(Uint8Array.of(1, START, 2))).toThrow(RangeError)
  expect(() => encodeFrame(Uint8Array.of(1, END, CR))).toThrow(RangeError)
  expect(encodeFrame(Uint8Array.of(1, END, 2))).toEqual(Buffer.of(START, 1, END, 2, END, CR))
})

const controlRichBytes = fc.array(fc.constantFrom(START, END, CR, 0x0a, 0x41, 0xe9), { maxLength: 60 })
const frameable = controlRichBytes.filter((message) => {
  const stream = Buffer.from(message)
  return !stream.includes(START) && !stream.includes(Buffer.of(END, CR)) && message.at(-1) !== END
})

test('where chunks are cut never changes what is decoded', () =>
  fc.assert(
    fc.property(controlRichBytes, fc.integer({ min: 1, max: 7 }), (stream, chunkSize) => {
      const whole = Uint8Array.from(stream)
      expect(decodeAll(whole, 16, chunkSize)).toEqual(decodeAll(whole, 16))
    }),
  ))

test('what is framed comes out byte for byte, whatever garbage stands between', () =>
  fc.assert(
    fc.property(fc.array(frameable), fc.integer({ min: 1, max: 9 }), (messages, chunkSize) => {
      const stream = Buffer.concat(
        messages.flatMap((message) => [Buffer.from('¿\r'), encodeFrame(Uint8Array.from(message))]),
      )
      const decoded = decodeAll(stream, 1000, chunkSize)
      const frames = decoded.flatMap((frame) => ('bytes' in frame ? [[...frame.bytes]] : []))
      expect(frames).toEqual(messages)
    }),
  ))

test('no bytes whatever make the decoder throw', () =>
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (stream) => void decodeAll(stream, 32, 5))))
