export type AskedPatient = { authority: string; number: string }

/** Who is asked for behind the `#` of an address, where it is never sent: `#authority=990000010&number=900001`. */
export function askedIn(fragment: string): AskedPatient | undefined {
  const asked = new URLSearchParams(fragment.replace(/^#/, ''))
  const authority = asked.get('authority')?.trim() ?? ''
  const number = asked.get('number')?.trim() ?? ''
  return authority === '' || number === '' ? undefined : { authority, number }
}
