import { createHash, randomUUID } from 'node:crypto'
import { OwnerForgotten } from '@relais/events/sealing'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { DocumentIdReused } from './documents.ts'
import { senderKeyOwner } from './forgetting.ts'
import { freshSchema, openTestVault, start } from './vault.fixture.ts'

const letter = { owner: 'p', mediaType: 'text/plain', bytes: Buffer.from('a letter'), label: 'CHU|42' }
const other = { ...letter, bytes: Buffer.from('another letter') }

eachDatabase('documents', (open) => {
  test('a document comes back as it was put, with the hash of its clear bytes', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const documentId = randomUUID()
    const stored = await vault.put({ ...letter, documentId })
    const sha256 = createHash('sha256').update('a letter').digest('hex')
    const ref = { documentId, size: 8, mediaType: 'text/plain', sha256 }
    expect(stored).toEqual({ ref, owner: 'p', storedAt: start, existed: false, conflicting: false })
    expect(await vault.get(documentId)).toEqual({ ref, owner: 'p', bytes: letter.bytes })
    expect(await vault.get(randomUUID())).toBeUndefined()
  })

  test('an empty document is a document', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const { ref } = await vault.put({ ...letter, bytes: Buffer.alloc(0) })
    expect(await vault.get(ref.documentId)).toMatchObject({ ref: { size: 0 }, bytes: Buffer.alloc(0) })
  })

  test('the same bytes under the same label are kept once, whoever owns them', async () => {
    const { vault, clock } = await openTestVault(open, freshSchema())
    const first = await vault.put(letter)
    clock.now = '2026-11-22T08:00:00.000Z'
    const again = await vault.put({ ...letter, owner: 'tomorrow' })
    expect(again).toEqual({ ...first, owner: 'p', existed: true })
    expect(await vault.get(first.ref.documentId)).toMatchObject({ owner: 'p' })
  })

  test('other bytes under the same label are kept too, and flagged', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const first = await vault.put(letter)
    const second = await vault.put(other)
    expect(second).toMatchObject({ existed: false, conflicting: true })
    expect(await vault.get(first.ref.documentId)).toMatchObject({ bytes: letter.bytes })
    expect(await vault.get(second.ref.documentId)).toMatchObject({ bytes: other.bytes })
  })

  test('each is answered the second time as it was the first time', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const first = await vault.put(letter)
    const second = await vault.put(other)
    expect(await vault.put(letter)).toEqual({ ...first, existed: true })
    expect(await vault.put(other)).toEqual({ ...second, existed: true })
  })

  test('the same bytes under another label, or under none, are another document', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const { label: _, ...unlabelled } = letter
    const all = [letter, { ...letter, label: 'CHU|43' }, unlabelled, unlabelled]
    const stored = await Promise.all(all.map((document) => vault.put(document)))
    expect(stored.map(({ existed, conflicting }) => existed || conflicting)).toEqual([false, false, false, false])
    expect(new Set(stored.map(({ ref }) => ref.documentId)).size).toBe(4)
  })

  test('in one turn and from two processes, one of the same is stored and one of the others comes first', async () => {
    const schema = freshSchema()
    const here = await openTestVault(open, schema)
    const there = await openTestVault(open, schema)
    const stored = await Promise.all(
      [letter, other, letter, other].flatMap((document) => [here.vault.put(document), there.vault.put(document)]),
    )
    expect(stored.filter(({ existed }) => !existed)).toHaveLength(2)
    expect(stored.filter(({ existed, conflicting }) => !existed && conflicting)).toHaveLength(1)
    expect(new Set(stored.map(({ ref }) => ref.documentId)).size).toBe(2)
    for (const { conflicting, ref } of stored)
      expect(conflicting).toBe(stored.find((one) => one.ref.sha256 === ref.sha256)?.conflicting)
  })

  test('a put repeated with its id is a repeat; the id with other bytes is refused', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const { label: _, ...document } = { ...letter, documentId: randomUUID() }
    const first = await vault.put(document)
    expect(await vault.put(document)).toEqual({ ...first, existed: true })
    const [reused, unrelated] = await Promise.allSettled([
      vault.put({ ...document, bytes: Buffer.from('other') }),
      vault.put({ ...document, documentId: randomUUID() }),
    ])
    expect(reused).toMatchObject({ status: 'rejected', reason: expect.any(DocumentIdReused) })
    expect(unrelated.status).toBe('fulfilled')
  })

  test('a body changed where it is stored, or moved to another document, does not open', async () => {
    const { vault, database } = await openTestVault(open, freshSchema())
    const { ref } = await vault.put(letter)
    const moved = await vault.put({ ...other, label: 'CHU|43' })
    const rows = database.db.selectFrom('document').select('body')
    const { body } = await rows.where('document_id', '=', ref.documentId).executeTakeFirstOrThrow()
    const changing = database.db.updateTable('document').set({ body })
    await changing.where('document_id', '=', moved.ref.documentId).execute()
    await expect(vault.get(moved.ref.documentId)).rejects.toMatchObject({ code: 'sealBroken' })
  })

  test('a forgotten owner leaves documents that say forgotten, and labels that are free again', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const [mine, theirs] = [await vault.put(letter), await vault.put({ ...letter, owner: 'q', label: 'CHU|43' })]
    await vault.forget('p')
    await vault.forget('p')
    expect(await vault.get(mine.ref.documentId)).toBe('forgotten')
    expect(await vault.get(theirs.ref.documentId)).toMatchObject({ owner: 'q' })
    expect(await vault.put({ ...other, owner: 'q' })).toMatchObject({ existed: false, conflicting: false })
    expect(await vault.put({ ...other, owner: 'q', label: 'CHU|43' })).toMatchObject({ conflicting: true })
    await expect(vault.put(letter)).rejects.toBeInstanceOf(OwnerForgotten)
  })

  test('a label stays taken as long as one document is kept under it', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    await vault.put(letter)
    await vault.put({ ...other, owner: 'q' })
    await vault.forget('q')
    const third = { ...letter, bytes: Buffer.from('a third letter') }
    expect(await vault.put(third)).toMatchObject({ existed: false, conflicting: true })
  })

  test('an owner that never had anything is forgotten all the same', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    await vault.forget('nobody')
    expect(vault.openingKey('nobody')).toBeUndefined()
  })

  test('purging removes what has expired, and nothing a millisecond too early', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const expiring = await vault.put({ ...letter, expiresAt: '2027-02-19T08:00:00.000Z' })
    const lasting = await vault.put({ ...letter, label: 'CHU|43' })
    expect(await vault.purge('2027-02-19T07:59:59.999Z')).toEqual({ documents: 0, keys: 0 })
    expect(await vault.get(expiring.ref.documentId)).toMatchObject({ bytes: letter.bytes })
    expect(await vault.purge('2027-02-19T08:00:00.000Z')).toEqual({ documents: 1, keys: 0 })
    expect(await vault.get(expiring.ref.documentId)).toBeUndefined()
    expect(await vault.get(lasting.ref.documentId)).toMatchObject({ bytes: letter.bytes })
    expect(await vault.put(other)).toMatchObject({ existed: false, conflicting: false })
  })

  test('a sender key of an earlier day goes with its last document', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const sender = senderKeyOwner('chu', start)
    expect(sender).toBe('sender:chu:2026-11-21')
    await vault.put({ ...letter, owner: sender, expiresAt: '2026-11-25T00:00:00.000Z' })
    await vault.put({ ...letter, owner: sender, label: 'CHU|43', expiresAt: '2026-11-26T00:00:00.000Z' })
    await vault.sealingKey(senderKeyOwner('chu', '2026-11-25T23:59:59.999Z'))
    expect(await vault.purge('2026-11-25T00:00:00.000Z')).toEqual({ documents: 1, keys: 0 })
    expect(await vault.openingKey(sender)).toBeDefined()
    expect(await vault.purge('2026-11-26T00:00:00.000Z')).toEqual({ documents: 1, keys: 1 })
    expect(vault.openingKey(sender)).toBeUndefined()
  })

  test('a sender key of today or yesterday outlives its documents, for others are on their way', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const sender = senderKeyOwner('chu', start)
    await vault.put({ ...letter, owner: sender, expiresAt: '2026-11-22T00:00:00.000Z' })
    expect(await vault.purge('2026-11-22T23:59:59.999Z')).toEqual({ documents: 1, keys: 0 })
    await vault.put({ ...letter, owner: sender, expiresAt: '2026-11-23T00:00:00.000Z' })
    expect(await vault.purge('2026-11-23T00:00:00.000Z')).toEqual({ documents: 1, keys: 1 })
  })

  test('a sender key that sealed no document may have sealed events: it is kept for ninety days', async () => {
    const { vault } = await openTestVault(open, freshSchema())
    const sender = senderKeyOwner('chu', start)
    const key = await vault.sealingKey(sender)
    expect(await vault.purge('2027-02-19T23:59:59.999Z')).toEqual({ documents: 0, keys: 0 })
    expect(await vault.sealingKey(sender)).toBe(key)
    expect(await vault.purge('2027-02-20T00:00:00.000Z')).toEqual({ documents: 0, keys: 1 })
    expect(vault.openingKey(sender)).toBeUndefined()
  })
})
