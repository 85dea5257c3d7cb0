import { SenderReport } from '@relais/contracts/sender-routes'
import type { Context } from '../context.ts'

export type ReportOptions = { day?: string | undefined }

/** What a sender sent on a day, what became of it, and what is missing. */
export async function report(context: Context, senderId: string, { day }: ReportOptions): Promise<void> {
  const query = day === undefined ? '' : `?day=${encodeURIComponent(day)}`
  const path = `/senders/${encodeURIComponent(senderId)}/report${query}`
  const { body } = await context.api.call({ path }, SenderReport)
  context.out.result(body, reportText(body))
}

/** What a person reads to the hospital on the phone. */
export function reportText(report: SenderReport): string {
  const { senderId, day, received, accepted, repeated, repaired, waiting, ignored, refused, unreadable } = report
  const mended = among([`${repaired} of them repaired`, repaired], [`${repeated} said again`, repeated])
  const broken = among([`${unreadable} without a readable control id`, unreadable])
  const other = `${ignored === 0 ? '' : `, ${ignored} ignored`}${refused === 0 ? '' : `, ${refused} refused${broken}`}`
  return [
    `${senderId}  ${day}  you sent ${received}, accepted ${accepted}${mended}, ${waiting} quarantined${other}`,
    ...report.missingMovements.map(({ authority, number, messages, controlIds }) => {
      const names = controlIds.length === messages.length ? controlIds : messages
      return `  message ${names.join(', ')} refers to unknown movement ${number} of ${authority}`
    }),
    ...report.missingControlIds.map(({ from, to, count }) =>
      count === 1 ? `  control id ${from} never came` : `  control ids ${from} to ${to} never came (${count})`,
    ),
  ].join('\n')
}

/** Those that are some, in brackets. */
function among(...parts: readonly [text: string, count: number][]): string {
  const some = parts.flatMap(([text, count]) => (count === 0 ? [] : [text]))
  return some.length === 0 ? '' : ` (${some.join(', ')})`
}
