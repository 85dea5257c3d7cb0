import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import {
  after,
  type Answer,
  gp,
  homeNurse,
  open,
  openConversations,
  outsider,
  wardNurse,
  write,
} from './conversations.fixture.ts'

type Post = { postId: string; text: string; by: string }

eachDatabase('the whole service', (openViews) => {
  test('keeps what several write at once, in one order for all', async () => {
    const conversations = await openConversations({ openViews })
    const { patientId } = await conversations.admit()
    const [doctor, nurse, ward] = [
      await conversations.as(gp),
      await conversations.as(homeNurse),
      await conversations.as(wardNurse),
    ]
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const writing = [doctor, nurse, ward].flatMap((ask, who) =>
      Array.from({ length: 10 }, (_, n) => write(ask, threadId, `message ${who} ${n}`)),
    )
    const answers = await Promise.all(writing)
    for (const { answer } of answers) await doctor('/threads', after(answer))
    const pages = await Promise.all(
      [doctor, nurse, ward].map(
        async (ask): Promise<Post[]> => (await ask(`/threads/${threadId}/posts?limit=100`)).body.posts,
      ),
    )
    const [first = []] = pages
    expect(new Set(first.map(({ postId }) => postId))).toEqual(new Set(answers.map(({ postId }) => postId)))
    for (const page of pages) expect(page.map(({ text }) => text)).toEqual(first.map(({ text }) => text))
    const paged: Post[] = []
    let next: string | undefined
    do {
      const { body } = await nurse(`/threads/${threadId}/posts?limit=7${next ? `&after=${next}` : ''}`)
      paged.push(...body.posts)
      next = body.next
    } while (next)
    expect(paged).toEqual(first)
    await conversations.indexed()
    expect((await ward('/threads/search?q=message%201')).body.posts).toHaveLength(12)
    expect((await ward('/threads')).body.threads).toMatchObject([{ threadId, unread: 20 }])
  })

  test('loses no member and no message when somebody is let in and taken out while others write', async () => {
    const conversations = await openConversations({ openViews })
    const [doctor, nurse, stranger] = [
      await conversations.as(gp),
      await conversations.as(homeNurse),
      await conversations.as(outsider),
    ]
    const threadId = await open(doctor, { kind: 'group', members: [homeNurse.id, outsider.id] })
    const member = (id: string, method: string) => doctor(`/threads/${threadId}/members/${id}`, { method })
    const written = Promise.all(
      Array.from({ length: 12 }, (_, n) => write(n % 2 === 0 ? nurse : stranger, threadId, `${n}`)),
    )
    const added = Promise.all(Array.from({ length: 4 }, (_, n) => member(`rpps:1020000000${n}`, 'PUT')))
    const removed = await member(outsider.id, 'DELETE')
    const later = await write(stranger, threadId, 'après')
    expect([removed.status, later.answer.status]).toEqual([204, 404])
    expect((await added).map(({ status }) => status)).toEqual([204, 204, 204, 204])
    const kept = (await written).filter(({ answer }) => answer.status === 204)
    expect(kept.length).toBeGreaterThanOrEqual(6)
    const last: Answer[] = [...kept.map(({ answer }) => answer), ...(await added)]
    for (const answer of last) await doctor('/threads', after(answer))
    const { posts } = (await doctor(`/threads/${threadId}/posts`)).body
    expect(new Set(posts.map(({ postId }: Post) => postId))).toEqual(new Set(kept.map(({ postId }) => postId)))
    const { members } = (await doctor(`/threads/${threadId}`)).body
    expect(members).toHaveLength(6)
    expect(members).not.toContain(outsider.id)
  })

  test('shows the same after its view is built again', async () => {
    const conversations = await openConversations({ openViews })
    const { patientId } = await conversations.admit()
    const doctor = await conversations.as(gp)
    const threadId = await open(doctor, { kind: 'patient', patientId })
    const { answer } = await write(doctor, threadId)
    await doctor('/threads', after(answer))
    const job = await doctor('/operations/conversations/jobs', {
      body: { kind: 'verify', projection: 'conversations-2' },
    })
    await expect
      .poll(async () => (await doctor(`/operations/conversations/jobs/${job.body.jobId}`)).body, { timeout: 20_000 })
      .toMatchObject({ state: 'done', matches: true })
  })
})
