import { linkEvents } from '@relais/contracts/patients'
import { linked, linkIdOf } from '@relais/runtime/link-facts.fixture'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { describe, expect, test } from 'vitest'
import {
  after,
  type Answer,
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
const { admit, as } = conversations
const [doctor, nurse, ward, stranger] = [await as(gp), await as(homeNurse), await as(wardNurse), await as(outsider)]
const unknown = { status: 404, code: 'threadUnknown' }

/** Every way in which a thread could be noticed, and was. */
async function noticed(ask: Ask, threadId: string, postId: string): Promise<string[]> {
  const thread = `/threads/${threadId}`
  const post = `${thread}/posts/${postId}`
  const edit = { editId: crypto.randomUUID(), text: 'x' }
  const answers: Record<string, Answer> = {
    read: await ask(thread),
    posts: await ask(`${thread}/posts`),
    post: await ask(post),
    write: (await write(ask, threadId)).answer,
    edit: await ask(post, { method: 'PUT', body: edit }),
    withdraw: await ask(`${post}/withdraw`, { body: { reason: 'mistake' } }),
    mark: await ask(`${thread}/read`, { body: { upTo: postId } }),
    rename: await ask(`${thread}/title`, { method: 'PUT', body: { title: 'x' } }),
    close: await ask(`${thread}/close`, { method: 'POST' }),
    add: await ask(`${thread}/members/rpps:10002909371`, { method: 'PUT' }),
    remove: await ask(`${thread}/members/rpps:10002909371`, { method: 'DELETE' }),
    download: await ask(`${post}/attachments/${crypto.randomUUID()}`),
    upload: await ask(`/attachments?owner=${threadId}&documentId=${crypto.randomUUID()}`, { method: 'POST' }),
  }
  const { threads } = (await ask('/threads?limit=100')).body
  const isListed = threads.some((each: { threadId: string }) => each.threadId === threadId)
  const open = Object.entries(answers).filter(([way, answer]) => {
    const { status, code } = problemOf(answer)
    return status !== 404 || code !== (way === 'upload' ? 'ownerUnknown' : 'threadUnknown')
  })
  return [...open.map(([way]) => way), ...(isListed ? ['list'] : [])]
}

describe('a thread about a patient', () => {
  test('is read and written by the circle, and by the ward where the patient is', async () => {
    const { patientId } = await admit()
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const { answer } = await write(ward, threadId, 'Sortie prévue vendredi')
    for (const ask of [doctor, nurse, ward]) {
      const { posts } = (await ask(`/threads/${threadId}/posts`, after(answer))).body
      expect(posts).toMatchObject([{ text: 'Sortie prévue vendredi', by: wardNurse.id }])
    }
  })

  test('does not exist for anybody else', async () => {
    const { patientId } = await admit()
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const { postId } = await write(doctor, threadId)
    expect(await noticed(stranger, threadId, postId)).toEqual([])
    expect(await noticed(await as({ ...wardNurse, wards: ['9999'] }), threadId, postId)).toEqual([])
    expect(await noticed(await as({ ...wardNurse, organisation: '990000028' }), threadId, postId)).toEqual([])
  })

  test('is never for those who only coordinate or sort, whatever they belong to', async () => {
    const { patientId } = await admit()
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const { postId } = await write(doctor, threadId)
    for (const role of ['coordinateur', 'secretaire', 'admissions'])
      expect(await noticed(await as({ ...gp, role }), threadId, postId)).toEqual([])
  })

  test('is over, from one message to the next, for who leaves the circle', async () => {
    const { patientId } = await admit()
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const { postId } = await write(nurse, threadId)
    const left = await conversations.leaves(patientId, homeNurse.id, 'infirmier')
    await doctor('/threads', { headers: { 'relais-position': `${conversations.adapters.epoch}:${left}` } })
    expect(await noticed(nurse, threadId, postId)).toEqual([])
  })

  test('is opened by nobody who may not see the patient', async () => {
    const { patientId } = await admit()
    const body = { kind: 'patient', title: 'x', patientId }
    const refused = { status: 404, code: 'patientUnknown' }
    expect(problemOf(await stranger(`/threads/${crypto.randomUUID()}`, { body }))).toEqual(refused)
    const nobody = { ...body, patientId: crypto.randomUUID() }
    expect(problemOf(await doctor(`/threads/${crypto.randomUUID()}`, { body: nobody }))).toEqual(refused)
  })

  test('is that of the person, whichever of his or her numbers one knows', async () => {
    const { patientId } = await admit()
    const other = newStay().patientId
    await conversations.joins(other, outsider.id, 'pharmacien')
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const { postId } = await write(doctor, threadId)
    expect(await noticed(stranger, threadId, postId)).toEqual([])
    const link = linked(patientId, other)
    const position = await conversations.record(linkEvents, link, { owner: linkIdOf(patientId, other) })
    const headers = { 'relais-position': `${conversations.adapters.epoch}:${position}` }
    expect((await stranger('/threads', { headers })).body.threads).toMatchObject([{ threadId }])
    expect((await write(stranger, threadId)).answer.status).toBe(204)
  })
})

describe('a group', () => {
  test('is secret: to others it does not exist', async () => {
    const threadId = await open(doctor, { kind: 'group', members: [homeNurse.id] })
    const { postId } = await write(nurse, threadId)
    expect(await noticed(stranger, threadId, postId)).toEqual([])
    expect(await noticed(ward, threadId, postId)).toEqual([])
    const body = { kind: 'territory', title: 'x' }
    const taken = problemOf(await stranger(`/threads/${threadId}`, { body }))
    expect(taken).toEqual({ status: 409, code: 'threadIdReused' })
  })

  test('is read from its beginning by who is let in, and no more by who is taken out', async () => {
    const threadId = await open(doctor, { kind: 'group', members: [] })
    const { postId } = await write(doctor, threadId, 'Avant')
    const path = `/threads/${threadId}/members/${outsider.id}`
    expect((await doctor(path, { method: 'PUT' })).status).toBe(204)
    expect((await stranger(`/threads/${threadId}/posts`)).body.posts).toMatchObject([{ text: 'Avant' }])
    const removed = await doctor(path, { method: 'DELETE' })
    await doctor('/threads', after(removed))
    expect(await noticed(stranger, threadId, postId)).toEqual([])
  })

  test('is left by its members, and not by the last one', async () => {
    const threadId = await open(doctor, { kind: 'group', members: [homeNurse.id] })
    const leave = (ask: Ask, id: string) => ask(`/threads/${threadId}/members/${id}`, { method: 'DELETE' })
    expect(problemOf(await leave(nurse, gp.id))).toEqual({ status: 403, code: 'notYoursToChange' })
    expect((await leave(nurse, homeNurse.id)).status).toBe(204)
    expect(problemOf(await leave(nurse, homeNurse.id))).toEqual(unknown)
    expect(problemOf(await leave(doctor, gp.id))).toEqual({ status: 409, code: 'lastMember' })
  })
})

describe('a thread between teams', () => {
  test('is for whoever works in one of them', async () => {
    const threadId = await open(doctor, { kind: 'wardCommunity', members: [WARD] })
    const { answer } = await write(ward, threadId, 'Un lit se libère')
    expect((await doctor(`/threads/${threadId}`, after(answer))).body).toMatchObject({ members: [WARD, gp.id] })
    const path = `/threads/${threadId}/members/${encodeURIComponent(WARD)}`
    await doctor('/threads', after(await doctor(path, { method: 'DELETE' })))
    expect(await noticed(ward, threadId, crypto.randomUUID())).toEqual([])
  })

  test('about a patient is opened by who may see the patient', async () => {
    const { patientId } = await admit()
    const body = { kind: 'wardCommunity', title: 'x', patientId, members: ['finess:990000028'] }
    const refused = await stranger(`/threads/${crypto.randomUUID()}`, { body })
    expect(problemOf(refused)).toEqual({ status: 404, code: 'patientUnknown' })
    const threadId = await open(doctor, body)
    const carer = await as({ ...outsider, id: 'ehpad-essai:lea', role: 'ehpad', organisation: '990000028' })
    expect((await write(carer, threadId)).answer.status).toBe(204)
  })
})

test('a thread of the territory is for every professional', async () => {
  const threadId = await open(doctor, { kind: 'territory', title: 'Garde de Noël' })
  expect((await write(stranger, threadId)).answer.status).toBe(204)
  const { threads } = (await ward('/threads?limit=100')).body
  expect(threads).toContainEqual(expect.objectContaining({ threadId, kind: 'territory' }))
})

test('a thread opened twice is one; closed, it is read and not written in', async () => {
  const threadId = crypto.randomUUID()
  const body = { kind: 'group', title: 'Tournée', members: [homeNurse.id] }
  const twice = await Promise.all([1, 2].map(() => doctor(`/threads/${threadId}`, { body })))
  expect(twice.map(({ status }) => status)).toEqual([204, 204])
  const { postId } = await write(nurse, threadId, 'Fini')
  expect((await doctor(`/threads/${threadId}/close`, { method: 'POST' })).status).toBe(204)
  const refused = { status: 409, code: 'threadClosed' }
  expect(problemOf((await write(nurse, threadId)).answer)).toEqual(refused)
  const again = await nurse(`/threads/${threadId}/posts/${postId}`, { body: { text: 'Fini' } })
  expect(again.status).toBe(204)
  const title = await doctor(`/threads/${threadId}/title`, { method: 'PUT', body: { title: 'Autre' } })
  expect(problemOf(title)).toEqual(refused)
  const read = await nurse(`/threads/${threadId}`, after(again))
  expect(read.body).toMatchObject({ title: 'Tournée', closedAt: expect.any(String) })
  expect((await nurse(`/threads/${threadId}/posts`)).body.posts).toHaveLength(1)
})

test('threads come page by page, what was last written in first', async () => {
  const someone = { ...outsider, id: 'rpps:10100000077' }
  const ask = await as(someone)
  const ids: string[] = []
  for (let n = 0; n < 5; n += 1) ids.push(await open(ask, { kind: 'group', members: [], title: `n${n}` }))
  const { answer } = await write(ask, ids[0] ?? '')
  const mine: string[] = []
  let next: string | undefined
  do {
    const page = await ask(`/threads?limit=2${next ? `&after=${next}` : ''}`, after(answer))
    for (const { kind, title } of page.body.threads) if (kind === 'group') mine.push(title)
    next = page.body.next
  } while (next)
  expect(mine).toEqual(['n0', 'n4', 'n3', 'n2', 'n1'])
  expect(problemOf(await ask('/threads?after=nowhere'))).toEqual({ status: 400, code: 'invalidQuery' })
})

test('who was forgotten is gone from every thread, without a fault', async () => {
  const { patientId } = await admit()
  const threadId = await open(doctor, { kind: 'patient', patientId })
  const { postId } = await write(doctor, threadId, 'Ordonnance renouvelée')
  const ofTeams = await open(doctor, { kind: 'wardCommunity', patientId, members: [WARD] })
  await write(ward, ofTeams)
  await conversations.indexed()
  await conversations.adapters.vault.forget(patientId)
  expect(await noticed(doctor, threadId, postId)).toEqual([])
  expect(await noticed(ward, ofTeams, postId)).toEqual([])
  expect((await doctor('/threads/search?q=ordonnance')).body).toEqual({ posts: [] })
})

test('each answer about a thread is on record, with its ground', () => {
  const decided = conversations.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'access decided')
  const outcomes = new Set(decided.map(({ outcome }) => outcome))
  expect(outcomes).toEqual(new Set(['establishmentTeam', 'exchange', 'noRelation', 'territory', 'threadMember']))
  expect(conversations.lines.join('\n')).not.toMatch(/Sortie prévue|Retour à domicile|Ordonnance/)
})

test.each([
  ['a title without words', { kind: 'group', title: '', members: [] }],
  ['a title of two lines', { kind: 'group', title: 'a\nb', members: [] }],
  ['a title that is too long', { kind: 'group', title: 'x'.repeat(121), members: [] }],
  ['a member who is nobody', { kind: 'group', title: 'x', members: ['<script>'] }],
  ['teams that are not named', { kind: 'wardCommunity', title: 'x', members: [] }],
  ['a patient in a thread of the territory', { kind: 'territory', title: 'x', patientId: crypto.randomUUID() }],
  ['an unknown kind', { kind: 'public', title: 'x' }],
])('%s is refused', async (_, body) => {
  const answer = await doctor(`/threads/${crypto.randomUUID()}`, { body })
  expect(problemOf(answer)).toEqual({ status: 400, code: 'invalidBody' })
})

test('a token without the scope opens nothing', async () => {
  const reader = await as({ ...gp, scopes: ['thread:read'] })
  const body = { kind: 'group', title: 'x', members: [] }
  const answer = await reader(`/threads/${crypto.randomUUID()}`, { body })
  expect(problemOf(answer)).toEqual({ status: 403, code: 'scopeMissing' })
  expect((await reader('/threads')).status).toBe(200)
  expect(problemOf(await (await as({ ...gp, scopes: [] }))('/threads'))).toEqual({ status: 403, code: 'scopeMissing' })
})
