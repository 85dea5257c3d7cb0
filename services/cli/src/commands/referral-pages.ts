import { listReferrals } from '@relais/contracts/referral-routes'
import { type ReferralItem, ReferralView, type ReceiverView } from '@relais/contracts/referral-views'
import { printPage } from '../action.ts'
import type { Context } from '../context.ts'
import { instant } from '../output.ts'
import type { NameOf } from '../notice-lines.ts'
import { words } from '../words.ts'
import { attachedLines } from './attached-files.ts'
import { namesOf, type PageOptions, query } from './inbox.ts'

const Box = listReferrals.responses[200].content['application/json'].schema

export type BoxOptions = PageOptions & { sent?: boolean; queue?: boolean; closed?: boolean }

/** Prints what came to who asks, what was sent, or what came to a team. */
export async function box(context: Context, options: BoxOptions): Promise<void> {
  const { sent, queue, closed, after, limit } = options
  const name = sent ? 'sent' : queue ? 'queue' : 'received'
  const path = `/referrals${query({ box: name, status: closed ? 'closed' : 'open', after, limit })}`
  const { body } = await context.api.call({ path }, Box)
  const nameOf = await namesOf(
    context,
    body.items.flatMap(({ patientId }) => patientId ?? []),
  )
  printPage(context, body, { lines: body.items.map((item) => itemText(item, nameOf)), none: 'No referral' })
}

/** Prints a referral, with the texts that the asker may read. */
export async function show(context: Context, referralId: string): Promise<void> {
  const path = `/referrals/${encodeURIComponent(referralId)}`
  const { body } = await context.api.call({ path }, ReferralView)
  const texts = new Map<string, string>()
  if (!context.out.json)
    for (const documentId of textsOf(body))
      texts.set(documentId, await context.api.text({ path: `${path}/documents/${documentId}` }))
  context.out.result(
    body,
    referralText(body, (documentId) => texts.get(documentId) ?? documentId),
  )
}

function textsOf({ question, receivers }: ReferralView): string[] {
  const documents = [
    question,
    ...receivers.flatMap(({ declined, answer, questions }) => [
      declined?.comment,
      answer?.answer,
      ...questions.flatMap((each) => [each.question, each.answer]),
    ]),
  ]
  return documents.flatMap((document) => (document === undefined ? [] : [document.documentId]))
}

/** One line of a box: what is asked, about whom, until when, and what is expected or how far others have come. */
export function itemText(item: ReferralItem, nameOf: NameOf): string {
  const { referralId, patientId, kind, urgency, title, answerBy, recipient, expected, takenFor, receivers } = item
  const who = patientId === undefined ? 'somebody' : nameOf(patientId)
  const due = expected?.dueAt === undefined ? '' : ` by ${instant(expected.dueAt)}`
  const todo = expected === undefined ? `answer by ${instant(answerBy)}` : `${words.action[expected.action]}${due}`
  const taken = takenFor === undefined ? '' : `, ${takenFor} sees to it`
  const others = (receivers ?? []).map(
    (each) => `  ${each.recipient}: ${words.receiver[each.status]} ${instant(each.since)}`,
  )
  const head = `${referralId}  ${who}  ${title}, ${words.referral[kind]}, ${urgency}`
  return [head, `  ${todo} (${recipient}${taken})`, ...others].join('\n')
}

/** `textOf` reads a document. */
export function referralText(view: ReferralView, textOf: (documentId: string) => string): string {
  const { referralId, title, kind, urgency, status, patientId, from, requestedAt, answerBy, promise, question } = view
  const kept = promise?.isKept === undefined ? '' : promise.isKept ? ', kept' : ', missed'
  return [
    `${title}, ${words.referral[kind]}, ${urgency}  ${status}  referral ${referralId}`,
    `  ${patientId === undefined ? 'somebody' : `patient ${patientId}`}`,
    `  asked by ${from.by} ${instant(requestedAt)}, answer by ${instant(answerBy)}`,
    ...(promise ? [`  an appointment by ${instant(promise.dueAt)} (${words.because[promise.promise]}${kept})`] : []),
    ...(question ? [`  ? ${textOf(question.documentId)}`] : []),
    ...attachedLines(view.attachments).map((line) => `    ${line}`),
    ...view.receivers.flatMap((receiver) => receiverLines(receiver, textOf)),
  ].join('\n')
}

function receiverLines(receiver: ReceiverView, textOf: (documentId: string) => string): string[] {
  const { recipient, status, isOverdue, declined, redirected, appointment, answer, questions } = receiver
  const why = declined
    ? words.because[declined.reason]
    : redirected && `to ${redirected.to}, ${words.because[redirected.reason]}`
  const when =
    appointment === undefined ? '' : `  ${instant(appointment.startsAt)} ${appointment.place ?? ''}`.trimEnd()
  return [
    `  ${recipient}: ${words.receiver[status]}${why === undefined ? '' : ` (${why})`}${isOverdue ? ', overdue' : ''}${when}`,
    ...(declined?.comment ? [`    ${textOf(declined.comment.documentId)}`] : []),
    ...questions.flatMap((each) => [
      `    question ${each.questionId}: ${textOf(each.question.documentId)}`,
      ...(each.answer ? [`    = ${textOf(each.answer.documentId)}`] : []),
    ]),
    ...(answer ? [`    = ${textOf(answer.answer.documentId)}`] : []),
    ...attachedLines(answer?.attachments).map((line) => `      ${line}`),
  ]
}
