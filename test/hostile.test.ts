import { randomUUID } from 'node:crypto'
import { connectChannels } from '@relais/channels/client'
import { CloseCode } from '@relais/contracts/channels'
import { Problem } from '@relais/contracts/http'
import { pamBytes, pamMessage } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { encodeFrame } from '@relais/hl7v2/mllp/frames'
import { startRelais, type RunningRelais } from '@relais/testkit/relais'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ask, findPatient, gp, nurse, pathwayOf, tokenFor } from './people.fixture.ts'
import { rawHospital, rawSocket, welcomedSocket } from './sockets.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let platform: RunningRelais
let nurseToken: string
beforeAll(async () => {
  platform = await startRelais()
  nurseToken = await tokenFor(platform, nurse)
})

/** An admission of a patient of its own. */
const admissionOf = (ipp: string) => pamBytes({ ipp, visit: `V${ipp}`, movement: `M${ipp}` })
const framed = (ipp: string) => encodeFrame(admissionOf(ipp))
const cut = (ipp: string) => framed(ipp).subarray(0, 300)

async function entriesOf(ipp: string) {
  const patientId = await waitUntil(() => findPatient(platform, nurseToken, ipp), `patient ${ipp} to be known`)
  return (await pathwayOf(platform, nurseToken, patientId)).entries.map(({ kind }) => kind)
}

describe('a hospital’s software at its worst', () => {
  test('a frame that another one interrupts is refused, and the other one is taken in', async () => {
    const hospital = await rawHospital(platform.mllp)
    hospital.write(cut('1001'))
    hospital.write(framed('1002'))
    expect(await hospital.answers(2)).toMatchObject([
      { code: 'AR', controlId: 'A01-M1001', errors: [{ text: expect.stringContaining('send the message again') }] },
      { code: 'AA', controlId: 'A01-M1002' },
    ])
    hospital.write(framed('1001'))
    expect((await hospital.answers(3))[2]).toMatchObject({ code: 'AA', controlId: 'A01-M1001' })
    expect([await entriesOf('1001'), await entriesOf('1002')]).toEqual([['admission'], ['admission']])
  })

  test('a connection that ends within a frame is told so before it is closed', async () => {
    const hospital = await rawHospital(platform.mllp)
    hospital.end(cut('1003'))
    expect(await hospital.answers(1)).toMatchObject([{ code: 'AR', controlId: 'A01-M1003' }])
    await waitUntil(hospital.hasEnded, 'the connection to end')
  })

  test('five megabytes are refused by size, and the connection lives on', async () => {
    const hospital = await rawHospital(platform.mllp)
    const large = `${pamMessage({ movement: 'M1004' })}NTE|1||${'x'.repeat(5 * 1024 * 1024)}\r`
    hospital.write(encodeFrame(Buffer.from(large)))
    hospital.write(framed('1005'))
    expect(await hospital.answers(2)).toMatchObject([
      { code: 'AR', controlId: 'A01-M1004', errors: [{ text: expect.stringContaining('larger') }] },
      { code: 'AA', controlId: 'A01-M1005' },
    ])
    expect(await entriesOf('1005')).toEqual(['admission'])
  })

  test('what stands between frames is skipped', async () => {
    const hospital = await rawHospital(platform.mllp)
    hospital.write(framed('1006'))
    await hospital.answers(1)
    hospital.write('\r\nline noise\r\n')
    hospital.write(framed('1007'))
    expect(await hospital.answers(2)).toMatchObject([
      { code: 'AA', controlId: 'A01-M1006' },
      { code: 'AA', controlId: 'A01-M1007' },
    ])
    expect([await entriesOf('1006'), await entriesOf('1007')]).toEqual([['admission'], ['admission']])
  })

  test('whoever speaks another protocol is not listened to', async () => {
    const browser = await rawHospital(platform.mllp)
    browser.write('GET / HTTP/1.1\r\nHost: relais\r\n\r\n')
    expect(await waitUntil(browser.isClosed, 'the connection to be cut')).toBe(true)
  })

  test('a frame that holds no message is kept in quarantine', async () => {
    const hospital = await rawHospital(platform.mllp)
    hospital.write(encodeFrame(Buffer.from('the printer is out of paper')))
    const [answer] = await hospital.answers(1)
    expect(answer).toMatchObject({ code: 'AE' })
    const operator = await tokenFor(platform, { id: 'ch-essai:operator', role: 'operateur' })
    const held = () => ask(platform, operator, { path: '/quarantine' })
    await waitUntil(async () => JSON.stringify((await held()).body).includes('"waiting"'), 'the frame to be listed')
  })
})

describe('people who may not', () => {
  const problemOf = async (token: string, patientId: string) =>
    Problem.parse((await ask(platform, token, { path: `/pathways/${patientId}` })).body)

  test('a patient of others looks like a patient nobody knows', async () => {
    const hospital = mllpClient({ ...platform.mllp, timeoutMilliseconds: 10_000 })
    await hospital.send(admissionOf('2001'))
    hospital.close()
    const patientId = await waitUntil(() => findPatient(platform, nurseToken, '2001'), 'the patient to be known')
    const stranger = await tokenFor(platform, gp)
    const { instance, ...foreign } = await problemOf(stranger, patientId)
    const { instance: another, ...unknown } = await problemOf(stranger, randomUUID())
    expect([instance, another]).not.toContain(patientId)
    expect(foreign).toMatchObject({ status: 404 })
    expect(foreign).toEqual(unknown)
    expect(await findPatient(platform, stranger, '2001')).toBeUndefined()

    const socket = await welcomedSocket(platform.url, stranger)
    socket.say({ type: 'subscribe', id: 'theirs', channel: `patient/${patientId}` })
    expect(await socket.heard('ended')).toEqual({ type: 'ended', id: 'theirs', reason: 'forbidden' })
  })

  test('a token that ends takes its session and its requests with it', async () => {
    const short = await tokenFor(platform, nurse, 1)
    const asked = { path: `/pathways/${randomUUID()}` }
    expect((await ask(platform, short, asked)).status).toBe(404)
    const socket = await welcomedSocket(platform.url, short)
    expect(await socket.closed).toBe(CloseCode.unauthorised)
    const refusal = await waitUntil(async () => {
      const answer = await ask(platform, short, asked)
      return answer.status === 401 && answer
    }, 'the token to be refused')
    expect(refusal.body).toMatchObject({ type: 'urn:relais:problem:tokenExpired', status: 401 })
    const late = await rawSocket(platform.url)
    late.say({ type: 'hello', token: short })
    expect(await late.closed).toBe(CloseCode.unauthorised)
  })

  test.for([
    ['no JSON', 'hello?'],
    ['a frame of another protocol', '{"type":"join"}'],
    ['a frame with more in it', '{"type":"ping","now":true}'],
    ['a channel that is none', '{"type":"subscribe","id":"1","channel":"everything"}'],
    ['bytes', Buffer.from('{"type":"ping"}')],
    ['a second hello', '{"type":"hello","token":"again"}'],
  ] as const)('%s ends a session as unreadable', async ([, frame]) => {
    const socket = await welcomedSocket(platform.url, nurseToken)
    socket.write(frame)
    expect(await socket.closed).toBe(CloseCode.unreadable)
  })

  test('whoever does not say hello first is not let in', async () => {
    const socket = await rawSocket(platform.url)
    socket.say({ type: 'subscribe', id: '1', channel: 'ward/4101' })
    expect(await socket.closed).toBe(CloseCode.unauthorised)
    expect(socket.frames).toEqual([])
  })
})

describe('a client that does not read', () => {
  /** Each entry goes to each of them, so that a full buffer takes few messages. */
  const boards = Array.from({ length: 100 }, (_, n) => `board-${n}`)

  /** What each board was sent on this socket: ids of entries, and the last cursor. */
  function heardBy({ frames }: Awaited<ReturnType<typeof welcomedSocket>>) {
    const heard = new Map(
      boards.map((id) => [id, { entries: [] as string[], cursor: undefined as string | undefined }]),
    )
    for (const frame of frames) {
      const board = 'id' in frame ? heard.get(frame.id) : undefined
      if (!board || (frame.type !== 'entry' && frame.type !== 'caughtUp')) continue
      if (frame.type === 'entry') board.entries.push(frame.entry.entryId)
      board.cursor = frame.cursor ?? board.cursor
    }
    return heard
  }

  async function allBoards(
    socket: Awaited<ReturnType<typeof welcomedSocket>>,
    after: (id: string) => string | undefined,
  ) {
    for (const id of boards) {
      const cursor = after(id)
      socket.say({ type: 'subscribe', id, channel: 'ward/4102', ...(cursor === undefined ? {} : { after: cursor }) })
    }
    const areCaughtUp = () => socket.frames.filter(({ type }) => type === 'caughtUp').length === boards.length
    await waitUntil(areCaughtUp, 'every board to be caught up')
  }

  test('is cut, and comes back to exactly what it missed', async () => {
    const token = await tokenFor(platform, { ...nurse, wards: ['4102'] })
    const url = `${platform.url.replace('http', 'ws')}/channels`
    const reader = connectChannels({ url, token: async () => token })
    const read: string[] = []
    reader.subscribe('ward/4102', { onEntry: ({ entry }) => void read.push(entry.entryId) })
    const socket = await welcomedSocket(platform.url, token)
    await allBoards(socket, () => undefined)
    socket.pause()

    const hospital = mllpClient({ ...platform.mllp, timeoutMilliseconds: 20_000 })
    const isCut = () => platform.logs().includes(`"closeCode":${CloseCode.slowConsumer}`)
    let sent = 0
    const admit = async () => {
      const ipp = String(3000 + sent)
      await hospital.send(pamBytes({ ipp, visit: `V${ipp}`, movement: `M${ipp}`, ward: '4102' }))
      sent += 1
    }
    while (!isCut() && sent < 1000) await admit()
    await admit()
    hospital.close()
    expect(isCut()).toBe(true)
    socket.resume()
    // 1006 where the close frame waited too long behind what was not read.
    expect([CloseCode.slowConsumer, 1006]).toContain(await socket.closed)

    await waitUntil(() => read.length >= sent, 'the client that reads to have everything')
    reader.close()
    const before = heardBy(socket)
    const back = await welcomedSocket(platform.url, token)
    await allBoards(back, (id) => before.get(id)?.cursor)
    const after = heardBy(back)
    expect(read).toHaveLength(sent)
    for (const id of boards) {
      expect(before.get(id)?.entries.length).toBeLessThan(sent)
      expect([...(before.get(id)?.entries ?? []), ...(after.get(id)?.entries ?? [])]).toEqual(read)
    }
  })
})
