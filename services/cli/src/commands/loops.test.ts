import { PostView } from '@relais/contracts/post-routes'
import { RunView } from '@relais/contracts/run-routes'
import { ReferralItem, ReferralView } from '@relais/contracts/referral-views'
import { expect, test } from 'vitest'
import { reportText } from './protocols.ts'
import { itemText, referralText } from './referral-pages.ts'
import { runText } from './runs.ts'
import { postText } from './threads.ts'

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const at = '2026-11-23T09:00:00.000Z'
const document = (n: number) => ({ documentId: id(n), size: 1, mediaType: 'text/plain', sha256: '0'.repeat(64) })
const asked = {
  referralId: id(1),
  patientId: id(2),
  kind: 'takeOver',
  urgency: 'soon',
  title: 'Cardiologie',
  answerBy: '2026-11-24T09:00:00.000Z',
  requestedAt: at,
}

test('a box says what is asked, about whom, and what is to be done until when', () => {
  const expected = { action: 'answerReferral', dueAt: asked.answerBy }
  const item = ReferralItem.parse({ ...asked, recipient: 'rpps:1', expected })
  expect(itemText(item, () => 'TEST Zoé').split('\n')).toEqual([
    `${id(1)}  TEST Zoé  Cardiologie, to take over, soon`,
    '  accept, decline or ask for more by 2026-11-24 09:00 UTC (rpps:1)',
  ])
})

test('of what was sent, a box says how far each has come; of whom stays unsaid where it is withheld', () => {
  const receivers = [{ recipient: 'rpps:1', status: 'declined', since: at }]
  const item = ReferralItem.parse({ ...asked, patientId: undefined, recipient: 'uf:990000010/4101', receivers })
  expect(itemText(item, () => 'nobody').split('\n')).toEqual([
    `${id(1)}  somebody  Cardiologie, to take over, soon`,
    '  answer by 2026-11-24 09:00 UTC (uf:990000010/4101)',
    '  rpps:1: declined 2026-11-23 09:00 UTC',
  ])
})

test('a referral is read with its question, its answers and why it was declined', () => {
  const letter = { document: document(7), fileName: 'lettre.txt' }
  const receiver = { askedAt: at, answerBy: asked.answerBy, isOverdue: false, questions: [] }
  const view = ReferralView.parse({
    ...asked,
    party: 'requester',
    status: 'open',
    mode: 'independent',
    identityWithheld: false,
    from: { by: 'ch:7', wards: [] },
    question: document(3),
    attachments: [{ document: document(6), fileName: 'ecg.txt' }],
    receivers: [
      { ...receiver, recipient: 'rpps:1', status: 'declined', declined: { reason: 'full', comment: document(4) } },
      { ...receiver, recipient: 'rpps:2', status: 'answered', answer: { answer: document(5), attachments: [letter] } },
    ],
  })
  const texts = new Map([
    [id(3), 'Quel bilan ?'],
    [id(4), 'Congés.'],
    [id(5), 'Tout va bien.'],
  ])
  expect(referralText(view, (documentId) => texts.get(documentId) ?? '').split('\n')).toEqual([
    `Cardiologie, to take over, soon  open  referral ${id(1)}`,
    `  patient ${id(2)}`,
    '  asked by ch:7 2026-11-23 09:00 UTC, answer by 2026-11-24 09:00 UTC',
    '  ? Quel bilan ?',
    `    [ecg.txt] ${document(6).size} bytes, ${document(6).mediaType}`,
    '  rpps:1: declined (no room)',
    '    Congés.',
    '  rpps:2: answered',
    '    = Tout va bien.',
    `      [lettre.txt] ${document(7).size} bytes, ${document(7).mediaType}`,
  ])
})

test('a run says who has which step, until when, and what is late', () => {
  const step = { after: [], skippable: true, escalatedTo: [], late: false }
  const run = RunView.parse({
    runId: id(1),
    protocolId: id(2),
    version: 1,
    title: 'Retour',
    status: 'running',
    coordinator: 'finess:1',
    trigger: { on: 'discharge', at },
    steps: [
      { ...step, stepId: 'appel', title: 'Appel', status: 'done', settledAt: at, owner: 'rpps:1' },
      { ...step, stepId: 'visite', title: 'Visite', status: 'open', dueAt: at, late: true, escalatedTo: ['finess:1'] },
    ],
  })
  expect(runText(run).split('\n')).toEqual([
    `Retour  running  discharge 2026-11-23 09:00 UTC  run ${id(1)}`,
    '  appel   done 2026-11-23 09:00 UTC  rpps:1  Appel',
    '  visite  open by 2026-11-23 09:00 UTC, late, told finess:1  Visite',
  ])
})

test('a dry run says what would have been beside what was', () => {
  const counts = { runs: 2, steps: 3, late: 1, notices: 5, stepsByRole: {} }
  const nothing = { ...counts, runs: 0, steps: 0, late: 0, notices: 0 }
  const only = [{ runId: id(1) as never, eventId: id(2) }]
  const report = { would: counts, did: nothing, onlyWould: only, onlyDid: [], inBoth: [], lateSteps: [], events: 40 }
  expect(reportText(report).split('\n')).toEqual([
    'would have been  2 runs, 3 steps, 1 late, 5 notices',
    'was              0 runs, 0 steps, 0 late, 0 notices',
    'runs  0 in both, 1 only with it, 0 only without',
    '40 events were gone through',
  ])
})

test('a message is its text, with who wrote it when; of one that was taken back, that there was one', () => {
  const post = { postId: id(1), threadId: id(2), by: 'rpps:1', postedAt: at, attachments: [], quotes: [], mentions: [] }
  const written = PostView.parse({ ...post, mentionedRoles: [], urgent: true, text: 'Bonjour,\nà demain.' })
  expect(postText(written).split('\n')).toEqual([
    `2026-11-23 09:00 UTC  rpps:1 (urgent)  message ${id(1)}`,
    '  Bonjour,',
    '  à demain.',
  ])
  const withdrawn = PostView.parse({ ...post, mentionedRoles: [], urgent: false, withdrawn: { at } })
  expect(postText(withdrawn)).toBe(`2026-11-23 09:00 UTC  rpps:1 (withdrawn)  message ${id(1)}`)
})
