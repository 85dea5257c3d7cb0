import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acknowledge, readAck } from '../ack.ts'
import { readHeader } from '../header.ts'
import { zoneOfFiness } from '../local-time.ts'
import { applyEdits, decodeMessage } from '../message.ts'
import { interpretPam } from './interpret.ts'

const folder = '/work/shared/data/pam-fr'
const absent = !existsSync(folder)
if (absent) process.stdout.write(`skipped: the published PAM.fr examples, because ${folder} does not exist\n`)

const sample = (name: string) => new Uint8Array(readFileSync(join(folder, name)))

function interpret(bytes: Uint8Array) {
  const decoded = decodeMessage(bytes)
  if (!decoded.ok) throw new Error(decoded.problem.text)
  return interpretPam(decoded.message, { zoneOf: zoneOfFiness, knowsFacility: () => true, knowsWard: () => true })
}

test.skipIf(absent)('the published admission is an admission to surgery', () =>
  expect(interpret(sample('admission.er7'))).toMatchObject({
    kind: 'movement',
    report: {
      action: 'insert',
      kind: 'admission',
      patient: { identifier: { authority: '000897406', number: '000003' }, namespace: 'CHU-X' },
      visit: { identifier: { authority: '000897406', number: '000897406' } },
      authorities: [{ namespace: 'CHU-X', universalId: '000897406' }],
      movement: {
        source: { authority: '000897406', number: '001' },
        effectiveAt: '2024-03-06T10:00:00.000Z',
        facility: '000897406',
        medicalWard: { facility: '000897406', code: '6268', label: 'Chir V' },
        careWard: { facility: '000897406', code: '6268', label: 'Chir V' },
      },
      identity: { birthName: 'PAT-TROIS', status: 'qualified', birthplaceCog: '63220' },
      flags: [{ code: 'finessKeyWrong', path: 'ZBE-7.6' }],
      test: { insOids: ['1.2.250.1.213.1.4.10'], fictitious: false },
    },
  }),
)

test.skipIf(absent)('the published discharge has its fields shifted, and says where', () => {
  const bytes = sample('sortie.er7')
  const result = interpret(bytes)
  const problems = result.kind === 'problems' ? result.problems : []
  expect(problems.map(({ path, code }) => [path, code])).toEqual([
    ['ZBE-3', 'fieldForbidden'],
    ['ZBE-4', 'fieldMissing'],
    ['ZBE-5', 'fieldInvalid'],
    ['ZBE-9', 'fieldMissing'],
  ])
  const answer = { header: readHeader(bytes), code: 'AE', problems, warnings: [] } as const
  const ack = readAck(acknowledge({ ...answer, now: '2026-11-02T10:00:00.000Z', controlId: '1' }))
  expect(ack).toMatchObject({ code: 'AE', controlId: '3995' })
  expect(ack?.errors.map(({ path }) => path)).toEqual(['ZBE-3', 'ZBE-4', 'ZBE-5', 'ZBE-9'])
})

test.skipIf(absent)('once its forbidden field is removed, the published discharge is one', () => {
  const bytes = sample('sortie.er7')
  const repaired = applyEdits(bytes, [{ op: 'removeField', path: 'ZBE-3' }])
  expect(interpret(repaired ?? bytes)).toMatchObject({
    kind: 'movement',
    report: {
      action: 'insert',
      kind: 'discharge',
      movement: { medicalWard: { facility: '000897406', code: '8782', label: 'Urgences' }, facility: '000897406' },
      flags: [{ code: 'finessKeyWrong', path: 'PV1-3.4' }],
    },
  })
})
