import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  DryRun,
  type DryRunReport,
  listProtocols,
  ProtocolView,
  validateProtocol,
} from '@relais/contracts/protocol-routes'
import type { Command } from 'commander'
import { z } from 'zod'
import { act, action, instantOf, jsonIn } from '../action.ts'
import { type Context, contextOf } from '../context.ts'
import { misused, refused } from '../failures.ts'
import { instant, progressBar } from '../output.ts'
import { words } from '../words.ts'

const Protocols = listProtocols.responses[200].content['application/json'].schema
const Validated = validateProtocol.responses[200].content['application/json'].schema
/** A file holds a definition, or a definition with the id of its protocol. */
const Written = z.object({ protocolId: z.string().optional(), definition: z.record(z.string(), z.unknown()) })

type Published = { protocol?: string; from?: string }
type Tried = { protocol?: string; from: string; to: string }

const POLL_MILLISECONDS = 250

/** The protocols of a territory, as those who coordinate it tend them. */
export function protocolCommands(relais: Command): void {
  const protocols = relais.command('protocols').description('the protocols of a territory, for its coordination')
  const ofProtocol = (command: Command) =>
    command.option('--protocol <id>', 'the protocol’s id, where the file does not say it')
  protocols
    .command('list')
    .description('the protocols and their versions')
    .action(
      action(async (options) => {
        const { api, out } = contextOf(options)
        const { body } = await api.call({ path: listProtocols.path }, Protocols)
        out.result(body, body.protocols.length === 0 ? 'No protocol' : body.protocols.map(protocolText).join('\n'))
      }),
    )
  protocols
    .command('show <protocol>')
    .description('a protocol: what starts it, and its steps, in its last version')
    .action(
      action(async (options, [id = '']) => {
        const { api, out } = contextOf(options)
        const { body } = await api.call({ path: `/protocols/${encodeURIComponent(id)}` }, ProtocolView)
        out.result(body, [protocolText(body), ...stepLines(body)].join('\n'))
      }),
    )
  protocols
    .command('validate <file>')
    .description('what is wrong with a definition, in French, and where')
    .action(action((options, [file = '']) => validate(contextOf(options), file)))
  ofProtocol(protocols.command('publish <file>'))
    .description('publish a definition as the next version')
    .option('--from <instant>', 'from when on it applies; from now on unless given', instantOf)
    .action(action<Published>((options, [file = '']) => publish(contextOf(options), file, options)))
  ofProtocol(protocols.command('dry-run <file>'))
    .description('what a definition would have asked of whom, over what really happened; nothing is published')
    .requiredOption('--from <instant>', 'the beginning of the period', instantOf)
    .requiredOption('--to <instant>', 'its end', instantOf)
    .action(action<Tried>((options, [file = '']) => tryOut(contextOf(options), file, options)))
}

function definitionIn(file: string, protocol: string | undefined) {
  const content = z.record(z.string(), z.unknown()).safeParse(jsonIn(file))
  if (!content.success) throw misused(`${file} holds no definition`)
  const named = Written.safeParse(content.data)
  const definition = named.success ? named.data.definition : content.data
  return { definition, protocolId: protocol ?? (named.success ? named.data.protocolId : undefined) }
}

async function validate({ api, out }: Context, file: string): Promise<void> {
  const { definition } = definitionIn(file, undefined)
  const { body } = await api.call({ method: 'POST', path: validateProtocol.path, body: { definition } }, Validated)
  const lines = body.problems.map(({ path, message }) => `${path}: ${message}`)
  out.result(body, lines.length === 0 ? 'Nothing wrong' : lines.join('\n'))
  if (lines.length > 0) throw refused(`${file} is not to be published as it is`)
}

async function publish(context: Context, file: string, { protocol, from }: Published): Promise<void> {
  const { definition, protocolId = randomUUID() } = definitionIn(file, protocol)
  const known = await context.api.find({ path: `/protocols/${encodeURIComponent(protocolId)}` }, ProtocolView)
  const version = (known?.body.versions.at(-1)?.version ?? 0) + 1
  const effectiveFrom = from === undefined ? {} : { effectiveFrom: from }
  const path = `/protocols/${encodeURIComponent(protocolId)}/versions/${version}`
  const text = `version ${version} applies from ${from === undefined ? 'now on' : instant(from)}  protocol ${protocolId}`
  const request = { method: 'PUT' as const, path, body: { definition, ...effectiveFrom } }
  await act(context, request, { ids: { protocolId, version, ...effectiveFrom }, text })
}

async function tryOut({ api, out }: Context, file: string, { protocol, from, to }: Tried): Promise<void> {
  const { definition, protocolId = randomUUID() } = definitionIn(file, protocol)
  const path = `/protocols/dry-runs/${randomUUID()}`
  let { body: view } = await api.call({ method: 'PUT', path, body: { protocolId, definition, from, to } }, DryRun)
  const bar = progressBar('dry run')
  while (view.state === 'running') {
    bar.show(Math.round(view.progress * 100), 100)
    await wait(POLL_MILLISECONDS)
    view = (await api.call({ path }, DryRun)).body
  }
  bar.end()
  if (view.report === undefined) throw refused('The dry run did not go through')
  out.result(view, reportText(view.report))
}

function protocolText({ protocolId, retiredFrom, versions }: ProtocolView): string {
  const last = versions.at(-1)
  const end = retiredFrom === undefined ? '' : `  retired from ${instant(retiredFrom)}`
  const which = last ? `version ${last.version}, from ${instant(last.effectiveFrom)}` : 'no version'
  return `${last?.definition.title ?? ''}  ${which}${end}  protocol ${protocolId}`
}

function stepLines({ versions }: ProtocolView): string[] {
  const definition = versions.at(-1)?.definition
  if (definition === undefined) return []
  const conditions = definition.trigger.conditions.map((condition) => `  if ${JSON.stringify(condition)}`)
  const widest = Math.max(...definition.steps.map(({ stepId }) => stepId.length))
  const steps = definition.steps.map(
    ({ stepId, title, owners, due }) =>
      `  ${stepId.padEnd(widest)}  ${title}  (${owners.join(', ')})  ${JSON.stringify(due)}`,
  )
  return [`  on ${words.moment[definition.trigger.on]}`, ...conditions, ...steps]
}

/** What would have been, beside what was. */
export function reportText({ would, did, onlyWould, onlyDid, inBoth, lateSteps, events }: DryRunReport): string {
  const line = (name: string, counts: typeof would) =>
    `${name}  ${counts.runs} runs, ${counts.steps} steps, ${counts.late} late, ${counts.notices} notices`
  return [
    line('would have been', would),
    line('was            ', did),
    `runs  ${inBoth.length} in both, ${onlyWould.length} only with it, ${onlyDid.length} only without`,
    ...lateSteps.map(({ runId, stepId, dueAt }) => `late since ${instant(dueAt)}  ${stepId}  run ${runId}`),
    `${events} events were gone through`,
  ].join('\n')
}
