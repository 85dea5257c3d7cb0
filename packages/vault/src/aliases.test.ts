import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { freshSchema, openTestVault } from './vault.fixture.ts'

const ipp = { authority: '1.2.250.1.71', number: '0042' }
const other = { ...ipp, number: '0043' }
const visit = (number: string) => ({ ...ipp, number })

eachDatabase('aliases', (open) => {
  test('numbers seen again have the ids they were given first, in this process and in another', async () => {
    const schema = freshSchema()
    const { vault } = await openTestVault(open, schema)
    expect(await vault.resolve('patient', ipp)).toBeUndefined()
    const subject = await vault.resolveSubject(ipp, visit('V1'))
    const elsewhere = await openTestVault(open, schema)
    expect(await vault.resolveSubject(ipp, visit('V1'))).toEqual(subject)
    expect(await elsewhere.vault.resolveSubject(ipp, visit('V1'))).toEqual(subject)
    expect(await elsewhere.vault.resolve('patient', ipp)).toBe(subject.patientId)
    expect(await elsewhere.vault.resolve('stay', visit('V1'))).toBe(subject.stayId)
  })

  test('the same number of another authority, or of another kind, is another id', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const subjects = [
      await vault.resolveSubject(ipp, ipp),
      await vault.resolveSubject({ ...ipp, authority: '1.2.250.1.72' }, { ...ipp, authority: '1.2.250.1.72' }),
      await vault.resolveSubject({ authority: '1.2.250.1.710', number: '042' }, visit('V1')),
    ]
    expect(new Set(subjects.flatMap(({ patientId, stayId }) => [patientId, stayId])).size).toBe(6)
  })

  test('an owner without a stay has an id and a key from the first, and the same one with a stay later', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const patientIds = await Promise.all([1, 2].map(() => vault.resolveOwner('patient', ipp)))
    const residentId = await vault.resolveOwner('resident', ipp)
    expect(new Set([...patientIds, residentId]).size).toBe(2)
    expect(await vault.resolveSubject(ipp, visit('V1'))).toMatchObject({ patientId: patientIds[0] })
    for (const owner of [...patientIds, residentId]) expect(await vault.openingKey(owner)).toBeDefined()
    await vault.forget(residentId)
    expect(await vault.resolve('resident', ipp)).toBeUndefined()
    expect(await vault.resolve('patient', ipp)).toBe(patientIds[0])
  })

  test('of several stays of a new patient who come at once, each has its id and all have one patient', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const visits = ['V1', 'V2', 'V1', 'V3'].map((number) => vault.resolveSubject(ipp, visit(number)))
    const subjects = await Promise.all(visits)
    expect(new Set(subjects.map(({ patientId }) => patientId)).size).toBe(1)
    expect(new Set(subjects.map(({ stayId }) => stayId)).size).toBe(3)
    expect(subjects[2]).toEqual(subjects[0])
  })

  test('a stay that is given to another patient is forgotten with that one, and not with whose it was', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const [wrong, right] = [
      await vault.resolveSubject(ipp, visit('V1')),
      await vault.resolveSubject(other, visit('V2')),
    ]
    const given = { from: [wrong.patientId], to: right.patientId }
    await vault.giveStay(wrong.stayId, given)
    await vault.giveStay(wrong.stayId, given)
    await vault.forget(wrong.patientId)
    expect(await vault.resolve('stay', visit('V1'))).toBe(wrong.stayId)
    await vault.forget(right.patientId)
    expect([await vault.resolve('stay', visit('V1')), await vault.resolve('stay', visit('V2'))]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('a stay given to somebody who is forgotten is forgotten; others are left alone', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const [wrong, right] = [
      await vault.resolveSubject(ipp, visit('V1')),
      await vault.resolveSubject(other, visit('V2')),
    ]
    await vault.resolveSubject(ipp, visit('V3'))
    await vault.forget(right.patientId)
    await vault.giveStay(wrong.stayId, { from: [wrong.patientId], to: right.patientId })
    expect(await vault.resolve('stay', visit('V1'))).toBeUndefined()
    expect(await vault.resolve('stay', visit('V3'))).toBeDefined()
    await vault.giveStay(wrong.stayId, { from: [], to: wrong.patientId })
  })

  test('two processes that meet the same new numbers at once give each one id, and each patient one key', async () => {
    const schema = freshSchema()
    const one = await openTestVault(open, schema)
    const two = await openTestVault(open, schema)
    const numbers = Array.from({ length: 20 }, (_, index) => [visit(`P${index % 5}`), visit(`V${index % 10}`)] as const)
    const resolveAll = ({ vault }: typeof one, asked: typeof numbers) =>
      Promise.all(asked.map(([patient, stay]) => vault.resolveSubject(patient, stay)))
    const [here, there] = await Promise.all([resolveAll(one, numbers), resolveAll(two, numbers.toReversed())])
    expect(there.toReversed()).toEqual(here)
    const patientIds = [...new Set(here.map(({ patientId }) => patientId))]
    expect(patientIds).toHaveLength(5)
    expect(new Set(here.map(({ stayId }) => stayId)).size).toBe(10)
    for (const patientId of patientIds)
      expect(await two.vault.sealingKey(patientId)).toEqual(await one.vault.sealingKey(patientId))
  })

  test('a new patient has a data key at hand, which another process finds', async () => {
    const schema = freshSchema()
    const { vault } = await openTestVault(open, schema)
    const { patientId } = await vault.resolveSubject(ipp, visit('V1'))
    const key = vault.sealingKey(patientId)
    expect(key).not.toBeInstanceOf(Promise)
    const elsewhere = await openTestVault(open, schema)
    expect(await elsewhere.vault.openingKey(patientId)).toEqual(key)
  })

  test('a visit number that is known keeps its stay, also when it is said of another patient', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const first = await vault.resolveSubject(ipp, visit('V1'))
    const [again, atOnce, competing] = await Promise.all([
      vault.resolveSubject(other, visit('V1')),
      vault.resolveSubject(ipp, visit('V2')),
      vault.resolveSubject(other, visit('V2')),
    ])
    expect(again.stayId).toBe(first.stayId)
    expect(again.patientId).not.toBe(first.patientId)
    expect(competing).toEqual({ patientId: again.patientId, stayId: atOnce.stayId })

    // It belongs to the patient of whom it was said first.
    await vault.forget(again.patientId)
    expect(await vault.resolve('stay', visit('V1'))).toBe(first.stayId)
  })

  test('forgetting a patient takes the aliases of the patient and of the stays, and those of nobody else', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const { patientId } = await vault.resolveSubject(ipp, visit('V1'))
    await vault.resolveSubject(ipp, visit('V2'))
    const others = await vault.resolveSubject(other, visit('V3'))

    await vault.forget(patientId)
    expect(await vault.resolve('patient', ipp)).toBeUndefined()
    expect(await vault.resolve('stay', visit('V1'))).toBeUndefined()
    expect(await vault.resolve('stay', visit('V2'))).toBeUndefined()
    expect(await vault.resolveSubject(other, visit('V3'))).toEqual(others)
    const anew = await vault.resolveSubject(ipp, visit('V1'))
    expect(anew.patientId).not.toBe(patientId)
    expect(vault.openingKey(anew.patientId)).toBeDefined()
  })

  test('a stay of a patient whose key is gone is given no alias, and keeps nobody else from one', async () => {
    const { vault, database } = await openTestVault(open, freshSchema())
    const { patientId } = await vault.resolveSubject(ipp, visit('V1'))
    await vault.resolveSubject(other, visit('V2'))
    // What whoever has just found the alias comes upon, once another process has forgotten the patient.
    await database.db.updateTable('data_key').set({ wrapped: null }).where('owner', '=', patientId).execute()
    const [late, usual] = await Promise.allSettled([
      vault.resolveSubject(ipp, visit('V3')),
      vault.resolveSubject(other, visit('V4')),
    ])
    expect(late).toMatchObject({ status: 'rejected', reason: { code: 'ownerForgotten' } })
    expect(usual).toMatchObject({ status: 'fulfilled' })
    expect(await vault.resolve('stay', visit('V3'))).toBeUndefined()
  })

  test('a stay that comes while its patient is forgotten leaves no alias behind', async () => {
    const schema = freshSchema()
    const here = await openTestVault(open, schema)
    const elsewhere = await openTestVault(open, schema)
    const { patientId } = await here.vault.resolveSubject(ipp, visit('V0'))
    const visits = Array.from({ length: 10 }, (_, index) => visit(`V${index + 1}`))
    const asking = visits.map((stay) => here.vault.resolveSubject(ipp, stay))
    const [resolved] = await Promise.all([Promise.allSettled(asking), elsewhere.vault.forget(patientId)])
    const refusals = resolved.filter((outcome) => outcome.status === 'rejected')
    expect(refusals).toMatchObject(refusals.map(() => ({ reason: { code: 'ownerForgotten' } })))
    const left = await here.database.db.selectFrom('alias').select('id').where('owner', '=', patientId).execute()
    expect(left).toEqual([])
  })

  test('a namespace lists every universal id it was seen with, once', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    expect(await vault.authoritiesNamed('CHU')).toEqual([])
    await vault.rememberAuthority('CHU', '1.2.3')
    await vault.rememberAuthority('CHU', '1.2.2')
    await vault.rememberAuthority('CHU', '1.2.3')
    await vault.rememberAuthority('CHG', '1.2.4')
    expect(await vault.authoritiesNamed('CHU')).toEqual(['1.2.2', '1.2.3'])
  })
})
