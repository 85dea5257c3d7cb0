import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { render } from './report.ts'

/** The parts of a V8 CPU profile that are read here; times are in microseconds. */
type Profile = {
  nodes: readonly {
    id: number
    callFrame: { functionName: string; url: string }
    children?: readonly number[]
  }[]
  samples: readonly number[]
  timeDeltas: readonly number[]
}

const repository = fileURLToPath(new URL('../..', import.meta.url))
const LINES = 25

/**
 * Whose code the processor worked for: each sample counts for the innermost function of this repository that was on the
 * stack, with all that it called (SQLite, cryptography, libraries).
 */
function ownTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const owners = new Map<number, string>()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const visit = (id: number, inherited: string) => {
    const node = byId.get(id)
    if (!node) return
    const owner = ownerOf(node.callFrame) ?? inherited
    owners.set(id, owner)
    for (const child of node.children ?? []) visit(child, owner)
  }
  visit(nodes[0]?.id ?? 0, 'Node itself')
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const owner = owners.get(id) ?? 'unknown'
    times.set(owner, (times.get(owner) ?? 0) + (timeDeltas[index] ?? 0) / 1000)
  }
  return times
}

function ownerOf({ functionName, url }: Profile['nodes'][number]['callFrame']) {
  if (['(idle)', '(program)', '(garbage collector)'].includes(functionName)) return functionName
  if (!url.startsWith('file://') || url.includes('/node_modules/')) return libraryOf(url)
  return relative(repository, fileURLToPath(url))
}

/** Libraries that call us back count for themselves; those that we call count for us. */
function libraryOf(url: string): string | undefined {
  const name = /node_modules\/(?!\.pnpm)((?:@[^/]+\/)?[^/]+)\//.exec(url.replace(/\.pnpm\/[^/]+\//, ''))?.[1]
  return name === 'hono' || name === '@hono/node-server' || name === 'ws' ? name : undefined
}

/** A table of a profile that Node wrote (`--cpu-prof`). */
export function whereTimeGoes(file: string): string {
  // Written by Node.
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const times = ownTimes(profile)
  const busy = times.values().reduce((sum, time) => sum + time, 0) - (times.get('(idle)') ?? 0)
  const rows = [...times]
    .filter(([owner]) => owner !== '(idle)')
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, LINES)
    .map(([owner, time]) => [owner, time, `${((100 * time) / busy).toFixed(1)} %`])
  return render({ columns: ['code', 'ms', 'share'], rows, notes: [`Busy ${Math.round(busy)} ms.`] })
}
