/** A stay as it is pasted into the software of a practice: what each line says, in words, in the language of who reads. */
export type StayText = {
  what: string
  patient: string
  lines: readonly (readonly [label: string, value: string | undefined])[]
  circle: { label: string; members: readonly string[] }
  source: string
  colon: string
}

/** Plain text: no tabs, no blank line, one thing a line; lines of what is not known are left out. */
export function stayText({ what, patient, lines, circle, source, colon }: StayText): string {
  return [
    `${what}${colon}${patient}`,
    ...lines.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [`${label}${colon}${value}`])),
    ...(circle.members.length === 0 ? [] : [`${circle.label}${colon}${circle.members.join(', ')}`]),
    source,
  ]
    .map(oneLine)
    .join('\n')
}

/** A name may hold anything: what it holds stays on its line. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
