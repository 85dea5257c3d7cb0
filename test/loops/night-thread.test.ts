import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { ThreadView } from '@relais/contracts/conversation-routes'
import { DocumentRef, type Instant } from '@relais/contracts/primitives'
import { dayAfter, instantAt, localDate } from '@relais/deadlines/local-date'
import { afterTestFile } from '@relais/testkit/cleanup'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import {
  following,
  inhabitant,
  type Inhabitant,
  ofTheWard,
  openTown,
  PARIS,
  type Town,
  WARD_QUEUE,
} from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const EHPAD = '990000028'
const threadId = crypto.randomUUID()
const thread = `/threads/${threadId}`
const [evening, late, files, urgent] = Array.from({ length: 4 }, () => crypto.randomUUID())
const letter = Buffer.from('Traitement de sortie, à revoir avec le pharmacien.\n'.repeat(4000))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

type Followed = Awaited<ReturnType<Inhabitant['follows']>>

let town: Town
let nurse: Inhabitant
let carer: Inhabitant
let patientId: string
let document: DocumentRef
let network: Awaited<ReturnType<typeof networkTo>>
let station: Followed
let phone: Followed
let ward: Followed
/** What the station of the EHPAD was given in the evening, and up to where. */
let kept: { entries: readonly ChannelEntry[]; cursor: string | undefined }

/** The way from the EHPAD to the platform, which may be cut: nobody says goodbye then. */
async function networkTo(url: string) {
  const { hostname: host, port } = new URL(url)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect({ host, port: Number(port) })
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one)
      // Being cut is what it is for.
      one.on('error', () => {}).once('close', () => other.destroy())
      one.pipe(other)
    }
    if (isCut) near.destroy()
  })
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  afterTestFile(() => {
    cut()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens on a port.
  const address = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${address.port}`, cut, mend: () => (isCut = false) }
}

const atTheStation = (after?: string) =>
  following(`${network.url}/channels`, { token: carer.token, channel: `thread/${threadId}`, after })
const posted = (entry: ChannelEntry) => entry.kind === 'post' && entry.change === 'posted' && entry
const postsOf = (entries: readonly ChannelEntry[]) => entries.map(posted).filter((entry) => entry !== false)
const news = (entry: ChannelEntry) => entry.kind === 'threadNews' && entry
const writes = (postId: string | undefined, body: object) => nurse.says('POST', `${thread}/posts/${postId}`, body)
const readUpTo = (postId: string | undefined) => (entry: ChannelEntry) =>
  entry.kind === 'threadReceipt' && entry.receipt === 'read' && entry.upTo === postId && entry

let firstDay: string
const at = (days: number, time: string): Instant => instantAt(dayAfter(firstDay, days), time, PARIS)

async function sendsLetter(): Promise<DocumentRef> {
  const url = new URL(`/attachments?owner=${patientId}&documentId=${crypto.randomUUID()}`, town.platform.url)
  const headers = { authorization: `Bearer ${nurse.token}`, 'content-type': 'text/plain' }
  const answered = await fetch(url, { method: 'POST', headers, body: letter })
  return DocumentRef.parse(await answered.json())
}

beforeAll(async () => {
  town = await openTown()
  nurse = await town.as(ofTheWard('claire'))
  carer = await town.as({ id: 'ehpad-essai:lea', role: 'ehpad', organisation: EHPAD })
  network = await networkTo(town.platform.url)
  firstDay = dayAfter(localDate(await town.now(), PARIS), 1)
  await town.moveTo(at(0, '14:00'))
  const patient = inhabitant(9)
  await town.sends({ ...patient, movement: 'N1' })
  patientId = await town.idOf(patient.ipp)
  await waitUntil(async () => (await town.pathway(nurse, patientId)).entries.length > 0, 'the ward to see the patient')
  await nurse.says('POST', thread, {
    kind: 'wardCommunity',
    title: 'Retour de demain',
    patientId,
    members: [WARD_QUEUE, `finess:${EHPAD}`, carer.id],
  })
  await carer.says('PUT', '/threads/preferences', {
    muted: [],
    quietHours: { from: '21:00', to: '06:30', zone: PARIS },
    digest: true,
  })
  phone = await carer.follows(`inbox/${carer.id}`)
  ward = await nurse.follows(`thread/${threadId}`)
  station = await atTheStation()
})

test('in the evening what the ward writes is there at once, and the ward sees how far it was read', async () => {
  await town.moveTo(at(0, '20:00'))
  await writes(evening, { text: 'Retour prévu demain vers 11 h.' })
  expect(await station.hears(posted, 'the message')).toMatchObject({
    postId: evening,
    text: 'Retour prévu demain vers 11 h.',
  })
  await carer.says('POST', `${thread}/read`, { upTo: evening })
  expect(await ward.hears(readUpTo(evening), 'that it was read')).toMatchObject({ by: carer.id })
})

test('the network of the EHPAD is lost: what is written meanwhile is kept, with its file, byte for byte', async () => {
  await town.moveTo(at(0, '20:50'))
  const writing = writes(late, { text: 'Le pansement est refait.' })
  network.cut()
  await writing
  kept = { entries: [...station.entries], cursor: station.cursor() }
  station.close()
  await town.moveTo(at(0, '22:30'))
  document = await sendsLetter()
  expect(document).toMatchObject({ size: letter.length, sha256: sha256(letter) })
  const attachments = [{ document, fileName: 'traitement.txt' }]
  await writes(files, { text: 'Le traitement de sortie.', attachments })
})

test('nobody is woken for that, but at once for what is urgent', async () => {
  await town.moveTo(at(1, '02:00'))
  await writes(urgent, { text: 'Chute cette nuit : retour suspendu.', urgent: true })
  const alert = await phone.hears(news, 'the alert')
  expect(alert).toMatchObject({ alert: 'now', because: 'urgent', postId: urgent, threads: [{ threadId, unread: 1 }] })
})

test('as the quiet hours end, one digest says how much is unread', async () => {
  await town.moveTo(at(1, '06:29'))
  expect(phone.entries.filter(news)).toHaveLength(1)
  await town.moveTo(at(1, '06:30'))
  const isDigest = (entry: ChannelEntry) => entry.kind === 'threadNews' && entry.alert === 'digest' && entry
  const digest = await phone.hears(isDigest, 'the digest')
  expect(digest).toMatchObject({ because: 'quietHours', threads: [{ threadId, unread: 3 }] })
  expect(digest.happenedAt >= at(1, '06:30')).toBe(true)
})

test('back in the morning with its cursor, the EHPAD has each message once, in order', async () => {
  network.mend()
  station = await atTheStation(kept.cursor)
  const all = postsOf([...kept.entries, ...station.entries])
  expect(all.map(({ postId }) => postId)).toEqual([evening, late, files, urgent])
  expect(all.map(({ text }) => text)).toEqual([
    'Retour prévu demain vers 11 h.',
    'Le pansement est refait.',
    'Le traitement de sortie.',
    'Chute cette nuit : retour suspendu.',
  ])
  expect(postsOf(kept.entries).map(({ postId }) => postId)).not.toContain(files)
  const received = all.find(({ postId }) => postId === files)?.attachments
  expect(received).toEqual([{ document, fileName: 'traitement.txt' }])
})

test('the file is the one that was sent, and the ward sees that all was read', async () => {
  const url = new URL(`${thread}/posts/${files}/attachments/${document.documentId}`, network.url)
  const answered = await fetch(url, { headers: { authorization: `Bearer ${carer.token}` } })
  expect(answered.status).toBe(200)
  expect(sha256(await answered.bytes())).toBe(document.sha256)
  await carer.says('POST', `${thread}/read`, { upTo: urgent })
  expect(await ward.hears(readUpTo(urgent), 'that all was read')).toMatchObject({ by: carer.id })
  const { marks } = await nurse.reads(ThreadView, thread)
  expect(marks.find(({ by }) => by === carer.id)?.read).toMatchObject({ upTo: urgent })
  await town.moveTo(at(2, '06:30'))
  await town.moveTo(at(2, '12:00'))
  await writes(crypto.randomUUID(), { text: 'Merci.', urgent: true })
  await waitUntil(() => phone.entries.filter(news).length > 2, 'another alert')
  expect(phone.entries.map(news).flatMap((entry) => (entry ? [entry.alert] : []))).toEqual(['now', 'digest', 'now'])
})
