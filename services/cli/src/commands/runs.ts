import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { listLateSteps, listPatientRuns, RunView } from '@relais/contracts/run-routes'
import { SkipReason } from '@relais/contracts/protocol-runs'
import { act, action, ofWard, paged, patient, printPage, written } from '../action.ts'
import { contextOf, type PatientOptions, requirePatient } from '../context.ts'
import { instant } from '../output.ts'
import { professionalId } from '../person.ts'
import { words, wordsFor } from '../words.ts'
import { type PageOptions, query } from './inbox.ts'

const Runs = listPatientRuns.responses[200].content['application/json'].schema
const Late = listLateSteps.responses[200].content['application/json'].schema

type WithWard = { ward?: string[] }
type StepOptions = WithWard & { note?: string; reason?: string; comment?: string; to?: string }

/** The protocols at work for patients, and their steps. */
export function runCommands(relais: Command): void {
  reading(relais.command('runs').description('protocols at work for patients: who has which step, until when'))
  acting(relais.command('step').description('one step of a run: `relais inbox` and `relais runs` name them'))
}

function reading(runs: Command): void {
  ofWard(patient(runs.command('of')))
    .description('the runs of a patient, the last one first')
    .action(
      action<PatientOptions & WithWard>(async ({ ward, ...options }) => {
        const context = contextOf({ ...options, wards: ward })
        const patientId = await requirePatient(context, options)
        const { body } = await context.api.call({ path: `/patients/${patientId}/runs` }, Runs)
        context.out.result(body, body.runs.length === 0 ? 'No protocol' : body.runs.map(runText).join('\n'))
      }),
    )
  ofWard(runs.command('show <run>'))
    .description('one run')
    .action(
      action<WithWard>(async ({ ward, ...options }, [run = '']) => {
        const { api, out } = contextOf({ ...options, wards: ward })
        const { body } = await api.call({ path: `/runs/${encodeURIComponent(run)}` }, RunView)
        out.result(body, runText(body))
      }),
    )
  ofWard(paged(runs.command('late')))
    .description('the steps that are late: one’s own, and those of the protocols that one coordinates')
    .action(
      action<PageOptions & WithWard>(async ({ ward, after, limit, ...options }) => {
        const context = contextOf({ ...options, wards: ward })
        const { body } = await context.api.call({ path: `/runs${query({ late: 'true', after, limit })}` }, Late)
        const lines = body.steps.map(
          ({ runId, stepId, protocol, owner, dueAt }) =>
            `since ${instant(dueAt)}  ${protocol}: ${stepId} of ${owner}  run ${runId}`,
        )
        printPage(context, body, { lines, none: 'Nothing is late' })
      }),
    )
}

function acting(step: Command): void {
  const said = (name: string, done: string, bodyOf: (options: StepOptions) => Promise<object>) =>
    action<StepOptions>(async ({ ward, note, reason, comment, to, ...options }, [runId = '', stepId = '']) => {
      const given = { note, reason, comment, to }
      const body = await bodyOf(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
      const path = `/runs/${encodeURIComponent(runId)}/steps/${encodeURIComponent(stepId)}/${name}`
      const context = contextOf({ ...options, wards: ward })
      await act(context, { method: 'POST', path, body }, { ids: { runId, stepId }, text: `${stepId}: ${done}` })
    })
  ofWard(step.command('done <run> <step>'))
    .description('it is done')
    .option('--note <text>', 'what is to be known of it; - reads what is piped in')
    .action(
      said('done', 'done', async ({ note }) => ({
        requestId: randomUUID(),
        ...(note === undefined ? {} : { note: await written(note) }),
      })),
    )
  ofWard(step.command('skip <run> <step>'))
    .description('it is not done, and why')
    .requiredOption('--reason <reason>', SkipReason.options.join(', '))
    .option('--comment <text>', 'in words; - reads what is piped in')
    .action(
      said('skip', 'skipped', async ({ reason, comment }) => ({
        requestId: randomUUID(),
        reason,
        ...(comment === undefined ? {} : { comment: await written(comment) }),
      })),
    )
  ofWard(step.command('reassign <run> <step>'))
    .description('give it to somebody else')
    .requiredOption('--to <recipient>', 'an RPPS number, or <issuer>:<id>')
    .action(said('reassign', 'given to somebody else', async ({ to = '' }) => ({ to: professionalId(to) })))
}

/** A run and its steps, each on its line. */
export function runText({ runId, title, status, because, trigger, steps }: RunView): string {
  const how = status === 'running' ? 'running' : `ended${because === undefined ? '' : ` (${words.because[because]})`}`
  const head = `${title}  ${how}  ${wordsFor('moment', trigger.on)} ${instant(trigger.at)}  run ${runId}`
  const widest = Math.max(...steps.map(({ stepId }) => stepId.length))
  const lines = steps.map(({ stepId, status: state, title: what, owner, dueAt, late, settledAt, escalatedTo }) => {
    const when = settledAt ? ` ${instant(settledAt)}` : dueAt ? ` by ${instant(dueAt)}` : ''
    const who = owner === undefined ? '' : `  ${owner}`
    const others = escalatedTo.length === 0 ? '' : `, told ${escalatedTo.join(', ')}`
    return `  ${stepId.padEnd(widest)}  ${state}${when}${late ? ', late' : ''}${others}${who}  ${what}`
  })
  return [head, ...lines].join('\n')
}
