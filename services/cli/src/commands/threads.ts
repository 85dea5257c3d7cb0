import { randomUUID } from 'node:crypto'
import { listThreads, ThreadView } from '@relais/contracts/conversation-routes'
import { type PostView, Posts } from '@relais/contracts/post-routes'
import type { Command } from 'commander'
import { act, action, many, ofWard, paged, patient, printPage, written } from '../action.ts'
import { type Context, contextOf, type PatientOptions, requirePatient } from '../context.ts'
import { instant } from '../output.ts'
import { professionalId } from '../person.ts'
import { words } from '../words.ts'
import { type PageOptions, query } from './inbox.ts'

const Threads = listThreads.responses[200].content['application/json'].schema

type WithWard = { ward?: string[] }
type Opened = PatientOptions & WithWard & { title: string; member?: string[]; private?: boolean }
type Written = WithWard & { text: string; urgent?: boolean; mention?: string[]; replyTo?: string }

/** Threads about patients, between teams, across the territory, and in private groups. */
export function threadCommands(relais: Command): void {
  const threads = relais.command('threads').description('what people write to each other')
  ofWard(paged(threads.command('list')))
    .description('the threads of who asks, what was last written in first')
    .action(
      action<PageOptions & WithWard>(async ({ ward, after, limit, ...options }) => {
        const context = contextOf({ ...options, wards: ward })
        const { body } = await context.api.call({ path: `/threads${query({ after, limit })}` }, Threads)
        const lines = body.threads.map(({ threadId, kind, title, unread, last, closedAt }) => {
          const news = last === undefined ? 'nothing yet' : `${last.by} ${instant(last.postedAt)}`
          return `${threadId}  ${title}  ${words.threadKind[kind]}, ${closedAt ? 'closed' : `${unread} unread`}  ${news}`
        })
        printPage(context, body, { lines, none: 'No thread' })
      }),
    )
  ofWard(paged(threads.command('read <thread>')))
    .description('what was written in a thread, the last message first; it counts as read')
    .action(
      action<PageOptions & WithWard>(({ ward, ...options }, [id = '']) =>
        read(contextOf({ ...options, wards: ward }), id, options),
      ),
    )
  ofWard(patient(threads.command('open')))
    .description('open a thread: about a patient, with members, or for everybody of the territory')
    .requiredOption('--title <title>', 'short, and never clinical')
    .option('--member <recipient>', 'somebody, finess:<number> or uf:<facility>/<ward>; repeatable', many)
    .option('--private', 'a group that its members alone know of')
    .action(action<Opened>(({ ward, ...options }) => open(contextOf({ ...options, wards: ward }), options)))
  ofWard(threads.command('post <thread>'))
    .description('write a message')
    .requiredOption('--text <text>', 'what it says; - reads what is piped in')
    .option('--urgent', 'wakes its readers')
    .option('--mention <recipient>', 'somebody whom it is for; repeatable', many)
    .option('--reply-to <message>', 'the message that it answers')
    .action(
      action<Written>(({ ward, ...options }, [id = '']) => post(contextOf({ ...options, wards: ward }), id, options)),
    )
}

async function read(context: Context, threadId: string, { after, limit }: PageOptions): Promise<void> {
  const thread = `/threads/${encodeURIComponent(threadId)}`
  const { body: about } = await context.api.call({ path: thread }, ThreadView)
  const { body } = await context.api.call({ path: `${thread}/posts${query({ after, limit })}` }, Posts)
  printPage(context, body, { lines: [about.title, ...body.posts.map(postText)], none: '' })
  const [last] = body.posts
  if (last === undefined || after !== undefined) return
  await context.api.text({ method: 'POST', path: `${thread}/read`, body: { upTo: last.postId } })
}

async function open(context: Context, { title, member = [], ...options }: Opened): Promise<void> {
  const threadId = randomUUID()
  const isAboutPatient = options.patient !== undefined || options.ipp !== undefined
  const about = isAboutPatient ? { patientId: await requirePatient(context, options) } : {}
  const members = member.map(professionalId)
  const kind = options.private
    ? { kind: 'group', members }
    : members.length > 0
      ? { kind: 'wardCommunity', members, ...about }
      : { kind: isAboutPatient ? 'patient' : 'territory', ...about }
  const request = { method: 'POST' as const, path: `/threads/${threadId}`, body: { title, ...kind } }
  await act(context, request, { ids: { threadId }, text: `thread ${threadId}` })
}

async function post(context: Context, threadId: string, options: Written): Promise<void> {
  const { text, urgent = false, mention = [], replyTo } = options
  const postId = randomUUID()
  const mentions = mention.map(professionalId)
  const body = { text: await written(text), urgent, mentions, ...(replyTo === undefined ? {} : { replyTo }) }
  const path = `/threads/${encodeURIComponent(threadId)}/posts/${postId}`
  await act(context, { method: 'POST', path, body }, { ids: { threadId, postId }, text: `message ${postId}` })
}

export function postText({ postId, by, postedAt, text, urgent, editedAt, withdrawn, attachments }: PostView): string {
  const marks = [urgent && 'urgent', editedAt && 'edited', withdrawn && 'withdrawn'].filter(Boolean)
  const files = attachments.map(({ fileName }) => `  [${fileName}]`)
  const head = `${instant(postedAt)}  ${by}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}  message ${postId}`
  return [head, ...(text === undefined ? [] : [`  ${text.replaceAll('\n', '\n  ')}`]), ...files].join('\n')
}
