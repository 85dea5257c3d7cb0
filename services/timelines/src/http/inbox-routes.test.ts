import type { StayItem } from '@relais/contracts/boards'
import { type ShownEvent, shownEvents } from '@relais/contracts/notices'
import { eventCodec } from '@relais/events/codec'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { acted, caregiver, EHPAD, openBoards, physician, read, returned, sent } from '../boards.fixture.ts'

const on = (day: number) => `2026-11-0${day}T12:00:00.000Z`
const natures = (body: { items: StayItem[] }) => body.items.map(({ nature }) => nature)

eachDatabase('an inbox', (open) => {
  test('holds one item for each stay, as it was last told, however long the stay', async () => {
    const { notice, as } = await openBoards(open)
    const stay = newStay()
    const told = (['arrived', 'becameInpatient', 'moved', 'planned', 'discharged'] as const).map((nature, index) =>
      sent(stay, { nature, number: index + 1, sentAt: on(index + 1) }),
    )
    const headers = await notice(...told.map(({ event }) => event))
    const { status, body } = await (await as(physician))('/inbox', { headers })
    expect(status).toBe(200)
    expect(body.items).toMatchObject([
      { noticeId: told[4]?.noticeId, ...stay, nature: 'discharged', status: 'open', receipts: { sentAt: on(5) } },
    ])
    expect(body.next).toBeUndefined()
  })

  test('shows what is due first, then what was told last, page by page', async () => {
    const { notice, as } = await openBoards(open)
    const due = (day: number, sentOn: number) => sent(newStay(), { expectedDischargeAt: on(day), sentAt: on(sentOn) })
    const plain = (sentOn: number) => sent(newStay(), { sentAt: on(sentOn) })
    const all = [plain(1), due(9, 1), plain(3), due(7, 2), plain(2)] as const
    const headers = await notice(...all.map(({ event }) => event))
    const ask = await as(physician)
    const expected = [3, 1, 2, 4, 0].map((index) => all[index]?.noticeId)
    const seen: string[] = []
    let next = ''
    for (let page = 0; page < 3; page += 1) {
      const { body } = await ask(`/inbox?limit=2${next}`, { headers })
      seen.push(...body.items.map(({ noticeId }: StayItem) => noticeId))
      next = `&after=${body.next}`
    }
    expect(seen).toEqual(expected)
    expect(next).toBe('&after=undefined')
    expect((await ask('/inbox?after=made-up')).body).toMatchObject({ status: 400 })
  })

  test('leaves open what took the place of what was acted upon too late', async () => {
    const { notice, as } = await openBoards(open)
    const stay = newStay()
    const [first, second] = [sent(stay), sent(stay, { number: 2, nature: 'moved' })]
    const headers = await notice(first.event, second.event, acted(first))
    const { body } = await (await as(physician))('/inbox', { headers })
    expect(natures(body)).toEqual(['moved'])
  })

  test('keeps apart what is to be done and what is done; news of the stay opens the item again', async () => {
    const { notice, as } = await openBoards(open)
    const stay = newStay()
    const first = sent(stay)
    const headers = await notice(first.event, read(first), acted(first))
    const ask = await as(physician)
    expect((await ask('/inbox', { headers })).body.items).toEqual([])
    const done = (await ask('/inbox?status=done', { headers })).body.items
    expect(done).toMatchObject([{ status: 'done', receipts: { acted: { action: 'handled' }, read: {} } }])
    expect(done[0].receipts.delivered).toBeUndefined()
    const news = await notice(sent(stay, { number: 2, nature: 'moved' }).event)
    expect(natures((await ask('/inbox', { headers: news })).body)).toEqual(['moved'])
    expect((await ask('/inbox?status=done', { headers: news })).body.items).toEqual([])
  })

  test('is shared by the people of an EHPAD, and closed to everybody else', async () => {
    const { notice, as } = await openBoards(open)
    const headers = await notice(sent(newStay(), { recipient: `finess:${EHPAD}`, role: 'ehpad' }).event)
    const ask = async (who: Parameters<typeof as>[0]) =>
      (await (await as(who))('/inbox', { headers })).body.items.length
    expect(await ask(caregiver)).toBe(1)
    expect(await ask({ ...caregiver, id: 'rpps:10100000032' })).toBe(1)
    expect(await ask({ ...caregiver, role: 'admissions' })).toBe(0)
    expect(await ask({ ...caregiver, organisation: '990000029' })).toBe(0)
    expect(await ask(physician)).toBe(0)
    expect((await (await as({ ...physician, scopes: ['pathway:read'] }))('/inbox')).status).toBe(403)
  })

  test('hides a stay while it is confidential, and whatever is of a patient who is not the recipient’s', async () => {
    const { notice, stands, as } = await openBoards(open)
    const [hidden, mistaken] = [newStay(), newStay()]
    const wrong = sent(mistaken)
    await notice(sent(hidden).event, wrong.event, sent(newStay(mistaken.patientId)).event)
    const ask = await as(physician)
    const seen = async (headers: Record<string, string>) => (await ask('/inbox', { headers })).body.items.length
    expect(await seen(await stands(hidden, { confidential: true }))).toBe(2)
    expect(await seen(await notice(returned(wrong)))).toBe(0)
    expect(await seen(await stands(hidden, { nature: 'released' }))).toBe(1)
    expect(await seen(await notice(sent(mistaken, { number: 2, nature: 'joined' }).event))).toBe(2)
  })

  test('says, once, that what it gave has reached a device', async () => {
    const { notice, as, store, adapters } = await openBoards(open)
    const told = [sent(newStay()), sent(newStay())] as const
    const headers = await notice(...told.map(({ event }) => event))
    const ask = await as(physician)
    await ask('/inbox', { headers })
    await ask('/inbox', { headers })
    const codec = eventCodec<ShownEvent>(shownEvents, adapters.vault)
    const facts = []
    for await (const recorded of store.readAll()) {
      const event = (await codec.decode(recorded))?.event
      if (event) facts.push(event)
    }
    const by = physician.id
    expect(facts).toHaveLength(2)
    for (const { noticeId } of told)
      expect(facts).toContainEqual(expect.objectContaining({ data: expect.objectContaining({ noticeId, by }) }))
  })

  test('holds nothing of a patient who was forgotten', async () => {
    const { notice, as, adapters } = await openBoards(open)
    const stay = newStay()
    const headers = await notice(sent(stay).event)
    await adapters.vault.forget(stay.patientId)
    expect((await (await as(physician))('/inbox', { headers })).body.items).toEqual([])
  })
})
