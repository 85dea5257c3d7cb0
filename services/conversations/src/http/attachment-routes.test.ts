import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as files from '@relais/attachments/files.fixture'
import { OwnerForgotten } from '@relais/events/sealing'
import { serve } from '@relais/http/serve'
import { afterTestFile } from '@relais/testkit/cleanup'
import { waitUntil } from '@relais/testkit/wait-until'
import { describe, expect, test } from 'vitest'
import { gp, homeNurse, open, openConversations, outsider, problemOf, write } from '../conversations.fixture.ts'
import { person } from '@relais/runtime/adapters.fixture'

const LIMIT = 26_214_400
const conversations = await openConversations()
const { admit, as, service, adapters, tokenFor } = conversations
const [doctor, nurse, stranger] = [await as(gp), await as(homeNurse), await as(outsider)]
const { patientId } = await admit()
const threadId = await open(doctor, { kind: 'patient', patientId })
const authorization = `Bearer ${await tokenFor(person(gp))}`

const http = await serve(service.app, { host: '127.0.0.1', port: 0 })
afterTestFile(() => http.close(0))
const base = `http://127.0.0.1:${http.port}`

type Sent = { owner?: string; documentId?: string; type?: string; token?: string }
const pathOf = ({ owner = patientId, documentId = crypto.randomUUID() }: Sent) =>
  `/attachments?owner=${owner}&documentId=${documentId}`

async function send(file: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>, sent: Sent = {}) {
  const { type = 'application/octet-stream', token = authorization } = sent
  const headers = { authorization: token, 'content-type': type }
  const init = { method: 'POST', headers, body: file, duplex: 'half' } as const
  const response = await fetch(`${base}${pathOf(sent)}`, init)
  return { status: response.status, body: JSON.parse(await response.text()) }
}
const bytesOf = (file: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(file)
const stored = () => rowsOf('streamed_document')
const chunks = () => rowsOf('document_chunk')
async function rowsOf(table: 'streamed_document' | 'document_chunk') {
  type Tables = { streamed_document: { owner: string }; document_chunk: { upload_id: string } }
  const { db } = await adapters.openViews<Tables>('vault')
  return (await db.selectFrom(table).selectAll().execute()).length
}

async function attach(file: Uint8Array, fileName: string) {
  const { body: document } = await send(bytesOf(file))
  const written = await write(doctor, threadId, { attachments: [{ document, fileName }] })
  return { document, ...written }
}

describe('a file', () => {
  test('is sent, attached, and read back by those who are in the thread', async () => {
    const { document, postId, answer } = await attach(files.pdf, 'Ordonnance d’été (1).pdf')
    expect(answer.status).toBe(204)
    const sha256 = createHash('sha256').update(files.pdf).digest('hex')
    expect(document).toMatchObject({ size: files.pdf.length, mediaType: 'application/pdf', sha256 })
    const path = `/threads/${threadId}/posts/${postId}/attachments/${document.documentId}`
    const token = `Bearer ${await tokenFor(person(homeNurse))}`
    const read = await fetch(`${base}${path}`, { headers: { authorization: token } })
    expect(Buffer.from(await read.arrayBuffer()).equals(files.pdf)).toBe(true)
    const { headers } = read
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(files.pdf.length),
      'content-disposition': `attachment; filename="Ordonnance d__t_ _1_.pdf"; filename*=UTF-8''Ordonnance%20d%E2%80%99%C3%A9t%C3%A9%20%281%29.pdf`,
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(problemOf(await stranger(path))).toEqual({ status: 404, code: 'threadUnknown' })
    const other = path.replace(document.documentId, crypto.randomUUID())
    expect(problemOf(await nurse(other))).toEqual({ status: 404, code: 'documentUnknown' })
    await doctor(`/threads/${threadId}/posts/${postId}/withdraw`, { body: { reason: 'mistake' } })
    expect(problemOf(await nurse(path))).toEqual({ status: 404, code: 'documentUnknown' })
  })

  test('sent again is the same, and another one does not take its place', async () => {
    const documentId = crypto.randomUUID()
    const first = await send(bytesOf(files.pdf), { documentId })
    expect(await send(bytesOf(files.pdf), { documentId })).toEqual(first)
    expect(problemOf(await send(bytesOf(files.jpeg), { documentId }))).toEqual({
      status: 409,
      code: 'documentIdReused',
    })
  })

  test.each([
    ['a program that is called a PDF', files.exe, 'application/pdf', 'application/x-msdownload'],
    ['a page that is called a PDF', files.html, 'application/pdf', 'text/html'],
    ['a page that begins as a PDF', files.polyglot, 'application/pdf', 'text/html'],
    ['a JPEG that is called a PNG', files.jpeg, 'image/png', 'image/jpeg'],
    ['a text that ends in a program', Buffer.concat([Buffer.alloc(100_000, 'a'), files.exe]), 'text/plain', 'unknown'],
  ])('that is in disguise is refused: %s', async (_, file, type, seen) => {
    const before = [await stored(), await chunks()]
    const answer = await send(bytesOf(file), { type })
    expect(answer.body.seen).toBe(seen)
    expect(problemOf(answer)).toEqual({ status: 415, code: 'attachmentRefused' })
    expect([await stored(), await chunks()]).toEqual(before)
  })

  test('without a byte is none', async () => {
    expect(problemOf(await send(new Uint8Array()))).toEqual({ status: 400, code: 'attachmentEmpty' })
  })

  test('is for a patient or a thread that one takes part in', async () => {
    const token = `Bearer ${await tokenFor(person(outsider))}`
    const unknown = { status: 404, code: 'ownerUnknown' }
    expect(problemOf(await send(bytesOf(files.pdf), { token }))).toEqual(unknown)
    expect(problemOf(await send(bytesOf(files.pdf), { owner: crypto.randomUUID() }))).toEqual(unknown)
    expect(problemOf(await send(bytesOf(files.pdf), { owner: threadId }))).toEqual(unknown)
    const group = await open(doctor, { kind: 'group', members: [] })
    expect((await send(bytesOf(files.pdf), { owner: group })).status).toBe(200)
    expect(problemOf(await send(bytesOf(files.pdf), { owner: group, token }))).toEqual(unknown)
  })

  test('of another patient, or that is not as it is said to be, is not attached', async () => {
    const other = await admit()
    const { body: theirs } = await send(bytesOf(files.pdf), { owner: other.patientId })
    const { body: own } = await send(bytesOf(files.pdf))
    const attached = async (document: object, fileName = 'a.pdf') =>
      problemOf((await write(doctor, threadId, { attachments: [{ document, fileName }] })).answer)
    const refused = { status: 422, code: 'attachmentUnknown' }
    expect(await attached(theirs)).toEqual(refused)
    expect(await attached({ ...own, documentId: crypto.randomUUID() })).toEqual(refused)
    expect(await attached({ ...own, mediaType: 'text/html' }, 'a.html')).toEqual(refused)
    expect(await attached({ ...own, size: 1 })).toEqual(refused)
    expect(await attached(own, 'a.exe')).toEqual({ status: 422, code: 'fileNameMisleading' })
  })

  test.each([
    ['a path', '../../etc/passwd.pdf'],
    ['a path of Windows', 'C:\\temp\\a.pdf'],
    ['two lines', 'a\r\nset-cookie: x.pdf'],
    ['a NUL', 'a\u0000.pdf'],
    ['text that is turned around', 'ordonnance\u202Efdp.exe'],
    ['something invisible', 'a\u200B.pdf'],
    ['half a character', 'a\uD83D.pdf'],
    ['nothing', ''],
    ['a quotation mark', 'a".pdf'],
    ['too many characters', `${'x'.repeat(117)}.pdf`],
  ])('is not called by %s', async (_, fileName) => {
    const { answer } = await attach(files.pdf, fileName)
    expect(problemOf(answer)).toEqual({ status: 400, code: 'invalidBody' })
  })

  test('is called as people call their files', async () => {
    const { answer } = await attach(files.jpeg, 'Plaie – côté gauche 📷 (2).JPG')
    expect(answer.status).toBe(204)
  })
})

/** PDF bytes, part by part, as many as asked for. */
async function* longPdf(size: number, until?: Promise<void>): AsyncGenerator<Uint8Array> {
  yield files.pdf
  for (let sent = files.pdf.length; sent < size; sent += 65_536) {
    if (until && sent > size / 2) await until
    yield randomBytes(Math.min(65_536, size - sent))
  }
}

describe('a long file', () => {
  test('of the largest size is taken in and given back with the memory of a short one', async () => {
    // Without sockets: what the client of this process holds would count.
    const memory = memoryInUse()
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization, 'content-type': 'application/pdf' }
      return service.app.request(path, { headers, duplex: 'half', ...init })
    }
    const body = ReadableStream.from(watched(longPdf(LIMIT), memory.look))
    const document = JSON.parse(await (await ask(pathOf({}), { method: 'POST', body })).text())
    expect(document.size).toBe(LIMIT)
    const { postId } = await write(doctor, threadId, { attachments: [{ document, fileName: 'a.pdf' }] })
    const read = await ask(`/threads/${threadId}/posts/${postId}/attachments/${document.documentId}`)
    const hash = createHash('sha256')
    for await (const part of watched(read.body ?? [], memory.look)) hash.update(part)
    expect(hash.digest('hex')).toBe(document.sha256)
    expect(memory.rise()).toBeLessThan(LIMIT / 2)
  })

  test('one byte longer is refused, whatever it said of its length, and nothing of it is left', async () => {
    const before = [await stored(), await chunks()]
    const streamed = await send(ReadableStream.from(longPdf(LIMIT + 1)))
    expect(problemOf(streamed)).toEqual({ status: 413, code: 'attachmentTooLarge' })
    const announced = await announcing(LIMIT + 1)
    expect(problemOf(announced)).toEqual({ status: 413, code: 'attachmentTooLarge' })
    expect([await stored(), await chunks()]).toEqual(before)
  })

  test('that is cut on its way leaves nothing', async () => {
    const before = [await stored(), await chunks()]
    const sending = request(`${base}${pathOf({})}`, {
      method: 'POST',
      headers: { authorization, 'content-length': 5_000_000 },
    })
    sending.on('error', () => {})
    sending.write(Buffer.concat([files.pdf, randomBytes(2_000_000)]))
    await waitUntil(async () => (await chunks()) > (before[1] ?? 0), 'a part of the file to be kept')
    sending.destroy()
    await waitUntil(async () => (await chunks()) === before[1], 'what was kept to be removed')
    expect(await stored()).toBe(before[0])
  })

  test('does not hold up the others while it comes slowly', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow = send(ReadableStream.from(longPdf(2_000_000, promise)))
    expect((await send(bytesOf(files.jpeg))).status).toBe(200)
    resolve()
    expect((await slow).status).toBe(200)
  })

  test('is not read ahead of who downloads it', async () => {
    const { document, postId } = await attach(Buffer.concat([files.pdf, randomBytes(10_000_000)]), 'a.pdf')
    const path = `/threads/${threadId}/posts/${postId}/attachments/${document.documentId}`
    const response = await service.app.request(path, { headers: { authorization } })
    const reader = response.body?.getReader()
    await reader?.read()
    // Were it read ahead, what is gone from the vault now would still arrive.
    await adapters.vault.forget(patientId)
    const all = async () => {
      while (!(await reader?.read())?.done) continue
    }
    await expect(all()).rejects.toThrow(OwnerForgotten)
  })
})

async function announcing(length: number) {
  const headers = { authorization, 'content-length': String(length), 'content-type': 'application/pdf' }
  const body = ReadableStream.from([files.pdf])
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  const response = await service.app.request(pathOf({}), init)
  return { status: response.status, body: JSON.parse(await response.text()) }
}

test('a length that is not that of the file is a file that was cut', async () => {
  const group = await open(doctor, { kind: 'group', members: [] })
  const headers = { authorization, 'content-length': '99999', 'content-type': 'application/pdf' }
  const init = { method: 'POST', headers, body: ReadableStream.from([files.pdf]), duplex: 'half' } as RequestInit
  const response = await service.app.request(pathOf({ owner: group }), init)
  expect(problemOf({ status: response.status, body: JSON.parse(await response.text()) })).toEqual({
    status: 400,
    code: 'attachmentCut',
  })
})

async function* watched(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, look: () => void) {
  let passed = 0
  for await (const part of bytes) {
    const before = passed
    passed += part.length
    if (Math.floor(passed / 2_000_000) > Math.floor(before / 2_000_000)) look()
    yield part
  }
}

/** How much more memory is held by buffers, at most, than at the beginning; what nobody holds any more is collected. */
function memoryInUse() {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held = () => {
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const before = held()
  let most = before
  return { look: () => void (most = Math.max(most, held())), rise: () => most - before }
}
