import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

/** The layers, from what knows nobody to what knows everybody. */
const LAYERS = ['contracts', 'packages', 'services', 'test']

/** What breaks the dependency rules in the repository at `baseDir`, a line each; none when all is well. */
export async function dependencyProblems(baseDir: string, layers: readonly string[] = LAYERS): Promise<string[]> {
  const options = await extractOptions(new URL('../.dependency-cruiser.mjs', import.meta.url).pathname)
  const { output } = await cruise([...layers], { ...options, baseDir })
  if (typeof output === 'string') throw new Error('The cruise has no result')
  return [
    ...violations(output),
    ...(seesWorkspace(output) ? [] : ['no @relais/* import was seen: nothing was checked']),
  ]
}

function violations({ summary }: ICruiseResult) {
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)
}

/** Without the right resolver options every workspace import escapes, and a broken rule passes. */
function seesWorkspace({ modules }: ICruiseResult) {
  return modules.some(({ dependencies }) => dependencies.some(({ module }) => module.startsWith('@relais/')))
}

if (import.meta.main) {
  const problems = await dependencyProblems(process.cwd())
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
