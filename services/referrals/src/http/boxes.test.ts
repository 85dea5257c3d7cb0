import { ReferralItem } from '@relais/contracts/referral-views'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { asked, colleague, gp, member, nurse, openReferrals, positionIn, request, TEAM } from '../referrals.fixture.ts'

const Page = z.object({ items: z.array(ReferralItem), next: z.string().optional() })
const pageOf = ({ body }: { body: unknown }) => Page.parse(body)
const titles = (answer: { body: unknown }) => pageOf(answer).items.map(({ title }) => title)

eachDatabase('boxes', (open) => {
  test('what is due first comes first, page by page, and what has ended leaves', async () => {
    const referrals = await openReferrals(open)
    const stay = await referrals.admit()
    const [ward, physician] = [await referrals.as(nurse), await referrals.as(gp)]
    const days = ['06', '04', '05', '07']
    const asking = []
    for (const day of days)
      asking.push(await request(ward, asked(stay, { title: day, answerBy: `2026-11-${day}T08:00:00.000Z` })))
    const last = asking.at(-1)
    const headers = last ? positionIn(last.answer) : {}

    const first = await physician('/referrals?box=received&limit=3', { headers })
    expect(titles(first)).toEqual(['04', '05', '06'])
    const { next } = pageOf(first)
    expect(titles(await physician(`/referrals?box=received&limit=3&after=${next}`))).toEqual(['07'])
    expect(titles(await ward('/referrals?box=sent'))).toEqual(['04', '05', '06', '07'])

    const declined = await physician(`/referrals/${asking[1]?.referralId}/decline`, { body: { reason: 'absent' } })
    const afterwards = { headers: positionIn(declined) }
    expect(titles(await physician('/referrals?box=received', afterwards))).toEqual(['05', '06', '07'])
    expect(titles(await physician('/referrals?box=received&status=closed'))).toEqual(['04'])
    const sent = pageOf(await ward('/referrals?box=sent')).items
    expect(sent[0]).toMatchObject({ title: '04', receivers: [{ recipient: gp.id, status: 'declined' }] })

    referrals.clock.now = '2026-11-03T09:00:00.000Z'
    const closed = await ward(`/referrals/${asking[1]?.referralId}/close`, { body: {} })
    expect(titles(await ward('/referrals?box=sent', { headers: positionIn(closed) }))).toEqual(['05', '06', '07'])
    expect(titles(await ward('/referrals?box=sent&status=closed'))).toEqual(['04'])
  })

  test('what came to oneself is apart from what came to the team, and a delivery shows', async () => {
    const referrals = await openReferrals(open)
    const stay = await referrals.admit()
    const [ward, doctor] = [await referrals.as(nurse), await referrals.as(member)]
    const own = await request(ward, asked(stay, { title: 'own', receivers: [{ recipient: member.id }] }))
    const both = [{ recipient: TEAM }, { recipient: colleague.id }]
    const team = await request(ward, asked(stay, { title: 'team', receivers: both }))
    const question = { recipient: TEAM, questionId: crypto.randomUUID(), question: 'Quel traitement ?' }
    await referrals.delivered(own.referralId, member.id, stay.patientId)
    const wondered = await doctor(`/referrals/${team.referralId}/questions`, { body: question })
    const headers = positionIn(wondered)
    expect(titles(await doctor('/referrals?box=received', { headers }))).toEqual(['own'])
    expect(titles(await doctor('/referrals?box=queue'))).toEqual(['team'])
    const [first, second] = pageOf(await ward('/referrals?box=sent')).items.toSorted((one, other) =>
      one.title < other.title ? -1 : 1,
    )
    expect(first?.receivers).toMatchObject([{ status: 'received' }])
    expect(second?.receivers).toMatchObject([{ status: 'moreInfo' }, { status: 'sent' }])
    expect((await doctor(`/referrals/${own.referralId}`)).body).toMatchObject({ receivers: [{ status: 'received' }] })
  })

  test('a nurse of two wards sees what both sent once', async () => {
    const referrals = await openReferrals(open)
    const stay = await referrals.admit()
    const { stayId: _, ...about } = asked(stay)
    const both = await referrals.as({ ...nurse, wards: ['4101', '4110'] })
    const { answer } = await request(both, about)
    expect(titles(await both('/referrals?box=sent', { headers: positionIn(answer) }))).toEqual(['Cardiologie'])
  })
})
