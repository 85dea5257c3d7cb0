import fc from 'fast-check'
import { expect, test } from 'vitest'
import { after, type Ask, gp, homeNurse, open, openConversations, outsider, write } from './conversations.fixture.ts'

type Act =
  | { act: 'write'; who: number }
  | { act: 'read'; who: number; which: number }
  | { act: 'withdraw'; who: number; which: number }

const who = fc.nat(2)
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('write' as const), who }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('read' as const), who, which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('withdraw' as const), who, which: fc.nat(9) }) },
)
type Written = { postId: string; author: number; isWithdrawn: boolean }

test('what is unread is what others wrote after the last message that was read, and did not withdraw', async () => {
  const conversations = await openConversations()
  const people = [gp, homeNurse, outsider]
  const asks: Ask[] = []
  for (const person of people) asks.push(await conversations.as(person))
  const askOf = (index: number): Ask => {
    const ask = asks[index]
    if (ask === undefined) throw new Error('Nobody')
    return ask
  }

  await fc.assert(
    fc.asyncProperty(fc.array(anyAct, { minLength: 1, maxLength: 14 }), async (acts) => {
      const threadId = await open(askOf(0), { kind: 'group', members: people.map(({ id }) => id) })
      const posts: Written[] = []
      const marks = people.map(() => -1)
      let last
      for (const each of acts) {
        const ask = askOf(each.who)
        if (each.act === 'write') {
          const { postId, answer } = await write(ask, threadId)
          posts.push({ postId, author: each.who, isWithdrawn: false })
          last = answer
          continue
        }
        const own = posts.filter(({ author, isWithdrawn }) => author === each.who && !isWithdrawn)
        const choice = each.act === 'read' ? posts : own
        const post = choice[each.which % Math.max(choice.length, 1)]
        if (post === undefined) continue
        if (each.act === 'read') {
          last = await ask(`/threads/${threadId}/read`, { body: { upTo: post.postId } })
          marks[each.who] = Math.max(marks[each.who] ?? -1, posts.indexOf(post))
        } else {
          last = await ask(`/threads/${threadId}/posts/${post.postId}/withdraw`, { body: { reason: 'mistake' } })
          post.isWithdrawn = true
        }
      }
      if (last?.headers.get('relais-position')) await askOf(0)('/threads', after(last))
      for (const [index, mark] of marks.entries()) {
        const { threads } = (await askOf(index)('/threads?limit=100')).body
        const naive = posts.filter((post, n) => n > mark && post.author !== index && !post.isWithdrawn).length
        const found = threads.find((thread: { threadId: string }) => thread.threadId === threadId)
        expect(found.unread).toBe(naive)
      }
    }),
    { numRuns: 20 },
  )
})
