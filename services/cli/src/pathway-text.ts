import type { Explanation } from '@relais/contracts/explanation-routes'
import type { PathwayView } from '@relais/contracts/pathway'
import { loopLine } from './loop-lines.ts'
import { receiptText } from './notice-lines.ts'
import { entryLine, instant } from './output.ts'

const statuses: Record<PathwayView['stays'][number]['status'], string> = {
  expected: 'expected',
  present: 'present',
  onLeave: 'on leave',
  discharged: 'discharged',
  withdrawn: 'withdrawn',
}

/**
 * The pathway and what people asked of each other, by when things happened: a line each, with what became of the entry and
 * when it was learned.
 */
export function pathwayText(view: PathwayView): string {
  const physician = view.primaryPhysician
  const head = [
    `patient ${view.patientId}`,
    `médecin traitant ${physician ? `${physician.memberId} (${physician.source})` : 'not known'}`,
    ...view.stays.map(
      ({ status, facility, wards }) =>
        `stay ${statuses[status]} at ${facility}, ${wards.map(({ code }) => code).join(', ') || 'no ward'}`,
    ),
  ]
  const entries = view.entries.map((entry) => {
    const state = entry.state === 'current' ? '' : `  [${entry.state}]`
    return { at: entry.happenedAt, line: `${entryLine(entry)}${state}  learned ${instant(entry.recordedAt)}` }
  })
  const exchanges = view.exchanges.map((entry) => ({ at: entry.happenedAt, line: loopLine(entry) }))
  const lines = [...entries, ...exchanges].toSorted(byTime).map(({ line }) => line)
  return [...head, '', ...lines].join('\n')
}

function byTime({ at: one }: { at: string }, { at: other }: { at: string }): number {
  return one < other ? -1 : Number(one > other)
}

/** Who caused an entry and why it was told; then a line for each who was told, with what became of it. */
export function explanationText({ source, rule, recordedAt, told }: Explanation): string {
  const { by, role, organisation, messageId, causedBy } = source
  const from = [
    `${by} (${role}${organisation === undefined ? '' : ` at ${organisation}`})`,
    ...(messageId === undefined ? [] : [`message ${messageId}`]),
    ...(causedBy === undefined ? [] : [`in answer to ${causedBy}`]),
  ].join(', ')
  return [
    `learned ${instant(recordedAt)} from ${from}`,
    `told by ${ruleText(rule)}`,
    ...told.map(({ recipient, role: as, receipts, noticeId }) => {
      const what = `${recipient}${as === undefined ? '' : ` (${as})`}`
      return `  ${what}: ${receiptText(receipts)}  notice ${noticeId}`
    }),
  ].join('\n')
}

function ruleText(rule: Explanation['rule']): string {
  switch (rule.kind) {
    case 'careCircle':
      return 'the care circle'
    case 'referral':
      return `referral ${rule.referralId}`
    case 'protocol': {
      const { protocolId, version, runId, stepId } = rule
      const protocol = [protocolId && `protocol ${protocolId}`, version && `version ${version}`, `run ${runId}`]
      return [...protocol, stepId && `step ${stepId}`].filter(Boolean).join(', ')
    }
  }
}
