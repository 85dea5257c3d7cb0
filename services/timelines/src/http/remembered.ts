import type { Keyring } from '@relais/events/sealing'

/** Without the rows of forgotten patients: those stay in the view until it is built again. */
export async function remembered<Row extends { patient_id: string }>(
  keyring: Pick<Keyring, 'openingKey'>,
  rows: readonly Row[],
): Promise<Row[]> {
  const keys = await Promise.all(rows.map(async ({ patient_id }) => keyring.openingKey(patient_id)))
  return rows.filter((_, index) => keys[index] !== undefined)
}
