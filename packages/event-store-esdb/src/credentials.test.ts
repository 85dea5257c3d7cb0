import { expect, test } from 'vitest'
import { appendCredentials } from './credentials.ts'

test.each([
  ['esdb://relais:caduceus@localhost:2113', { username: 'relais', password: 'caduceus' }],
  ['esdb+discover://a%40b:c%3Ad@cluster?tls=true', { username: 'a@b', password: 'c:d' }],
  ['esdb://localhost:2113?tls=false', { username: 'insecure', password: 'insecure' }],
  ['esdb://a:1,b:2?connectionName=x&tls=false', { username: 'insecure', password: 'insecure' }],
  ['esdb://localhost:2113?userCertFile=x', undefined],
])('the credentials of appends to %s', (connectionString, credentials) => {
  expect(appendCredentials(connectionString)).toEqual(credentials)
})
