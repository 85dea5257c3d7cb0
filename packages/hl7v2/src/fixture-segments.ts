/** XCN: a physician by an RPPS. */
export const physicianNamed = (rpps: string) =>
  `8${rpps}^TEST-MEDECIN^CAMILLE^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^IDNPS`

/** Fields by number; for MSH, 1 is the separator itself. */
export function segment(name: string, fields: Record<number, string>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  const values = Array.from({ length: last }, (_, index) => fields[index + 1] ?? '')
  return [name, ...(name === 'MSH' ? values.slice(1) : values)].join('|').replace(/\|+$/, '')
}
