import { expect, test } from 'vitest'
import { distinct } from './connections.ts'

test.each([
  ['esdb://localhost:2113', 'esdb://localhost:2113?keepAliveTimeout=10002'],
  ['esdb://a:1,b:2?tls=false', 'esdb://a:1,b:2?tls=false&keepAliveTimeout=10002'],
  ['esdb://a?keepAliveTimeout=5000&tls=false', 'esdb://a?keepAliveTimeout=5002&tls=false'],
  ['esdb://a?tls=false&keep-alive-timeout=-1', 'esdb://a?tls=false&keep-alive-timeout=1000000002'],
])('a third connection to %s has settings of its own', (connectionString, third) => {
  expect(distinct(connectionString, 2)).toBe(third)
})
