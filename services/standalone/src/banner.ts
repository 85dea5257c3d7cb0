import { peopleToBe } from './demonstration/people-to-be.ts'
import type { Started } from './start.ts'

/** What a person reads once everything is ready: where it is, and what to try. */
export function banner({ folder, http, mllp, log, portal, hasTerritory }: Started): string {
  const moved = [
    ...(http.wanted !== 0 && http.wanted !== http.got ? [`port ${http.wanted} was taken: HTTP is on ${http.got}`] : []),
    ...(mllp.wanted !== 0 && mllp.wanted !== mllp.got ? [`port ${mllp.wanted} was taken: MLLP is on ${mllp.got}`] : []),
  ]
  const lines = [
    `Relais is ready (${folder.mode})`,
    '',
    ...(portal === undefined ? [] : [`  portal              ${portal}`]),
    `  HTTP and channels   ${http.url}`,
    `  HL7 v2 over MLLP    mllp://${mllp.host}:${mllp.got}`,
    ...(log ? [`  EventStoreDB        esdb://localhost:${log.port}?tls=true`] : []),
    `  data                ${folder.path}`,
    ...moved.map((line) => `  note                ${line}`),
    ...(folder.mode === 'demonstration' ? toTry : []),
    ...(hasTerritory ? territory() : []),
    '',
    'Ctrl-C stops it.',
  ]
  return `${lines.join('\n')}\n`
}

const toTry = [
  '',
  'A nurse follows her ward; in a third terminal, a hospital’s message arrives:',
  '',
  '  npx -y pnpm@12 relais follow --ward 4101 --as infirmier --organisation 990000010',
  '  npx -y pnpm@12 relais send docs/tour/admission.er7',
  '',
  '  npx -y pnpm@12 relais --help',
]

function territory(): string[] {
  const widest = Math.max(...peopleToBe.map(({ who }) => who.length))
  return [
    '',
    'A territory is arriving: a hospital, two EHPAD, people around them. A day of the hospital, an hour a minute:',
    '',
    '  npx -y pnpm@12 relais demo play --speed 60',
    '',
    'Whom you may be, by name in the portal, or here, and what they see:',
    '',
    ...peopleToBe.map(({ who, command }) => `  ${who.padEnd(widest)}  ${command}`),
  ]
}
