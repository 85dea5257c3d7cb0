import { ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import type { Work } from '@relais/contracts/work'
import { expect, test } from 'vitest'
import { TERRITORY, territoryHistory } from './territory.ts'
import { type LoopFacts, loopHistory, type LoopSize } from './territory-loops.ts'
import { uuidOf } from './territory/people.ts'

const definition = ProtocolDefinition.parse({
  title: 'Retour à domicile',
  territory: 'cpts:rives-de-loire',
  department: '44',
  coordinator: 'finess:990000044',
  trigger: { on: 'discharge', conditions: [] },
  endsOnReadmission: true,
  steps: ['appel', 'visite'].map((stepId) => ({
    stepId,
    title: stepId,
    owners: stepId === 'appel' ? ['infirmier', 'medecin-traitant'] : ['medecin-traitant'],
    after: [],
    due: { kind: 'hours', hours: 48, from: 'trigger', clock: 'plain' },
    escalation: [],
    skippable: true,
  })),
})
const village: LoopSize = {
  ...TERRITORY,
  inhabitants: 1500,
  professionals: 10,
  years: 0.25,
  referralsPerDay: 3,
  threadsPerDay: 1,
  protocol: { protocolId: ProtocolId.parse(uuidOf('protocol')), definition },
  runIdOf: ({ stayId }) => uuidOf('run', stayId),
}

/** Without the schemas of its family. */
const unnamed = ({ family, ...fact }: LoopFacts) => ({ ...fact, category: family.category })

test('the same seed tells the same loops, another seed others', () => {
  const told = (seed: number) => JSON.stringify([...loopHistory({ ...village, seed })].map(unnamed))
  expect(told(1)).toBe(told(1))
  expect(told(1)).not.toBe(told(2))
})

test('every fact fits its contract, and each stream is given its facts in order of time', () => {
  const revisions = new Map<string, number>()
  let last = ''
  for (const { family, stream, expected, events, at } of loopHistory(village)) {
    const name = `${family.category}-${stream}`
    expect(expected).toBe(revisions.get(name) ?? 'noStream')
    revisions.set(name, (revisions.get(name) ?? -1) + events.length)
    for (const event of events) expect(family.schema.parse(event)).toEqual(event)
    // A notice of a stay comes fifty milliseconds after what it tells of.
    expect(Date.parse(at)).toBeGreaterThanOrEqual(last === '' ? 0 : Date.parse(last) - 50)
    last = at
  }
  const categories = new Set([...revisions.keys()].map((name) => name.split('-')[0]))
  const ofTerritory = ['circle', 'notice', 'resident', 'residentMatch', 'stay']
  const ofLoops = ['patient', 'post', 'protocolRun', 'referral', 'thread']
  expect(categories).toEqual(new Set(ofTerritory.concat(ofLoops)))
})

test('stays and their notices are those that the territory has without its loops', () => {
  const isOfStays = ({ family, events }: LoopFacts) =>
    ['stay', 'circle', 'resident', 'residentMatch'].includes(family.category) ||
    events.some(({ type }) => type === 'NoticeSent')
  const told = (history: Iterable<LoopFacts>) =>
    [...history].filter(isOfStays).map(({ stream, at }) => `${stream} ${at}`)
  expect(told(loopHistory(village))).toEqual(told(territoryHistory(village)))
})

test('some of what is asked is done, some is withdrawn, and some is still open in the end', () => {
  const items = new Map<string, Work['state']>()
  for (const { events } of loopHistory(village))
    for (const event of events)
      if (event.type === 'WorkGiven') {
        const { work } = event.data
        items.set(JSON.stringify([work.subject, work.recipient]), work.state)
      }
  expect(new Set(items.values())).toEqual(new Set(['open', 'done', 'withdrawn']))
})
