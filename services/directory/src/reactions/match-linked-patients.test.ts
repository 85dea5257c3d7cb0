import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  carer,
  type Directory,
  EHPAD,
  enter,
  INS,
  openDirectory,
  OTHER_EHPAD,
  otherCarer,
  zoe,
} from '../directory.fixture.ts'

const unsure = { status: 'validated', ins: undefined } as const
const otherIns = { ...INS, matricule: '241079900000281' }
const matching = ['ResidentMatched', 'ResidentUnmatched', 'ResidentMatchDoubted', 'ResidentDoubtCleared']

/** What waits for the people of an EHPAD, and whom their residents are. */
async function seen(directory: Directory, as: object = carer) {
  await directory.settled()
  const ask = await directory.as(as)
  const [last] = (await directory.facts()).slice(-1)
  const headers = { 'relais-position': `${directory.adapters.epoch}:${last?.position ?? 0}` }
  const { doubts } = (await ask('/residents/matches', { headers })).body
  const { residents } = (await ask('/residents', { headers })).body
  return {
    doubts: doubts.map((doubt: Record<string, string>) => [doubt['patientId'] ?? doubt['otherEhpad'], doubt['reason']]),
    matches: residents.flatMap(({ matches }: { matches: { patientId: string }[] }) =>
      matches.map(({ patientId }) => patientId).toSorted(),
    ),
  }
}
const say = async (directory: Directory, residentId: string, [what, patientId]: ['match' | 'unmatch', string]) =>
  (await directory.as(carer))(`/residents/${residentId}/${what}`, { body: { patientId } })

test('a number without an INS is no question once it is one with the patient whom the resident is, until that is undone', async () => {
  const directory = await openDirectory()
  const a = await directory.knowPatient()
  const b = await directory.knowPatient(unsure)
  await enter(await directory.as(carer))
  const apart = { doubts: [[b, 'insMissing']], matches: [a] }
  expect(await seen(directory)).toEqual(apart)
  await directory.link(a, b)
  expect(await seen(directory)).toEqual({ doubts: [], matches: [a] })
  await directory.knowPatient({ ...unsure, usedName: 'X' }, b)
  expect(await seen(directory)).toEqual({ doubts: [], matches: [a] })
  await directory.link(a, b, false)
  expect(await seen(directory)).toEqual(apart)
})

test('a number with the INS of somebody else, said to be the same person, waits for a person, until that is undone', async () => {
  const directory = await openDirectory()
  const a = await directory.knowPatient()
  const b = await directory.knowPatient({ ins: otherIns })
  await enter(await directory.as(carer))
  await directory.link(b, a)
  expect(await seen(directory)).toEqual({ doubts: [[b, 'linkContradicts']], matches: [a] })
  await directory.link(b, a, false)
  expect(await seen(directory)).toEqual({ doubts: [], matches: [a] })
})

test('who was refused under one number is not matched under another in silence', async () => {
  const directory = await openDirectory()
  const a = await directory.knowPatient(unsure)
  const b = await directory.knowPatient(unsure)
  const { residentId } = await enter(await directory.as(carer))
  await directory.settled()
  await say(directory, residentId, ['unmatch', b])
  await directory.knowPatient({}, a)
  expect(await seen(directory)).toEqual({ doubts: [], matches: [a] })
  await directory.link(a, b)
  expect(await seen(directory)).toEqual({ doubts: [[a, 'linkContradicts']], matches: [] })
  await say(directory, residentId, ['match', a])
  expect(await seen(directory)).toEqual({ doubts: [], matches: [a] })
  await say(directory, residentId, ['unmatch', a])
  expect(await seen(directory)).toEqual({ doubts: [], matches: [] })
})

test('what somebody says of one number is heard for the others at once', async () => {
  const directory = await openDirectory()
  const a = await directory.knowPatient(unsure)
  const b = await directory.knowPatient(unsure)
  await directory.link(a, b)
  const { residentId } = await enter(await directory.as(carer))
  expect((await seen(directory)).doubts).toHaveLength(2)
  await say(directory, residentId, ['match', a])
  expect(await seen(directory)).toEqual({ doubts: [], matches: [a] })
})

test('two residents who are matched with two numbers of one person are one on two registers, until that is undone', async () => {
  const directory = await openDirectory()
  const a = await directory.knowPatient()
  const b = await directory.knowPatient({ ins: otherIns })
  await enter(await directory.as(carer))
  await enter(await directory.as(otherCarer), { identity: { ...zoe, ins: otherIns } })
  const apart = [await seen(directory), await seen(directory, otherCarer)]
  expect(apart).toEqual([
    { doubts: [], matches: [a] },
    { doubts: [], matches: [b] },
  ])
  await directory.link(a, b)
  expect((await seen(directory)).doubts).toContainEqual([OTHER_EHPAD, 'presentTwice'])
  expect((await seen(directory, otherCarer)).doubts).toContainEqual([EHPAD, 'presentTwice'])
  await directory.link(a, b, false)
  expect([await seen(directory), await seen(directory, otherCarer)]).toEqual(apart)
})

test('a patient who was erased is nobody’s match and nobody’s doubt, and the register keeps its resident', async () => {
  const directory = await openDirectory()
  const a = await directory.knowPatient()
  const b = await directory.knowPatient(unsure)
  const { residentId } = await enter(await directory.as(carer))
  expect(await seen(directory)).toEqual({ doubts: [[b, 'insMissing']], matches: [a] })
  await directory.forget(a)
  await directory.forget(b)
  expect(await seen(directory)).toEqual({ doubts: [], matches: [] })
  expect((await (await directory.as(carer))('/residents')).body.residents).toMatchObject([{ residentId }])
  expect(await directory.named('ResidentUnmatched')).toMatchObject([{ patientId: a, reason: 'forgotten' }])
})

test('made and undone in any order, links leave matches and doubts as if there had never been one', async () => {
  const directory = await openDirectory()
  const ids = [
    await directory.knowPatient(),
    await directory.knowPatient(unsure),
    await directory.knowPatient({ ins: otherIns }),
  ]
  await enter(await directory.as(carer))
  const apart = await seen(directory)
  const anyPairs = fc.shuffledSubarray(
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const,
    { minLength: 1 },
  )
  const nameOf = (n: number) => ids[n] ?? ''
  await fc.assert(
    fc.asyncProperty(anyPairs, anyPairs, async (made, order) => {
      for (const [one, other] of made) await directory.link(nameOf(one), nameOf(other))
      await directory.settled()
      const undone = made.toSorted((one, other) => order.indexOf(one) - order.indexOf(other))
      for (const [one, other] of undone) await directory.link(nameOf(one), nameOf(other), false)
      expect(await seen(directory)).toEqual(apart)
    }),
    { numRuns: 8 },
  )
})

test('all of it told again from the beginning changes nothing', async () => {
  const before = await openDirectory()
  const a = await before.knowPatient()
  const b = await before.knowPatient({ ins: otherIns })
  const c = await before.knowPatient(unsure)
  const { residentId } = await enter(await before.as(carer))
  await before.settled()
  await before.link(a, b)
  await before.link(b, c)
  await before.settled()
  await say(before, residentId, ['unmatch', b])
  await before.settled()
  await before.forget(c)
  await before.settled()
  const types = (await before.facts()).map(({ type }) => type).filter((type) => matching.includes(type))
  await before.close()
  for (const file of readdirSync(before.folder))
    if (file.startsWith('relais.directory.')) rmSync(join(before.folder, file))
  const again = await openDirectory({ folder: before.folder, store: before.store })
  await again.settled()
  const retold = (await again.facts()).map(({ type }) => type).filter((type) => matching.includes(type))
  expect(retold).toEqual(types)
  expect(types.length).toBeGreaterThan(4)
})
