import { setTimeout as pause } from 'node:timers/promises'

const MILLISECONDS_BETWEEN_LOOKS = 10

/**
 * Looks again and again until `look` answers something truthy, and returns it. A test waits for a condition, never for
 * a duration: the limit, in seconds, is only there to name what never came.
 * @throws Error naming `what` once the limit has passed, and whatever `look` throws.
 */
export async function waitUntil<Found>(
  look: () => Found | Promise<Found>,
  what: string,
  limitSeconds = 20,
): Promise<Exclude<Found, undefined | null | false | 0 | ''>> {
  const deadline = performance.now() + limitSeconds * 1000
  for (;;) {
    const found = await look()
    if (isFound(found)) return found
    if (performance.now() > deadline) throw new Error(`Waited ${limitSeconds} s for ${what}`)
    await pause(MILLISECONDS_BETWEEN_LOOKS)
  }
}

function isFound<Found>(found: Found): found is Exclude<Found, undefined | null | false | 0 | ''> {
  return Boolean(found)
}
