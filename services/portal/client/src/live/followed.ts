/** How many channels the page follows: whether it is one that shows what is so now. */
let followed = 0
const listeners = new Set<() => void>()

/** Answers how to say that they are not followed any more. */
export function following(count: number): () => void {
  change(count)
  return () => change(-count)
}

function change(by: number): void {
  followed += by
  for (const listener of listeners) listener()
}

export function subscribeFollowed(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const countFollowed = () => followed
