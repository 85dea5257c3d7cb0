import { postEvents } from '@relais/contracts/conversations'
import { derivedUuid } from '@relais/events/derived-uuid'
import { StayEvent } from '@relais/contracts/stays'
import { newStay, moved, type Stay } from '@relais/runtime/stay-facts.fixture'
import { describe, expect, test } from 'vitest'
import {
  after,
  type Ask,
  gp,
  homeNurse,
  open,
  openConversations,
  outsider,
  problemOf,
  WARD,
  wardNurse,
  write,
} from '../conversations.fixture.ts'

const conversations = await openConversations()
const { admit, as, adapters } = conversations
const [doctor, nurse, ward] = [await as(gp), await as(homeNurse), await as(wardNurse)]
const stay = await admit()
const threadId = await open(doctor, { kind: 'patient', patientId: stay.patientId })
const group = (ask: Ask, ...members: string[]) => open(ask, { kind: 'group', members })
const postsIn = async (ask: Ask, thread: string) => (await ask(`/threads/${thread}/posts`)).body.posts
const refusedFor = async (said: Record<string, unknown>, thread = threadId, ask = doctor) =>
  problemOf((await write(ask, thread, said)).answer)
const at = (position: number) => ({ headers: { 'relais-position': `${adapters.epoch}:${position}` } })

describe('a message', () => {
  test('sent twice at once is one, also when the second comes with another text', async () => {
    const postId = crypto.randomUUID()
    const thread = await group(doctor)
    const send = (text: string) => doctor(`/threads/${thread}/posts/${postId}`, { body: { text } })
    const statuses = (await Promise.all([send('Un'), send('Un'), send('Un')])).map(({ status }) => status)
    expect(statuses).toEqual([204, 204, 204])
    const other = await send('Deux')
    expect(problemOf(other)).toEqual({ status: 409, code: 'postIdReused' })
    await doctor('/threads', after(await send('Un')))
    expect(await postsIn(doctor, thread)).toMatchObject([{ postId, text: 'Un' }])
  })

  test('keeps its id to its thread', async () => {
    const { postId } = await write(doctor, threadId, 'Ici')
    const thread = await group(doctor)
    const answer = await doctor(`/threads/${thread}/posts/${postId}`, { body: { text: 'Ici' } })
    expect(problemOf(answer)).toEqual({ status: 409, code: 'postIdReused' })
  })

  test('whose text was kept for another thread, and never said there, does not borrow it', async () => {
    const postId = crypto.randomUUID()
    const kept = { owner: await group(doctor), documentId: derivedUuid('message', postId), mediaType: 'text/plain' }
    await adapters.vault.put({ ...kept, bytes: Buffer.from('Ici') })
    const answer = await doctor(`/threads/${threadId}/posts/${postId}`, { body: { text: 'Ici' } })
    expect(problemOf(answer)).toEqual({ status: 409, code: 'postIdReused' })
  })

  test('answers another of the same thread', async () => {
    const { postId: replyTo } = await write(doctor, threadId, 'Question')
    const { answer } = await write(nurse, threadId, { text: 'Réponse', replyTo })
    await doctor('/threads', after(answer))
    expect((await postsIn(doctor, threadId))[0]).toMatchObject({ text: 'Réponse', replyTo })
    const elsewhere = await group(doctor)
    expect(await refusedFor({ replyTo }, elsewhere)).toEqual({ status: 422, code: 'replyUnknown' })
    expect((await write(doctor, elsewhere, { replyTo })).answer.body).toMatchObject({
      errors: [{ pointer: '/replyTo' }],
    })
    expect(await refusedFor({ replyTo: crypto.randomUUID() })).toEqual({ status: 422, code: 'replyUnknown' })
  })

  test.each([
    ['nothing', ''],
    ['blanks only', ' \n\t '],
    ['more than ten thousand characters', 'x'.repeat(10_001)],
    ['a character that is none', 'a\u0000b'],
  ])('that says %s is refused', async (_, text) => {
    expect(await refusedFor({ text })).toEqual({ status: 400, code: 'invalidBody' })
  })

  test('of ten thousand characters, on many lines, is kept as it was written', async () => {
    const text = 'é\n\t😀'.padEnd(10_000, 'x')
    const thread = await group(doctor)
    const { answer } = await write(doctor, thread, text)
    await doctor('/threads', after(answer))
    expect(await postsIn(doctor, thread)).toMatchObject([{ text }])
  })

  test('stands in the log and in the views without its words', async () => {
    const { answer } = await write(doctor, threadId, 'Anticoagulant arrêté')
    await doctor('/threads', after(answer))
    for await (const { data } of conversations.store.readAll()) expect(JSON.stringify(data)).not.toMatch(/anticoag/i)
    const { db } = await adapters.openViews<{ post: { content: string } }>('conversations')
    const rows = await db.selectFrom('post').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/anticoag/i)
    expect(conversations.lines.join('\n')).not.toMatch(/anticoag/i)
  })

  test('is given another text by its author alone; each text stays on record', async () => {
    const { postId } = await write(doctor, threadId, 'Premier')
    const path = `/threads/${threadId}/posts/${postId}`
    const edit = (ask: Ask, text: string, editId: string = crypto.randomUUID()) =>
      ask(path, { method: 'PUT', body: { editId, text } })
    expect(problemOf(await edit(nurse, 'x'))).toEqual({ status: 403, code: 'notAuthor' })
    const editId = crypto.randomUUID()
    expect((await edit(doctor, 'Deuxième', editId)).status).toBe(204)
    expect(problemOf(await edit(doctor, 'Autre', editId))).toEqual({ status: 409, code: 'editIdReused' })
    const last = await edit(doctor, 'Premier')
    await edit(doctor, 'Deuxième', editId)
    const { body } = await nurse(path, after(last))
    expect(body).toMatchObject({ text: 'Premier', editedAt: expect.any(String) })
    expect(body.versions.map(({ text }: { text: string }) => text)).toEqual(['Premier', 'Deuxième', 'Premier'])
  })

  test('changed on two devices at once keeps both changes', async () => {
    const { postId } = await write(doctor, threadId, 'Avant')
    const path = `/threads/${threadId}/posts/${postId}`
    const texts = ['Un', 'Deux', 'Trois']
    const edits = texts.map((text) => doctor(path, { method: 'PUT', body: { editId: crypto.randomUUID(), text } }))
    const answers = await Promise.all(edits)
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204])
    for (const answer of answers) await doctor('/threads', after(answer))
    const { versions, text } = (await doctor(path)).body
    const known = versions.map((version: { text: string }) => version.text)
    expect(known.toSorted()).toEqual(['Avant', ...texts].toSorted())
    expect(text).toBe(known.at(-1))
  })

  test('withdrawn by its author says nothing any more, in none of its texts, and stays visible as such', async () => {
    const { postId } = await write(doctor, threadId, 'Mauvais dossier')
    const path = `/threads/${threadId}/posts/${postId}`
    const withdrawal = { body: { reason: 'wrongPatient' } }
    expect(problemOf(await nurse(`${path}/withdraw`, withdrawal))).toEqual({ status: 403, code: 'notAuthor' })
    const answer = await doctor(`${path}/withdraw`, withdrawal)
    const { body } = await nurse(path, after(answer))
    expect(body).toMatchObject({ withdrawn: { reason: 'wrongPatient' }, versions: [] })
    expect(body.text).toBeUndefined()
    const edit = { editId: crypto.randomUUID(), text: 'x' }
    expect(problemOf(await doctor(path, { method: 'PUT', body: edit }))).toEqual({ status: 409, code: 'postWithdrawn' })
  })

  test('that nobody wrote here is unknown', async () => {
    const missing = { status: 404, code: 'postUnknown' }
    const path = `/threads/${threadId}/posts/${crypto.randomUUID()}`
    expect(problemOf(await doctor(path))).toEqual(missing)
    expect(problemOf(await doctor(`${path}/withdraw`, { body: { reason: 'other' } }))).toEqual(missing)
    const { postId } = await write(doctor, await group(doctor))
    expect(problemOf(await doctor(`/threads/${threadId}/posts/${postId}`))).toEqual(missing)
    expect(problemOf(await doctor(`/threads/${threadId}/read`, { body: { upTo: postId } }))).toEqual(missing)
  })
})

describe('a quote', () => {
  const idOf = async (of: Stay, type: string) => {
    for await (const recorded of conversations.store.readStream(`stay-${of.stayId}`, {}))
      if (recorded.type.startsWith(type)) return recorded.id
    throw new Error(`No ${type}`)
  }

  test('names an entry of the patient’s pathway', async () => {
    const eventId = await idOf(stay, 'PatientAdmitted')
    const { answer } = await write(nurse, threadId, { quotes: [{ eventId }] })
    expect(answer.status).toBe(204)
  })

  test('of another patient, of nothing, or in a thread about nobody is refused', async () => {
    const other = await admit()
    const eventId = await idOf(other, 'PatientAdmitted')
    const refused = { status: 422, code: 'quoteUnknown' }
    expect(await refusedFor({ quotes: [{ eventId }] })).toEqual(refused)
    expect(await refusedFor({ quotes: [{ eventId: crypto.randomUUID() }] })).toEqual(refused)
    const own = await idOf(stay, 'PatientAdmitted')
    expect(await refusedFor({ quotes: [{ eventId: own }] }, await group(doctor))).toEqual(refused)
  })

  test('of a confidential stay is for those who may see it', async () => {
    const secret = newStay(stay.patientId)
    await conversations.ofStay(moved('PatientAdmitted', secret, { number: 'S1' }))
    const said = { confidential: true, reason: 'patientRequest', changedAt: adapters.now(), wards: [] }
    const event = StayEvent.parse({ type: 'ConfidentialityChanged', data: { ...secret, ...said } })
    await doctor('/threads', at(await conversations.ofStay(event)))
    const quotes = [{ eventId: await idOf(secret, 'PatientAdmitted') }]
    expect(await refusedFor({ quotes })).toEqual({ status: 422, code: 'quoteUnknown' })
    expect((await write(ward, threadId, { quotes })).answer.status).toBe(204)
  })
})

describe('who is alerted', () => {
  const alerts = async () => {
    const found = []
    for await (const recorded of conversations.store.readAll()) {
      const decoded = await adapters.codecOf(postEvents).decode(recorded)
      if (decoded?.event?.type === 'PeopleAlerted') found.push(decoded.event.data)
    }
    return found
  }

  test('of what is urgent about a patient: the circle and the ward, and not the author', async () => {
    await write(doctor, threadId, { text: 'Chute', urgent: true })
    const last = (await alerts()).at(-1)
    expect(last).toMatchObject({ because: 'urgent' })
    expect(last?.recipients.toSorted()).toEqual([homeNurse.id, WARD].toSorted())
  })

  test('of a mention: the one who is named, in person, by role or as a team', async () => {
    await write(doctor, threadId, { mentions: [homeNurse.id] })
    expect((await alerts()).at(-1)).toMatchObject({ because: 'mention', recipients: [homeNurse.id] })
    await write(nurse, threadId, { mentionedRoles: ['medecin-traitant'], mentions: [WARD] })
    expect((await alerts()).at(-1)).toMatchObject({ because: 'mention', recipients: [WARD, gp.id] })
  })

  test('of a mention of somebody of the ward, who has written here', async () => {
    expect(
      await refusedFor(
        { mentions: [wardNurse.id] },
        await open(doctor, { kind: 'patient', patientId: stay.patientId }),
      ),
    ).toEqual({ status: 422, code: 'mentionOutside' })
    await doctor('/threads', after((await write(ward, threadId, 'Présente')).answer))
    expect((await write(doctor, threadId, { mentions: [wardNurse.id] })).answer.status).toBe(204)
  })

  test('nobody of an ordinary message, nor of one of whoever mentions himself', async () => {
    const before = (await alerts()).length
    await write(doctor, threadId, 'Rien de particulier')
    await write(doctor, threadId, { mentions: [gp.id] })
    expect(await alerts()).toHaveLength(before)
  })

  test('nobody outside of the thread', async () => {
    const outside = { status: 422, code: 'mentionOutside' }
    expect(await refusedFor({ mentions: [outsider.id] })).toEqual(outside)
    expect(await refusedFor({ mentionedRoles: ['pharmacien'] })).toEqual(outside)
    expect(await refusedFor({ mentions: [homeNurse.id] }, await group(doctor))).toEqual(outside)
    expect(await refusedFor({ mentionedRoles: ['infirmier'] }, await group(doctor))).toEqual(outside)
  })

  test('in a thread for everybody those who are named, and never all', async () => {
    const thread = await open(doctor, { kind: 'territory' })
    await write(doctor, thread, { mentions: [outsider.id] })
    expect((await alerts()).at(-1)).toMatchObject({ recipients: [outsider.id] })
    expect(await refusedFor({ urgent: true }, thread)).toEqual({ status: 422, code: 'urgentToEverybody' })
  })
})

describe('search', () => {
  const found = async (ask: Ask, q: string) =>
    (await ask(`/threads/search?q=${encodeURIComponent(q)}`)).body.posts.map(({ text }: { text: string }) => text)

  test('finds words whatever their accents, their case and their place, in one’s own threads only', async () => {
    const thread = await group(doctor, homeNurse.id)
    await write(doctor, thread, 'Œdème des chevilles, à réévaluer après l’été')
    const { postId } = await write(nurse, thread, 'Chevilles : œdème en baisse')
    await conversations.indexed()
    await doctor('/threads', after((await write(doctor, thread, 'x')).answer))
    expect(await found(nurse, 'CHEVILLES oedeme')).toEqual([
      'Chevilles : œdème en baisse',
      'Œdème des chevilles, à réévaluer après l’été',
    ])
    expect(await found(nurse, 'ete reevaluer')).toHaveLength(1)
    expect(await found(nurse, 'cheville')).toEqual([])
    expect(await found(ward, 'chevilles')).toEqual([])
    const edit = { editId: crypto.randomUUID(), text: 'Genou gonflé' }
    const edited = await nurse(`/threads/${thread}/posts/${postId}`, { method: 'PUT', body: edit })
    await conversations.indexed()
    await nurse('/threads', after(edited))
    expect(await found(nurse, 'baisse')).toEqual([])
    expect(await found(nurse, 'genou')).toEqual(['Genou gonflé'])
    await nurse(`/threads/${thread}/posts/${postId}/withdraw`, { body: { reason: 'mistake' } })
    await conversations.indexed()
    expect(await found(nurse, 'genou')).toEqual([])
  })

  test('goes page by page, and keeps no word in clear', async () => {
    const thread = await group(doctor)
    let last
    for (let n = 0; n < 5; n += 1) last = (await write(doctor, thread, `Glycémie n${n}`)).answer
    await conversations.indexed()
    const first = (await doctor('/threads/search?q=glycemie&limit=3', after(last as never))).body
    const second = (await doctor(`/threads/search?q=glycemie&limit=3&after=${first.next}`)).body
    const texts = [...first.posts, ...second.posts].map(({ text }: { text: string }) => text)
    expect(texts).toEqual(['Glycémie n4', 'Glycémie n3', 'Glycémie n2', 'Glycémie n1', 'Glycémie n0'])
    const elsewhere = await write(doctor, await group(doctor), 'Glycémie n0')
    await conversations.indexed()
    const { db } = await adapters.openViews<{ thread_word: { word: string; post_id: string } }>('conversations')
    const rows = await db.selectFrom('thread_word').selectAll().execute()
    expect(rows.every(({ word }) => /^[\w-]{43}$/.test(word))).toBe(true)
    const own = rows.filter(({ post_id }) => post_id === elsewhere.postId).map(({ word }) => word)
    const others = new Set(rows.filter(({ post_id }) => post_id !== elsewhere.postId).map(({ word }) => word))
    expect(own).toHaveLength(2)
    expect(own.filter((word) => others.has(word))).toEqual([])
    expect(problemOf(await doctor('/threads/search?q=x'))).toEqual({ status: 400, code: 'invalidQuery' })
    expect((await doctor('/threads/search?q=%21%21')).body).toEqual({ posts: [] })
  })
})

test('how far each has read is shown, and never goes back', async () => {
  const thread = await group(doctor, homeNurse.id)
  const [one, two] = [await write(doctor, thread, 'Un'), await write(doctor, thread, 'Deux')]
  const mark = (upTo: string, receipt = 'read') => nurse(`/threads/${thread}/read`, { body: { upTo, receipt } })
  await mark(two.postId, 'delivered')
  await mark(one.postId)
  const marks = [{ by: homeNurse.id, delivered: { upTo: two.postId }, read: { upTo: one.postId } }]
  await doctor('/threads', after(await mark(one.postId)))
  expect((await doctor(`/threads/${thread}`)).body).toMatchObject({ marks })
  const [phone, desk] = [crypto.randomUUID(), crypto.randomUUID()]
  const reached = (device: string, upTo: string) =>
    nurse(`/threads/${thread}/read`, { body: { upTo, receipt: 'delivered', device } })
  await reached(phone, two.postId)
  const [mine] = (await doctor(`/threads/${thread}`, after(await reached(desk, one.postId)))).body.marks
  expect(mine).toMatchObject({ delivered: { upTo: two.postId }, read: { upTo: one.postId } })
  expect(new Map(mine.devices.map((each: { device: string; upTo: string }) => [each.device, each.upTo]))).toEqual(
    new Map([
      [phone, two.postId],
      [desk, one.postId],
    ]),
  )
  await mark(two.postId)
  const last = await mark(one.postId)
  expect((await doctor(`/threads/${thread}`, after(last))).body.marks[0].read.upTo).toBe(two.postId)
})
