import type { DefinitionProblem } from '@relais/contracts/protocols'

/** What is said of a field itself, and of what is inside it: `steps[0].owners[1]` is said of `steps[0].owners`. */
export function problemAt(problems: readonly DefinitionProblem[], path: string, isWhole = true): string | undefined {
  const found = problems.filter((problem) => problem.path === path || (isWhole && isInside(problem.path, path)))
  return found.length === 0 ? undefined : [...new Set(found.map(({ message }) => message))].join(' ')
}

export function isInside(path: string, whole: string): boolean {
  return path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`)
}

/** What a field is called in the page. */
export const fieldId = (path: string) => `field-${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`

/** From the field itself outwards: the nearest that is on the page is where a problem is looked at. */
export function pathsOutwards(path: string): string[] {
  const paths = [path]
  for (let rest = path; ;) {
    const cut = Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['))
    if (cut <= 0) return paths
    rest = rest.slice(0, cut)
    paths.push(rest)
  }
}
