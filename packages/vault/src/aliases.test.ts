import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { freshSchema, openTestVault } from './vault.fixture.ts'

const ipp = { authority: '1.2.250.1.71', number: '0042' }

eachDatabase('aliases', (open) => {
  test('an identifier seen again has the id it was given first, in this process and in another', async () => {
    const schema = freshSchema()
    const { vault } = await openTestVault(open, schema)
    expect(await vault.resolve('patient', ipp)).toBeUndefined()
    const id = await vault.resolveOrCreate('patient', ipp)
    const other = await openTestVault(open, schema)
    expect(await vault.resolveOrCreate('patient', ipp)).toBe(id)
    expect(await other.vault.resolve('patient', ipp)).toBe(id)
  })

  test('the same number of another authority, or of another kind, is another id', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const owner = await vault.resolveOrCreate('patient', ipp)
    const ids = [
      owner,
      await vault.resolveOrCreate('patient', { ...ipp, authority: '1.2.250.1.72' }),
      await vault.resolveOrCreate('patient', { authority: '1.2.250.1.710', number: '042' }),
      await vault.resolveOrCreate('stay', ipp, { owner }),
    ]
    expect(new Set(ids).size).toBe(4)
  })

  test('two processes that meet the same new identifiers at once give each one id', async () => {
    const schema = freshSchema()
    const one = await openTestVault(open, schema)
    const other = await openTestVault(open, schema)
    const identifiers = Array.from({ length: 20 }, (_, index) => ({ ...ipp, number: String(index % 5) }))
    const resolveAll = ({ vault }: typeof one, asked: typeof identifiers) =>
      Promise.all(asked.map((outside) => vault.resolveOrCreate('patient', outside)))
    const [here, there] = await Promise.all([resolveAll(one, identifiers), resolveAll(other, identifiers.toReversed())])
    expect(there.toReversed()).toEqual(here)
    expect(new Set(here).size).toBe(5)
  })

  test('a stay needs the patient who owns its alias', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    await expect(vault.resolveOrCreate('stay', ipp)).rejects.toThrow('owns it')
  })

  test('forgetting a patient takes the aliases of the patient and of the stays, and those of nobody else', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const patientId = await vault.resolveOrCreate('patient', ipp)
    await vault.resolveOrCreate('stay', { ...ipp, number: 'V1' }, { owner: patientId })
    const other = await vault.resolveOrCreate('patient', { ...ipp, number: '0043' })

    await vault.forget(patientId)
    expect(await vault.resolve('patient', ipp)).toBeUndefined()
    expect(await vault.resolve('stay', { ...ipp, number: 'V1' })).toBeUndefined()
    expect(await vault.resolve('patient', { ...ipp, number: '0043' })).toBe(other)
    expect(await vault.resolveOrCreate('patient', ipp)).not.toBe(patientId)
  })

  test('a stay of a patient who was forgotten is given no alias, and keeps nobody else from one', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const patientId = await vault.resolveOrCreate('patient', ipp)
    const other = await vault.resolveOrCreate('patient', { ...ipp, number: '0043' })
    await vault.forget(patientId)
    const stays = [
      vault.resolveOrCreate('stay', { ...ipp, number: 'V1' }, { owner: patientId }),
      vault.resolveOrCreate('stay', { ...ipp, number: 'V2' }, { owner: other }),
    ]
    const [late, usual] = await Promise.allSettled(stays)
    expect(late).toMatchObject({ status: 'rejected', reason: { code: 'ownerForgotten' } })
    expect(usual).toMatchObject({ status: 'fulfilled' })
    expect(await vault.resolve('stay', { ...ipp, number: 'V1' })).toBeUndefined()
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
