import { createSecretKey, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { circleEvents } from '@relais/contracts/patients'
import { openDatabase } from '@relais/database/database'
import { eventCodec, UndecodableEvent } from '@relais/events/codec'
import { OwnerForgotten } from '@relais/events/sealing'
import { eachDatabase } from '@relais/testkit/databases'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, onTestFinished, test } from 'vitest'
import { groupCommit } from './group-commit.ts'
import { dataKeys } from './keys.ts'
import type { VaultTables } from './migrations.ts'
import { freshSchema, masterKey, openTestVault, siteKey, start } from './vault.fixture.ts'
import { MasterKeyMismatch, openVault, SiteKeyMismatch } from './vault.ts'

const departure = (patientId: string) =>
  circleEvents.schema.parse({
    type: 'MemberLeft',
    data: { patientId, memberId: 'rpps:10002909371', role: 'infirmier', leftAt: start, reason: 'departed' },
  })
const metadata = { $correlationId: 'c', recordedAt: start, actor: { id: 'a', role: 'infirmier' } }

eachDatabase('the vault', (open) => {
  test('opens again with the keys it was made with', async () => {
    const schema = freshSchema()
    const { vault } = await openTestVault(open, schema)
    const { ref } = await vault.put({ owner: 'p', mediaType: 'text/plain', bytes: Buffer.from('a letter') })
    const again = await openTestVault(open, schema)
    expect(await again.vault.get(ref.documentId)).toMatchObject({ ref, owner: 'p', bytes: Buffer.from('a letter') })
  })

  test('refuses another site key, another master key, and keys of the wrong length', async () => {
    const schema = freshSchema()
    const { database } = await openTestVault(open, schema)
    const other = Buffer.alloc(32, 'x')
    const deps = { database, masterKey, siteKey, now: () => start, newId: () => randomUUID() }
    await expect(openVault({ ...deps, siteKey: other })).rejects.toBeInstanceOf(SiteKeyMismatch)
    await expect(openVault({ ...deps, masterKey: other })).rejects.toBeInstanceOf(MasterKeyMismatch)
    await expect(openVault({ ...deps, siteKey: Buffer.alloc(16) })).rejects.toThrow('site key has 16 bytes')
  })

  test('two processes that first seal for the same owner use one key', async () => {
    const schema = freshSchema()
    const one = await openTestVault(open, schema)
    const other = await openTestVault(open, schema)
    const keys = await Promise.all([
      ...Array.from({ length: 5 }, () => one.vault.sealingKey('p')),
      ...Array.from({ length: 5 }, () => other.vault.sealingKey('p')),
    ])
    const exported = keys.map((key) => key.export().toString('hex'))
    expect(new Set(exported).size).toBe(1)
    expect(await other.vault.openingKey('p')).toEqual(keys[0])
  })

  test('a key at hand is answered without a promise', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const key = await vault.sealingKey('p')
    expect(vault.openingKey('p')).toBe(key)
    expect(vault.sealingKey('p')).toBe(key)
  })

  test('an event of a forgotten patient decodes as forgotten, and nothing is sealed for that patient again', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const codec = eventCodec(circleEvents, vault)
    const [patientId, id] = [randomUUID(), randomUUID()]
    const stored = await codec.encode(departure(patientId), id)
    const recorded = { ...stored, id, metadata, stream: `circle-${patientId}`, revision: 0, position: 1 }
    expect((await codec.decode(recorded))?.event).toEqual(departure(patientId))

    await vault.forget(patientId)
    expect(await codec.decode(recorded)).toMatchObject({ event: undefined, routing: { patientId } })
    await expect(codec.encode(departure(patientId), randomUUID())).rejects.toBeInstanceOf(OwnerForgotten)
    await expect(vault.put({ owner: patientId, mediaType: 'text/plain', bytes: Buffer.from('x') })).rejects.toThrow(
      OwnerForgotten,
    )
  })

  test('a vault that never had the key of an event says so, instead of calling it forgotten', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const restoredFromOldBackup = await openTestVault(open, freshSchema())
    const [patientId, id] = [randomUUID(), randomUUID()]
    const stored = await eventCodec(circleEvents, vault).encode(departure(patientId), id)
    const recorded = { ...stored, id, metadata, stream: `circle-${patientId}`, revision: 0, position: 1 }
    const codec = eventCodec(circleEvents, restoredFromOldBackup.vault)
    await expect((async () => codec.decode(recorded))()).rejects.toBeInstanceOf(UndecodableEvent)
  })

  test('what another process forgets is forgotten here within a minute', async () => {
    const schema = freshSchema()
    const here = await openTestVault(open, schema)
    const elsewhere = await openTestVault(open, schema)
    const key = await here.vault.sealingKey('p')
    const { ref } = await here.vault.put({ owner: 'p', mediaType: 'text/plain', bytes: Buffer.from('x') })
    await elsewhere.vault.forget('p')

    here.clock.now = '2026-11-21T08:01:00.000Z'
    expect(here.vault.openingKey('p')).toBe(key)
    expect(await here.vault.get(ref.documentId)).toBe('forgotten')
    here.clock.now = '2026-11-21T08:01:00.001Z'
    expect(await here.vault.openingKey('p')).toBeUndefined()
  })

  test('a document sealed with a key that another process has just destroyed is refused', async () => {
    const schema = freshSchema()
    const here = await openTestVault(open, schema)
    const elsewhere = await openTestVault(open, schema)
    await here.vault.sealingKey('p')
    await here.vault.sealingKey('q')
    await elsewhere.vault.forget('p')
    const late = here.vault.put({ owner: 'p', mediaType: 'text/plain', bytes: Buffer.from('x') })
    const other = here.vault.put({ owner: 'q', mediaType: 'text/plain', bytes: Buffer.from('x') })
    await expect(late).rejects.toBeInstanceOf(OwnerForgotten)
    expect((await other).existed).toBe(false)
    expect(here.vault.openingKey('p')).toBeUndefined()
  })

  test('a key that is being read while its owner is forgotten is not brought back', async () => {
    const schema = freshSchema()
    await (await openTestVault(open, schema)).vault.sealingKey('p')
    const { database } = await openTestVault(open, schema)
    const together = groupCommit(database.db)
    const keys = dataKeys({ database, together, masterKey: createSecretKey(masterKey), now: () => start })
    const reading = keys.openingKey('p')
    keys.markForgotten('p')
    expect(await reading).toBeUndefined()
    expect(keys.openingKey('p')).toBeUndefined()
  })

  test('a key copied to the row of another owner opens nothing', async () => {
    const schema = freshSchema()
    const { vault, database } = await openTestVault(open, schema)
    await vault.sealingKey('p')
    await vault.sealingKey('q')
    const { wrapped } = await database.db
      .selectFrom('data_key')
      .select('wrapped')
      .where('owner', '=', 'p')
      .executeTakeFirstOrThrow()
    await database.db.updateTable('data_key').set({ wrapped }).where('owner', '=', 'q').execute()
    const again = await openTestVault(open, schema)
    await expect(again.vault.openingKey('q')).rejects.toMatchObject({ code: 'sealBroken' })
  })
})

test('the files of a SQLite vault hold nothing in clear, and not the key of whoever was forgotten', async () => {
  const folder = temporaryFolder()
  const url = `sqlite:${join(folder, 'relais.sqlite')}`
  const database = await openDatabase<VaultTables>(url, { schema: 'vault', durability: 'full', secureDelete: true })
  const deps = { database, masterKey, siteKey, now: () => start, newId: () => randomUUID() }
  const vault = await openVault(deps)
  const [authority, number, visit] = ['1.2.250.1.71', 'IPP-8675309', 'VISIT-5551234']
  const { patientId } = await vault.resolveSubject({ authority, number }, { authority, number: visit })
  const bytes = Buffer.from('Mme Durand, née Lefebvre')
  const { ref } = await vault.put({ owner: patientId, mediaType: 'text/plain', bytes, label: 'HOSPITAL|MSG-4242' })
  const key = await vault.sealingKey(patientId)
  const { wrapped } = await database.db.selectFrom('data_key').select('wrapped').executeTakeFirstOrThrow()
  const wrappedKey = Buffer.from(wrapped ?? '').toString('latin1')

  const onDisk = () => readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString('latin1'))
  const isOnDisk = (text: string) => onDisk().some((content) => content.includes(text))
  const secrets = ['Durand', number, visit, 'MSG-4242', ref.sha256, key.export().toString('latin1')]
  expect(secrets.filter(isOnDisk)).toEqual([])
  expect([patientId, wrappedKey].filter(isOnDisk)).toEqual([patientId, wrappedKey])

  await vault.forget(patientId)
  expect(isOnDisk(wrappedKey)).toBe(false)
  await database.close()
  expect(isOnDisk(wrappedKey)).toBe(false)
})

test('whoever reads a SQLite vault for long holds up its forgetting, which does not end before the key is gone', async () => {
  const folder = temporaryFolder()
  const options = { schema: 'vault', durability: 'full', secureDelete: true } as const
  const database = await openDatabase<VaultTables>(`sqlite:${join(folder, 'relais.sqlite')}`, options)
  onTestFinished(() => database.close())
  const vault = await openVault({ database, masterKey, siteKey, now: () => start, newId: () => randomUUID() })
  await vault.sealingKey('p')
  const { wrapped } = await database.db.selectFrom('data_key').select('wrapped').executeTakeFirstOrThrow()
  const wrappedKey = Buffer.from(wrapped ?? '').toString('latin1')
  const isOnDisk = () =>
    readdirSync(folder).some((file) => readFileSync(join(folder, file)).toString('latin1').includes(wrappedKey))

  using backup = new DatabaseSync(join(folder, 'relais.vault.sqlite'), { readOnly: true })
  backup.exec('begin; select count(*) from data_key')
  await expect(vault.forget('p')).rejects.toMatchObject({ code: 'databaseUnavailable' })
  expect([isOnDisk(), vault.openingKey('p')]).toEqual([true, undefined])

  const forgetting = vault.forget('p')
  backup.exec('rollback')
  await forgetting
  expect(isOnDisk()).toBe(false)
})
