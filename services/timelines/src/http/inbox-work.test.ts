import type { InboxItem } from '@relais/contracts/boards'
import { noticeEvents } from '@relais/contracts/notices'
import { ASKING_QUEUE, given, ofReferral, ofStep } from '@relais/runtime/loop-facts.fixture'
import { FACILITY, newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { caregiver, EHPAD, openBoards, physician, returned, sent } from '../boards.fixture.ts'
import { ask, recordLoop } from '../work.fixture.ts'

const on = (day: number) => `2026-11-0${day}T12:00:00.000Z`
const keyOf = (item: InboxItem) => (item.kind === 'stay' ? item.stayId : item.work.nature)
const secretary = {
  id: 'ch-essai:lea',
  role: 'secretaire',
  organisation: FACILITY,
  wards: ['4101'],
  scopes: ['inbox:read'],
}

type Body = { items: InboxItem[]; next?: string }

eachDatabase('what somebody is asked', (open) => {
  test('stands in one list with the stays, what is due first, page by page', async () => {
    const { notice, record, at, as } = await openBoards(open)
    const [one, two, three] = [newStay(), newStay(), newStay()]
    await notice(sent(one, { expectedDischargeAt: on(7), sentAt: on(1) }).event, sent(two, { sentAt: on(3) }).event)
    await ask(record, given(three, { subject: ofReferral(three), dueAt: on(6), at: on(2) }))
    await ask(record, given(three, { subject: ofStep(three), nature: 'stepOpened', action: 'doStep', dueAt: on(7) }))
    const last = await ask(
      record,
      given(one, { subject: ofReferral(one), nature: 'referralAnswered', action: 'acknowledge', at: on(4) }),
    )
    const question = await as(physician)
    const headers = at(last.position)
    const expected = ['referralAsked', one.stayId, 'stepOpened', 'referralAnswered', two.stayId]
    const whole: Body = (await question('/inbox', { headers })).body
    expect(whole.items.map(keyOf)).toEqual(expected)
    for (const limit of [1, 2, 3]) {
      const seen: string[] = []
      for (let next = ''; seen.length <= expected.length;) {
        const { body }: { body: Body } = await question(`/inbox?limit=${limit}${next}`, { headers })
        seen.push(...body.items.map(keyOf))
        if (body.next === undefined) break
        next = `&after=${body.next}`
      }
      expect(seen).toEqual(expected)
    }
  })

  test('says what, by when and for whom; without a notice until it is written', async () => {
    const { record, at, as } = await openBoards(open)
    const stay = newStay()
    const asked = given(stay, { subject: ofReferral(stay), dueAt: on(6) })
    const question = await as(physician)
    const untold = await ask(record, asked, { isTold: false })
    const before: Body = (await question('/inbox', { headers: at(untold.position) })).body
    expect(before.items).toMatchObject([
      { kind: 'work', patientId: stay.patientId, work: { title: 'Cardiologie', expected: { dueAt: on(6) } } },
    ])
    expect(before.items[0]).not.toHaveProperty('noticeId')
    const told = await ask(record, given(stay, { subject: ofReferral(stay), nature: 'referralInformed' }))
    const after: Body = (await question('/inbox', { headers: at(told.position) })).body
    expect(after.items).toMatchObject([{ noticeId: told.noticeId, receipts: { sentAt: on(2) }, status: 'open' }])
  })

  test('is open until it is done or withdrawn; what is only to be acknowledged, until its last word was', async () => {
    const { record, notice, at, as } = await openBoards(open)
    const stay = newStay()
    const question = await as(physician)
    const listed = async (position: number, status = 'open') =>
      (await question(`/inbox?status=${status}`, { headers: at(position) })).body.items.map(keyOf)
    const step = { subject: ofStep(stay), nature: 'stepOpened', action: 'doStep' } as const
    const first = await ask(record, given(stay, step))
    await notice(first.acted)
    expect(await listed(first.position)).toEqual(['stepOpened'])
    const done = await recordLoop(record, given(stay, { ...step, nature: 'stepDone', state: 'done' }))
    expect(await listed(done)).toEqual([])
    expect(await listed(done, 'done')).toEqual(['stepDone'])
    const withdrawn = await recordLoop(record, given(stay, { ...step, nature: 'runEnded', state: 'withdrawn' }))
    expect([await listed(withdrawn), await listed(withdrawn, 'done')]).toEqual([[], ['runEnded']])

    const news = { subject: ofReferral(stay), action: 'acknowledge' } as const
    const answered = await ask(record, given(stay, { ...news, nature: 'referralAccepted' }))
    expect(await listed(answered.position)).toEqual(['referralAccepted'])
    const acknowledged = await record(noticeEvents, answered.acted, { owner: answered.noticeId })
    expect(await listed(acknowledged)).toEqual([])
    expect(await listed(acknowledged, 'done')).toEqual(['referralAccepted', 'runEnded'])
    const later = await recordLoop(record, given(stay, { ...news, nature: 'patientSeen' }))
    expect(await listed(later)).toEqual(['patientSeen'])
  })

  test('names nobody while who the patient is stays unsaid', async () => {
    const { record, at, as } = await openBoards(open)
    const stay = newStay()
    const { position } = await ask(record, given(stay, { subject: ofReferral(stay), withheld: true }))
    const { body } = await (await as(physician))('/inbox', { headers: at(position) })
    expect(body.items).toMatchObject([{ kind: 'work', status: 'open' }])
    expect(JSON.stringify(body)).not.toContain(stay.patientId)
    expect(JSON.stringify(body)).not.toContain(stay.stayId)
  })

  test('is shared by a queue, also with its secretary, who is shown what is asked and no stay', async () => {
    const { notice, record, at, as } = await openBoards(open)
    const stay = newStay()
    await notice(sent(stay, { recipient: ASKING_QUEUE }).event)
    const { position } = await ask(record, given(stay, { subject: ofReferral(stay), recipient: ASKING_QUEUE }))
    const seen = async (who: Parameters<typeof as>[0]) =>
      (await (await as(who))('/inbox', { headers: at(position) })).body.items.map(({ kind }: InboxItem) => kind)
    expect(await seen(secretary)).toEqual(['work'])
    expect(await seen({ ...secretary, role: 'infirmier' })).toEqual(['stay', 'work'])
    expect(await seen({ ...secretary, wards: ['4102'] })).toEqual([])
    expect(await seen({ ...caregiver, organisation: EHPAD })).toEqual([])
  })

  test('says, once, that what it gave has reached a device; hides what is of a patient who is not the recipient’s', async () => {
    const { notice, record, store, at, as } = await openBoards(open)
    const stay = newStay()
    const { position } = await ask(record, given(stay, { subject: ofReferral(stay) }))
    const question = await as(physician)
    const shown = async () => {
      let count = 0
      for await (const { stream } of store.readAll()) if (stream.startsWith('shown-')) count += 1
      return count
    }
    await question('/inbox', { headers: at(position) })
    await question('/inbox')
    expect(await shown()).toBe(1)
    const wrong = sent(stay)
    await notice(wrong.event)
    const headers = await notice(returned(wrong))
    expect((await question('/inbox', { headers })).body.items).toEqual([])
  })

  test('holds nothing of a patient who was forgotten', async () => {
    const { record, at, as, adapters } = await openBoards(open)
    const stay = newStay()
    const { position } = await ask(record, given(stay, { subject: ofReferral(stay) }))
    await adapters.vault.forget(stay.patientId)
    expect((await (await as(physician))('/inbox', { headers: at(position) })).body.items).toEqual([])
  })
})
