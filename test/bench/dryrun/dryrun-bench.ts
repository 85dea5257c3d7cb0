import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { DryRun, type DryRunReport } from '@relais/contracts/protocol-routes'
import { followed, loopFolder, loopSize } from '../loops/history.ts'
import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { rest } from '../resting.ts'
import { medians, processorSeconds } from '../sampling.ts'
import { issuer } from '../territory/questions.ts'
import { readBare } from './bare-read.ts'

/** Stays and circles as boards are measured with; no more history than a dry run over a month looks at. */
const YEARS = 0.2
const STAYS_PER_YEAR = 250
const MONTH_MILLISECONDS = 30 * 86_400_000
const LOOK_MILLISECONDS = 25
const categories = ['stay', 'circle', 'link', 'patient', 'protocolRun']

type Figures = { seconds: number; processor: number }

/** A protocol gone through over a month of a territory, beside reading the same rows of the log. */
export async function benchDryRun(options: Options): Promise<Report> {
  const size = { ...loopSize(Math.min(options.years, YEARS)), staysPerYear: STAYS_PER_YEAR }
  const folder = await loopFolder(options, size)
  const to = size.until
  const from = new Date(Date.parse(to) - MONTH_MILLISECONDS).toISOString()
  const { jwks, tokenFor } = await issuer()
  const settings = { folder, jwks, services: ['protocols'] }
  const program = await startProgram(new URL('../loops/services.ts', import.meta.url), settings, options)
  await rest(program.pid)
  const token = await tokenFor('rpps:10100000003', {
    role: 'coordinateur',
    organisation: followed.definition.coordinator.replace('finess:', ''),
    wards: [],
    scope: 'protocol:write',
  })
  const rounds: { own: Figures[]; bare: Figures[] } = { own: [], bare: [] }
  let [report, events] = [await tried({ ...program, token, from, to }), 0]
  for (let round = 0; round < ROUNDS; round += 1) {
    const bare = readBare(folder, { from, to, categories })
    rounds.bare.push({ seconds: bare.seconds, processor: bare.seconds })
    events = bare.events
    report = await tried({ ...program, token, from, to })
    rounds.own.push(report)
  }
  await program.stop()
  return table({ bare: medians(rounds.bare), own: medians(rounds.own.map(figuresOf)), events, report: report.report })
}

const figuresOf = ({ seconds, processor }: Figures): Figures => ({ seconds, processor })

type Trying = { port: number; pid: number; token: string; from: string; to: string }

async function tried({ port, pid, token, from, to }: Trying): Promise<Figures & { report: DryRunReport }> {
  const url = `http://127.0.0.1:${port}/protocols/dry-runs/${randomUUID()}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ ...followed, from, to })
  const startedAt = performance.now()
  const usedBefore = processorSeconds(pid)
  const started = await fetch(url, { method: 'PUT', headers, body })
  if (started.status !== 202) throw new Error(`The dry run was answered ${started.status} ${await started.text()}`)
  for (;;) {
    const { state, report } = DryRun.parse(await (await fetch(url, { headers })).json())
    const seconds = (performance.now() - startedAt) / 1000
    if (report) return { seconds, processor: processorSeconds(pid) - usedBefore, report }
    if (state !== 'running') throw new Error(`The dry run is ${state}`)
    await pause(LOOK_MILLISECONDS)
  }
}

type Told = { bare: Figures; own: Figures; events: number; report: DryRunReport }

function table({ bare, own, events, report }: Told): Report {
  const row = (name: string, figures: Figures, found: readonly Cell[]): Cell[] => {
    const { seconds, processor } = figures
    return [name, events, seconds, processor, events / seconds, seconds / bare.seconds, ...found]
  }
  const { would, did, inBoth, lateSteps } = report
  const found = [would.runs, would.steps, lateSteps.length, did.runs, inBoth.length]
  return {
    columns: ['', 'events', 's', 'CPU s', 'events/s', 'ratio', 'runs', 'steps', 'late', 'real runs', 'in both'],
    rows: [row('bare read', bare, ['', '', '', '', '']), row('Relais', own, found)],
    notes: [
      `Medians of ${ROUNDS} rounds in turn, after one that is not counted: thirty days of 135,000 inhabitants, the protocol ` +
        'for an older person who goes home as it is shipped. The bare side reads the rows of the same categories and the ' +
        'same days from the log, and their JSON. CPU is that of all threads.',
    ],
  }
}
