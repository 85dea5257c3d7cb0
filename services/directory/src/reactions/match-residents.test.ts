import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type Answer,
  carer,
  type Directory,
  EHPAD,
  enter,
  INS,
  openDirectory,
  OTHER_EHPAD,
  otherCarer,
  problemOf,
  zoe,
} from '../directory.fixture.ts'

const otherIns = { ...INS, matricule: '241079900000281' }
const patience = { timeout: 20_000 }
const matching = ['ResidentMatched', 'ResidentUnmatched', 'ResidentMatchDoubted', 'ResidentDoubtCleared']
const typesIn = async (directory: Directory) =>
  (await directory.facts()).map(({ type }) => type).filter((type) => matching.includes(type))

async function worklist(directory: Directory, as: object = carer): Promise<object[]> {
  await directory.settled()
  const ask = await directory.as(as)
  const [last] = (await directory.facts()).slice(-1)
  const headers = { 'relais-position': `${directory.adapters.epoch}:${last?.position ?? 0}` }
  return (await ask('/residents/matches', { headers })).body.doubts
}
const judge = async (directory: Directory, residentId: string, [what, patientId]: [string, string]): Promise<Answer> =>
  (await directory.as(carer))(`/residents/${residentId}/${what}`, { body: { patientId } })

test.each(['the patient', 'the resident'])(
  'the same qualified INS with concordant traits is a match, %s known first',
  async (first) => {
    const directory = await openDirectory()
    const ask = await directory.as(carer)
    const early = first === 'the patient' ? await directory.knowPatient() : undefined
    const { residentId } = await enter(ask)
    const patientId = early ?? (await directory.knowPatient())
    await directory.settled()
    const pair = { residentId, ehpad: EHPAD, patientId }
    expect(await directory.named(...matching)).toEqual([
      { ...pair, ground: 'qualifiedIns', matchedAt: '2026-11-03T08:00:00.000Z' },
    ])
    expect(await worklist(directory)).toEqual([])
    await expect
      .poll(async () => (await ask('/residents')).body.residents[0].matches, patience)
      .toEqual([{ patientId, ground: 'qualifiedIns' }])
  },
)

test.each([
  ['birthName', { birthName: 'TEST-AUBÉPINE' }],
  ['birthDate', { birthDate: '1941-09-07' }],
  ['sex', { sex: 'M' }],
] as const)('the same INS with another %s is a doubt for a person, never a match', async (trait, details) => {
  const directory = await openDirectory()
  const patientId = await directory.knowPatient(details)
  const { residentId } = await enter(await directory.as(carer))
  const doubt = {
    residentId,
    patientId,
    reason: 'traitsDiffer',
    differing: [trait],
    doubtedAt: '2026-11-03T08:00:00.000Z',
  }
  expect(await worklist(directory)).toEqual([doubt])
  expect(await directory.named('ResidentMatched')).toEqual([])
})

test.each([
  ['the patient', { status: 'validated', ins: undefined }, zoe],
  ['the patient, whose INS is not qualified', { status: 'retrieved' }, zoe],
  ['the resident', {}, { ...zoe, status: 'validated', ins: undefined }],
] as const)('the same traits without a qualified INS of %s are a doubt', async (_, patient, identity) => {
  const directory = await openDirectory()
  const { residentId } = await enter(await directory.as(carer), { identity })
  const patientId = await directory.knowPatient(patient)
  expect(await worklist(directory)).toMatchObject([{ residentId, patientId, reason: 'insMissing', differing: [] }])
})

test('two people of the same name and day with two INS are nobody’s doubt', async () => {
  const directory = await openDirectory()
  await directory.knowPatient({ ins: otherIns })
  await enter(await directory.as(carer))
  await directory.settled()
  expect(await typesIn(directory)).toEqual([])
})

test('a person settles a doubt either way, and no later message says otherwise', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const unsure = { status: 'validated', ins: undefined } as const
  const patientId = await directory.knowPatient(unsure)
  const other = await directory.knowPatient(unsure)
  const { residentId } = await enter(ask)
  await directory.settled()
  expect((await judge(directory, residentId, ['match', patientId])).status).toBe(204)
  expect((await judge(directory, residentId, ['unmatch', other])).status).toBe(204)
  expect(await worklist(directory)).toEqual([])
  // Both are told again, one of them now with the very same INS.
  await directory.knowPatient({ ...unsure, usedName: 'X' }, patientId)
  await directory.knowPatient({}, other)
  await directory.settled()
  const settled = await directory.named('ResidentMatched', 'ResidentUnmatched')
  expect(settled).toMatchObject([
    { patientId, ground: 'person', by: carer.id },
    { patientId: other, reason: 'person', by: carer.id },
  ])
})

test('nobody matches a resident with a patient of whom nothing speaks', async () => {
  const directory = await openDirectory()
  const { residentId } = await enter(await directory.as(carer))
  const stranger = await directory.knowPatient({ birthName: 'TEST-AUBÉPINE', ins: otherIns })
  await directory.settled()
  for (const what of ['match', 'unmatch'])
    expect(problemOf(await judge(directory, residentId, [what, stranger]))).toEqual({
      status: 409,
      code: 'patientNotCandidate',
    })
})

test('a match ends when the INS turns out to be another one', async () => {
  const directory = await openDirectory()
  const patientId = await directory.knowPatient()
  await enter(await directory.as(carer))
  await directory.settled()
  await directory.knowPatient({ ins: otherIns, birthName: 'TEST-ACACIA' }, patientId)
  await directory.settled()
  expect(await directory.named('ResidentUnmatched')).toMatchObject([{ patientId, reason: 'identityChanged' }])
})

test('a corrected identity of the resident is looked at again', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const patientId = await directory.knowPatient()
  const { residentId } = await enter(ask, { identity: { ...zoe, birthName: 'FAUTE' } })
  await directory.settled()
  await ask(`/residents/${residentId}/identity`, { method: 'PUT', body: zoe })
  await directory.settled()
  expect(await typesIn(directory)).toEqual(['ResidentMatchDoubted', 'ResidentMatched'])
  expect(await worklist(directory)).toEqual([])
  expect(await directory.named('ResidentMatched')).toMatchObject([{ patientId }])
})

test('a resident whose INS turns out to be another one is nobody’s match, and nobody’s double', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const patientId = await directory.knowPatient()
  const { residentId } = await enter(ask)
  await enter(await directory.as(otherCarer))
  await directory.settled()
  const identity = { ...zoe, birthName: 'TEST-ACACIA', ins: otherIns }
  await ask(`/residents/${residentId}/identity`, { method: 'PUT', body: identity })
  expect(await worklist(directory)).toEqual([])
  expect(await worklist(directory, otherCarer)).toEqual([])
  expect(await directory.named('ResidentUnmatched')).toMatchObject([
    { residentId, patientId, reason: 'identityChanged' },
  ])
})

test('leaving the register ends the match', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const patientId = await directory.knowPatient()
  const { residentId } = await enter(ask)
  await directory.settled()
  await ask(`/residents/${residentId}/exit`, { body: { leftAt: '2026-11-01T12:00:00.000Z' } })
  await directory.settled()
  expect(await directory.named('ResidentUnmatched')).toMatchObject([
    { residentId, patientId, ehpad: EHPAD, reason: 'left' },
  ])
  await directory.knowPatient({ usedName: 'X' }, patientId)
  await directory.settled()
  expect(await typesIn(directory)).toEqual(['ResidentMatched', 'ResidentUnmatched'])
})

test('the same INS on two registers: both keep it, both are told, until one of them lets go', async () => {
  const directory = await openDirectory()
  const patientId = await directory.knowPatient()
  const [here, there] = [await directory.as(carer), await directory.as(otherCarer)]
  const one = await enter(here)
  const other = await enter(there)
  await directory.settled()
  expect(await directory.named('ResidentMatched')).toMatchObject([
    { patientId, ehpad: EHPAD },
    { patientId, ehpad: OTHER_EHPAD },
  ])
  const twice = { reason: 'presentTwice', differing: [] }
  expect(await worklist(directory)).toMatchObject([{ ...twice, residentId: one.residentId, otherEhpad: OTHER_EHPAD }])
  expect(await worklist(directory, otherCarer)).toMatchObject([
    { ...twice, residentId: other.residentId, otherEhpad: EHPAD },
  ])
  await here(`/residents/${one.residentId}/exit`, { body: { leftAt: '2026-11-01T12:00:00.000Z' } })
  for (const as of [carer, otherCarer]) expect(await worklist(directory, as)).toEqual([])
  expect(await directory.named('ResidentUnmatched')).toMatchObject([{ ehpad: EHPAD }])
})

test('everything told again from the beginning changes nothing', async () => {
  const before = await openDirectory()
  const ask = await before.as(carer)
  const patientId = await before.knowPatient()
  const first = await enter(ask)
  const second = await enter(await before.as(otherCarer))
  await before.settled()
  await before.knowPatient({ ins: otherIns }, patientId)
  await before.settled()
  await before.knowPatient({}, patientId)
  await before.settled()
  await ask(`/residents/${first.residentId}/exit`, { body: { leftAt: '2026-11-01T12:00:00.000Z' } })
  await (
    await before.as(otherCarer)
  )(`/residents/${second.residentId}/identity`, { method: 'PUT', body: { ...zoe, birthName: 'FAUTE' } })
  await before.settled()
  const types = await typesIn(before)
  expect(types.length).toBeGreaterThan(6)
  await before.close()

  for (const file of readdirSync(before.folder))
    if (file.startsWith('relais.directory.')) rmSync(join(before.folder, file))
  const again = await openDirectory({ folder: before.folder, store: before.store })
  await again.settled()
  expect(await typesIn(again)).toEqual(types)
})
