import { randomUUID } from 'node:crypto'
import { CancelReason, DeclineReason, ReferralKind } from '@relais/contracts/referrals'
import { Urgency } from '@relais/contracts/work'
import type { Command } from 'commander'
import { act, action, instantOf, many, ofWard, paged, patient, written } from '../action.ts'
import { type Context, contextOf, type PatientOptions, requirePatient } from '../context.ts'
import { instant } from '../output.ts'
import { professionalId } from '../person.ts'
import { attached } from './attached-files.ts'
import { box, type BoxOptions, show } from './referral-pages.ts'

type WithWard = { ward?: string[] }
type Asked = PatientOptions &
  WithWard & {
    to: string[]
    kind: string
    urgency: string
    title: string
    question: string
    answerBy: string
    stay?: string
    first?: boolean
    withheld?: boolean
    file?: string[]
  }
type Said = WithWard & {
  recipient?: string
  for?: string
  reason?: string
  comment?: string
  to?: string
  text?: string
  question?: string
  at?: string
  place?: string
  file?: string[]
}
type Body = (said: Said, asked: { context: Context; referral: string }) => object | Promise<object>

/** What is asked of others about a patient, from the question to the answer. */
export function referralCommands(relais: Command): void {
  const referrals = relais.command('referrals').description('what is asked of others about a patient')
  ofWard(paged(referrals.command('box')))
    .description('what came to who asks, what is due first; or what was sent, or came to a team')
    .option('--sent', 'what who asks, or the ward, sent')
    .option('--queue', 'what came to the teams of who asks')
    .option('--closed', 'what is over, instead of what is open')
    .action(
      action<BoxOptions & WithWard>(({ ward, ...options }) => box(contextOf({ ...options, wards: ward }), options)),
    )
  ofWard(referrals.command('show <referral>'))
    .description('a referral, with the texts of it that one may read')
    .action(action<WithWard>(({ ward, ...options }, [id = '']) => show(contextOf({ ...options, wards: ward }), id)))
  asking(referrals)
  answering(referrals)
  ending(referrals)
}

function asking(referrals: Command): void {
  ofWard(patient(referrals.command('ask')))
    .description('ask somebody, or several, about a patient')
    .requiredOption('--to <recipient>', 'somebody, finess:<number> or uf:<facility>/<ward>; repeatable', many)
    .requiredOption('--title <title>', 'short, and never clinical: a specialty, an act')
    .requiredOption('--question <text>', 'what is asked; - reads what is piped in')
    .requiredOption('--answer-by <instant>', 'until when, such as 2026-12-01T08:00:00Z', instantOf)
    .option('--kind <kind>', ReferralKind.options.join(', '), 'takeOver')
    .option('--urgency <urgency>', Urgency.options.join(', '), 'routine')
    .option('--file <path>', 'a file that goes with it; repeatable', many)
    .option('--stay <id>', 'the stay that it is asked for')
    .option('--first', 'the first who accepts releases the others')
    .option('--withheld', 'who is asked learns who the patient is by accepting')
    .action(
      action<Asked>(async ({ ward, ...options }) => {
        const context = contextOf({ ...options, wards: ward })
        const patientId = await requirePatient(context, options)
        const referralId = randomUUID()
        const { kind, urgency, title, answerBy, stay } = options
        const body = {
          patientId,
          kind,
          urgency,
          title,
          answerBy,
          question: await written(options.question),
          attachments: await attached(context, options.file, { path: '/attachments', owner: patientId }),
          receivers: options.to.map((recipient) => ({ recipient: professionalId(recipient) })),
          mode: options.first ? 'firstAcceptance' : 'independent',
          identityWithheld: options.withheld ?? false,
          ...(stay === undefined ? {} : { stayId: stay }),
        }
        const text = `asked by ${instant(answerBy)}  referral ${referralId}`
        await act(context, { method: 'POST', path: `/referrals/${referralId}`, body }, { ids: { referralId }, text })
      }),
    )
  said(referrals, { name: 'ask-others', path: 'receivers', done: 'asked' }, ({ to = '' }) => ({
    receivers: [{ recipient: professionalId(to) }],
  }))
    .description('the requester asks somebody else besides')
    .requiredOption('--to <recipient>', 'who')
  said(referrals, { name: 'inform', path: 'answers', done: 'answered' }, async ({ question, text = '' }) => ({
    questionId: question,
    answer: await written(text),
  }))
    .description('the requester answers a question; `show` names it')
    .requiredOption('--question <id>', 'which')
    .requiredOption('--text <text>', 'what is to be known; - reads what is piped in')
}

function answering(referrals: Command): void {
  const receiver = (...[name, done, body]: [name: string, done: string, body: Body]) =>
    said(referrals, { name, path: name === 'question' ? 'questions' : name, done }, async (options, asked) => {
      const { recipient } = options
      return {
        ...(await body(options, asked)),
        ...(recipient === undefined ? {} : { recipient: professionalId(recipient) }),
      }
    }).option('--recipient <recipient>', 'as whom, of several who were asked')
  receiver('take', 'taken', ({ for: whom }) => (whom === undefined ? {} : { for: professionalId(whom) }))
    .description('see to what came to a team')
    .option('--for <professional>', 'a colleague does')
  receiver('release', 'back in the queue', () => ({})).description('give it back to the team')
  receiver('accept', 'accepted', () => ({})).description('accept')
  receiver('decline', 'declined', async ({ reason, comment }) => ({
    reason,
    ...(comment === undefined ? {} : { comment: await written(comment) }),
  }))
    .description('decline, and say why')
    .requiredOption('--reason <reason>', DeclineReason.options.join(', '))
    .option('--comment <text>', 'in words; - reads what is piped in')
  receiver('redirect', 'redirected', ({ to = '', reason }) => ({ to: professionalId(to), reason }))
    .description('name somebody else, who is asked instead')
    .requiredOption('--to <recipient>', 'who')
    .requiredOption('--reason <reason>', DeclineReason.options.join(', '))
  receiver('question', 'asked', async ({ text = '' }) => ({ questionId: randomUUID(), question: await written(text) }))
    .description('ask the requester for more')
    .requiredOption('--text <text>', 'what; - reads what is piped in')
  receiver('appointment', 'scheduled', ({ at, place }) => ({ startsAt: at, ...(place === undefined ? {} : { place }) }))
    .description('give an appointment, or another one instead')
    .requiredOption('--at <instant>', 'when', instantOf)
    .option('--place <place>', 'where')
  receiver('no-show', 'did not come', ({ at }) => ({ startsAt: at }))
    .description('the patient did not come')
    .requiredOption('--at <instant>', 'to which appointment', instantOf)
  receiver('seen', 'seen', ({ at }) => ({ seenAt: at }))
    .description('the patient was seen')
    .requiredOption('--at <instant>', 'when', instantOf)
  receiver('answer', 'answered', async ({ text = '', file }, { context, referral }) => ({
    answer: await written(text),
    attachments: await attached(context, file, { path: `${referral}/attachments` }),
  }))
    .description('say what came of it')
    .requiredOption('--text <text>', 'what; - reads what is piped in')
    .option('--file <path>', 'a file that goes with it; repeatable', many)
}

function ending(referrals: Command): void {
  said(referrals, { name: 'close', path: 'close', done: 'closed' }, () => ({})).description(
    'the requester has what was wanted',
  )
  said(referrals, { name: 'cancel', path: 'cancel', done: 'cancelled' }, ({ reason }) => ({ reason }))
    .description('the requester takes it back')
    .requiredOption('--reason <reason>', CancelReason.options.join(', '))
}

type Act = { name: string; path: string; done: string }

/** An act on a referral that there is. */
function said(referrals: Command, { name, path, done }: Act, bodyOf: Body): Command {
  return ofWard(referrals.command(`${name} <referral>`)).action(
    action<Said>(async ({ ward, ...options }, [referralId = '']) => {
      const context = contextOf({ ...options, wards: ward })
      const referral = `/referrals/${encodeURIComponent(referralId)}`
      const body = await bodyOf(options, { context, referral })
      const request = { method: 'POST' as const, path: `${referral}/${path}`, body }
      const text = `${referralId}: ${done}`
      await act(context, request, { ids: { referralId }, text })
    }),
  )
}
