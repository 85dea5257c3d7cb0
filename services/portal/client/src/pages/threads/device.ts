const KEPT = 'relais.device'

/** An id that this device keeps: how far a conversation has come is told device by device. */
export function deviceId(): string {
  const known = localStorage.getItem(KEPT)
  if (known !== null) return known
  const made = crypto.randomUUID()
  localStorage.setItem(KEPT, made)
  return made
}
