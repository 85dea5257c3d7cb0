import { type DefinitionProblem, ProtocolDefinition } from '@relais/contracts/protocols'
import type { z } from 'zod'
import { validateDefinition } from './domain/validate.ts'

export type CheckedDefinition =
  | { definition: ProtocolDefinition; problems?: never }
  | { definition?: never; problems: DefinitionProblem[] }

/** Reads a definition as somebody wrote it: all that is wrong with its shape, or else with what it says. */
export function checkedDefinition(written: unknown): CheckedDefinition {
  const read = ProtocolDefinition.safeParse(written)
  if (!read.success) return { problems: read.error.issues.flatMap(toProblems) }
  const problems = validateDefinition(read.data)
  return problems.length > 0 ? { problems } : { definition: read.data }
}

type Issue = z.core.$ZodIssue

function toProblems(issue: Issue): DefinitionProblem[] {
  const at = pathOf(issue.path)
  const meant = issue.code === 'invalid_union' ? meantBy(issue.errors) : undefined
  if (meant) return meant.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      message: 'Ce champ n’existe pas dans un protocole.',
    }))
  return [{ path: at, message: messageOf(issue) }]
}

/** Of several forms, what is wrong with the one that was meant: the one that was read furthest, with the least against it. */
function meantBy(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depthOf = (issues: readonly Issue[]) => Math.max(...issues.map(({ path }) => path.length))
  const [best] = forms.toSorted((one, other) => depthOf(other) - depthOf(one) || one.length - other.length)
  return best
}

/** `steps[2].due.hours` */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

const ROLES = new Set<PropertyKey | undefined>(['owners', 'to', 'role'])
const DELAYS = new Set<PropertyKey | undefined>(['hours', 'days', 'afterHours'])

function messageOf(issue: Issue): string {
  const name = issue.path.findLast((part) => typeof part === 'string')
  switch (issue.code) {
    case 'invalid_type':
      return 'Ce champ manque, ou n’est pas du type attendu.'
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      return ROLES.has(name) ? `Ce rôle n’existe pas. Rôles connus : ${values}.` : `Valeurs possibles : ${values}.`
    }
    case 'too_small':
      if (DELAYS.has(name)) return `Un délai est d’au moins ${issue.minimum} : zéro ou moins serait déjà passé.`
      if (name === 'owners') return 'Une étape s’adresse au moins à un rôle.'
      if (name === 'steps') return 'Un protocole a au moins une étape.'
      return issue.minimum === 1 ? 'À remplir.' : `Trop court : au moins ${issue.minimum}.`
    case 'too_big':
      return `Trop long : au plus ${issue.maximum}.`
    case 'invalid_union':
      return 'Cette valeur ne correspond à aucune des formes possibles.'
    case 'invalid_format':
      return formats.get(name) ?? 'Ce texte n’a pas la forme attendue.'
    default:
      return 'Cette valeur ne convient pas.'
  }
}

const formats = new Map<PropertyKey | undefined, string>([
  ['stepId', 'Le nom d’une étape est fait de minuscules, de chiffres et de tirets, et commence par une lettre.'],
  ['coordinator', 'La coordination s’écrit finess:… ou rpps:….'],
  ['territory', 'Un territoire s’écrit cpts: suivi de minuscules, de chiffres et de tirets.'],
  ['department', 'Le numéro d’un département : 44, 2A, 974.'],
  ['at', 'Une heure s’écrit 15:00.'],
  ['after', 'Une heure s’écrit 15:00 ; le nom d’une étape, en minuscules.'],
])
