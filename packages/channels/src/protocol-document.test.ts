import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { ClientFrame, CloseCode, EndedReason, ServerFrame, SUBPROTOCOL } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import { defaultLimits } from './ws-adapter.ts'

const document = readFileSync(fileURLToPath(new URL('../../../docs/channels.md', import.meta.url)), 'utf8')
const lines = document.split('\n')
const spoken = lines.filter((line) => /^[CS]: \{/.test(line))

test.each(spoken)('the exchange shows a frame that the contract reads whole: %s', (line) => {
  const frame: unknown = JSON.parse(line.slice(3))
  expect((line.startsWith('C') ? ClientFrame : ServerFrame).parse(frame)).toEqual(frame)
})

test('every kind of frame is shown at least once', () => {
  const shown = new Set(spoken.map((line) => /"type":"(\w+)"/.exec(line)?.[1]))
  const kinds = [...ClientFrame.options, ...ServerFrame.options].map(({ shape }) => shape.type.value)
  expect(shown).toEqual(new Set<string>(kinds))
})

test('every close code, every reason and the subprotocol are specified', () => {
  for (const code of Object.values(CloseCode)) expect(document).toContain(`\n| ${code} |`)
  for (const reason of EndedReason.options) expect(document).toContain(`\`${reason}\``)
  expect(document).toContain(`# Channels: the \`${SUBPROTOCOL}\` protocol`)
})

test('the limits are those of the code', () => {
  expect(defaultLimits).toEqual({
    helloMilliseconds: 10_000,
    subscriptions: 100,
    decisions: 200,
    framesAtOnce: 600,
    framesPerSecond: 20,
    unwelcomedSockets: 1000,
    unwelcomedSocketsPerAddress: 64,
    bufferedBytes: 1_048_576,
    drainMilliseconds: 30_000,
    messageBytes: 16_384,
    heartbeatMilliseconds: 30_000,
    closeMilliseconds: 5000,
  })
  const cells = new Set(document.split('|').map((cell) => cell.trim()))
  const written = ['16 KiB', '100', '200', '600', '20 per s', '1000', '64', '10 s', '1 MiB', '30 s', '5 s']
  for (const limit of written) expect(cells).toContain(limit)
})
