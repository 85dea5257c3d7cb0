import type { Credentials } from '@eventstore/db-client'

/**
 * The credentials to give with each append, so that it travels in a call of its own. Over an insecure connection the
 * client never sends any: those given here only choose the call.
 */
export function appendCredentials(connectionString: string): Credentials | undefined {
  const given = /^[^:]+:\/\/([^:/?]+):([^@/]+)@/.exec(connectionString.trim())
  const [, username, password] = given ?? []
  if (username !== undefined && password !== undefined)
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  return /[?&]tls=false(&|$)/i.test(connectionString) ? { username: 'insecure', password: 'insecure' } : undefined
}
