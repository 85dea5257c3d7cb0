import { expect, test } from 'vitest'
import { type MllpLogFields, sparingLog } from './log.ts'

test('of lines that anybody can cause, one of a kind is said each minute, with how many it stands for', () => {
  const lines: [string, MllpLogFields][] = []
  let now = 0
  const log = sparingLog({ warn: (fields, line) => void lines.push([line, fields]) }, () => now)
  const fail = () => log.warn({ host: '10.0.0.1' }, 'TLS handshake failed')
  for (let time = 0; time < 3; time += 1) fail()
  now = 59_999
  log.warn({}, 'too many MLLP connections, one refused')
  fail()
  now = 60_000
  fail()
  fail()
  expect(lines).toEqual([
    ['TLS handshake failed', { host: '10.0.0.1', count: 1 }],
    ['too many MLLP connections, one refused', { count: 1 }],
    ['TLS handshake failed', { host: '10.0.0.1', count: 4 }],
  ])
})
