import { randomUUID } from 'node:crypto'
import { openDatabase } from '@relais/database/database'
import { nodeSqliteDialect } from '@relais/database/node-sqlite-dialect'
import { postgresDialect } from '@relais/database/postgres'
import { stallingProxy } from '@relais/database/stalling-proxy.fixture'
import { postgresServer } from '@relais/testkit/databases'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { Kysely } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { groupCommit } from './group-commit.ts'
import type { VaultTables } from './migrations.ts'
import { masterKey, siteKey, start } from './vault.fixture.ts'
import { openVault } from './vault.ts'

const server = postgresServer()

test('a group that is not answered is told so, and those behind it are written', async () => {
  const options = { schema: 'stalling', durability: 'full' } as const
  const database = await openDatabase<VaultTables>(server.url(), options)
  const proxy = await stallingProxy(server.url())
  const patience = { statement: 300, silence: 500 }
  const db = new Kysely<VaultTables>({ dialect: postgresDialect(proxy.url, { ...options, patience }) })
  onTestFinished(async () => {
    await db.destroy()
    await database.close()
  })
  const impatient = { ...database, db }
  const vault = await openVault({
    database: impatient,
    masterKey,
    siteKey,
    now: () => start,
    newId: () => randomUUID(),
  })
  const letter = (label: string) => ({ owner: 'p', mediaType: 'text/plain', bytes: Buffer.from('a letter'), label })
  await vault.put(letter('CHU|1'))

  proxy.stall()
  const unanswered = [vault.put(letter('CHU|2')), vault.put(letter('CHU|3'))]
  const outcomes = await Promise.allSettled(unanswered)
  expect(outcomes).toMatchObject([1, 2].map(() => ({ reason: { code: 'databaseUnavailable' } })))
  proxy.resume()
  expect(await vault.put(letter('CHU|2'))).toMatchObject({ existed: false })
})

/** A vault on SQLite, and how many transactions it has begun. */
async function countedVault() {
  const folder = temporaryFolder()
  const options = { schema: 'vault', durability: 'full', secureDelete: true } as const
  const database = await openDatabase<VaultTables>(`sqlite:${folder}/relais.sqlite`, options)
  const file = `${folder}/relais.vault.sqlite`
  const dialect = nodeSqliteDialect({ file, rebuildable: false, secureDelete: true, isCheckpointed: false })
  let transactions = 0
  const createDriver = () => {
    const driver = dialect.createDriver()
    const begin = driver.beginTransaction.bind(driver)
    driver.beginTransaction = (...begun) => {
      transactions += 1
      return begin(...begun)
    }
    return driver
  }
  const db = new Kysely<VaultTables>({ dialect: { ...dialect, createDriver } })
  onTestFinished(async () => {
    await db.destroy()
    await database.close()
  })
  const deps = { database: { ...database, db }, masterKey, siteKey, now: () => start, newId: () => randomUUID() }
  const vault = await openVault(deps)
  /** How many transactions some work costs. */
  const costOf = async (work: () => Promise<unknown>) => {
    const before = transactions
    await work()
    return transactions - before
  }
  return { vault, db, costOf }
}

const authority = '1.2.250.1.71'
const numbers = (patient: string, visit: string) =>
  [
    { authority, number: patient },
    { authority, number: visit },
  ] as const

test('the first message of a new patient costs two transactions, of a new stay two, and any other one', async () => {
  const { vault, costOf } = await countedVault()
  const message = async (patient: string, visit: string, text: string) => {
    const { patientId } = await vault.resolveSubject(...numbers(patient, visit))
    const document = { owner: patientId, mediaType: 'text/plain' }
    await Promise.all([
      vault.put({ ...document, bytes: Buffer.from(text), label: text }),
      vault.put({ ...document, bytes: Buffer.from(patient), label: `identity:${patientId}` }),
    ])
  }
  expect(await costOf(() => message('P1', 'V1', 'first'))).toBe(2)
  expect(await costOf(() => message('P1', 'V1', 'second'))).toBe(1)
  expect(await costOf(() => message('P1', 'V2', 'third'))).toBe(2)
})

test('whatever waits at the same moment shares one transaction', async () => {
  const { vault, costOf } = await countedVault()
  await vault.sealingKey('p')
  const letter = { owner: 'p', mediaType: 'text/plain' }
  const cost = await costOf(() =>
    Promise.all([
      vault.resolveSubject(...numbers('P1', 'V1')),
      vault.resolveSubject(...numbers('P2', 'V2')),
      vault.sealingKey('q'),
      vault.put({ ...letter, bytes: Buffer.from('one') }),
      vault.put({ ...letter, bytes: Buffer.from('two') }),
    ]),
  )
  expect(cost).toBe(1)
})

test('when one of the group cannot be written, nothing is, and everybody is told', async () => {
  const { db } = await countedVault()
  const together = groupCommit(db)
  const name = together(async (transaction, names: readonly string[]) => {
    for (const value of names)
      await transaction.executeQuery(db.insertInto('vault_setting').values({ name: value, value }).compile())
    return names
  })
  const fail = together(async (): Promise<never[]> => {
    throw new Error('no room')
  })
  const outcomes = await Promise.allSettled([name('one'), fail('nothing'), name('two')])
  expect(outcomes).toMatchObject([1, 2, 3].map(() => ({ reason: { message: 'no room' } })))
  const settings = await db.selectFrom('vault_setting').select('name').where('name', 'in', ['one', 'two']).execute()
  expect(settings).toEqual([])
  expect(await Promise.all([name('three'), name('four')])).toEqual(['three', 'four'])
})
