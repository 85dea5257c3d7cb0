import { ProfessionalId } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import { pamBytes, type PamMessage } from '@relais/hl7v2/fixtures'
import { decodeMessage } from '@relais/hl7v2/message'
import { interpretPam } from '@relais/hl7v2/pam/interpret'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inOrderOfEffect } from '../domain/order.ts'
import { standingOf } from '../domain/standing.ts'
import type { RecordMovement } from '../domain/stay.ts'
import { movementOf } from '../domain/stay-state.ts'
import { identity, message, patientId, stayId, told } from '../domain/stay.fixture.ts'
import { FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'
import { movementIdOf } from './identifiers.ts'

type Message = Partial<PamMessage>
type Scenario = {
  name: string
  messages: readonly Message[]
  ends: Partial<Standing>
  /** What is left of each movement: its kind, when and where. */
  path: readonly string[]
}

const day = (date: string, time: string) => `202611${date}${time.replace(':', '')}00`
const utc = (date: string, time: string) =>
  `2026-11-${date}T${String(Number(time.slice(0, 2)) - 1).padStart(2, '0')}${time.slice(2)}:00.000Z`
/** Movement `number`, on that day at that time; said at once, unless the message says when. */
const says = (number: number, when: string, given: Message): Message => {
  const [date = '', time = ''] = when.split(' ')
  return { movement: `M${number}`, effective: day(date, time), ...given }
}
const late = (when: string): Message => {
  const [date = '', time = ''] = when.split(' ')
  return { recorded: day(date, time), historic: 'Y' }
}
const here = (code: string) => [{ facility: FACILITY, code, label: 'Médecine A', responsibility: 'both' as const }]

const scenarios: readonly Scenario[] = [
  {
    name: 'a stay told afterwards (§5.3.7): cardiology, theatre, intensive care, theatre, cardiology',
    messages: [
      says(1, '02 08:00', { trigger: 'A01', ward: 'CARDIO' }),
      says(2, '02 10:00', { trigger: 'A02', ward: 'BLOC' }),
      says(3, '02 12:00', { trigger: 'A02', ward: 'REA' }),
      says(4, '02 14:00', { trigger: 'A02', ward: 'BLOC' }),
      says(6, '02 18:00', { trigger: 'A02', ward: 'CARDIO' }),
      says(4, '02 14:00', { trigger: 'A12', ward: 'REA', ...late('02 19:00') }),
      says(5, '02 16:00', { trigger: 'A02', ward: 'BLOC', ...late('02 20:00') }),
    ],
    ends: { status: 'present', wards: here('CARDIO'), placeSince: utc('02', '18:00') },
    path: [
      'admission 08:00 CARDIO',
      'transfer 10:00 BLOC',
      'transfer 12:00 REA',
      'transfer 16:00 BLOC',
      'transfer 18:00 CARDIO',
    ],
  },
  {
    name: 'a long stay with moves between wards, a change of physician and of bed, and its end',
    messages: [
      says(1, '02 08:00', { trigger: 'A05', planned: day('02', '09:00') }),
      says(2, '02 09:10', { trigger: 'A01', attendingRpps: '10100000001' }),
      says(3, '02 15:00', { trigger: 'A02', ward: '4102', room: '7' }),
      says(4, '03 08:00', { trigger: 'A54', nature: 'M', ward: '4102', attendingRpps: '10002909371' }),
      says(5, '03 10:00', { trigger: 'A02', ward: '4102', nature: 'L', room: '8', bed: '1' }),
      says(6, '04 10:00', { trigger: 'A02', ward: '4103', careWard: '4104', nature: 'SM', room: '8', bed: '1' }),
      says(6, '04 11:00', {
        trigger: 'Z99',
        original: 'A02',
        ward: '4103',
        careWard: '4105',
        room: '8',
        bed: '1',
        nature: 'SM',
        recorded: day('04', '12:00'),
      }),
      says(7, '06 11:00', { trigger: 'A03', ward: '4103', careWard: '4105', room: '8', bed: '1', exitMode: '8' }),
    ],
    ends: {
      status: 'discharged',
      wards: [
        { facility: FACILITY, code: '4103', label: 'Médecine A', responsibility: 'medical' },
        { facility: FACILITY, code: '4105', label: 'Médecine A', responsibility: 'care' },
      ],
      room: '8',
      bed: '1',
      arrivedAt: utc('02', '09:10'),
      hospitalisedAt: utc('02', '09:10'),
      placeSince: utc('04', '11:00'),
      dischargedAt: utc('06', '11:00'),
      attendingPhysician: ProfessionalId.parse('rpps:10002909371'),
    },
    path: [
      'preadmission 08:00 4101',
      'admission 09:10 4101',
      'transfer 15:00 4102',
      'attendingChange 08:00 4102',
      'transfer 10:00 4102',
      'transfer 11:00 4103',
      'discharge 11:00 4103',
    ],
  },
  {
    name: 'a leave that began and was cancelled: A53, then A52',
    messages: [
      says(1, '02 08:00', { trigger: 'A01' }),
      says(2, '03 10:00', { trigger: 'A21' }),
      says(3, '03 18:00', { trigger: 'A22' }),
      says(3, '03 18:00', { trigger: 'A53', recorded: day('03', '19:00') }),
      says(2, '03 10:00', { trigger: 'A52', recorded: day('03', '19:05') }),
    ],
    ends: { status: 'present', wards: here('4101'), placeSince: utc('02', '08:00') },
    path: ['admission 08:00 4101'],
  },
  {
    name: 'séances, one of which was forgotten and another not performed',
    messages: [
      says(1, '02 08:00', { trigger: 'A04', class: 'R', ward: '6001' }),
      says(2, '02 12:00', { trigger: 'A21', class: 'R', ward: '6001' }),
      says(3, '05 08:00', { trigger: 'A22', class: 'R', ward: '6001' }),
      says(4, '05 12:00', { trigger: 'A21', class: 'R', ward: '6001' }),
      says(5, '09 08:00', { trigger: 'A22', class: 'R', ward: '6001' }),
      says(6, '09 12:00', { trigger: 'A21', class: 'R', ward: '6001' }),
      says(5, '09 08:00', { trigger: 'A53', class: 'R', ward: '6001', recorded: day('09', '20:00') }),
      says(6, '09 12:00', { trigger: 'A52', class: 'R', ward: '6001', recorded: day('09', '20:01') }),
      says(7, '03 08:00', { trigger: 'A22', class: 'R', ward: '6001', ...late('10 08:00') }),
      says(8, '03 12:00', { trigger: 'A21', class: 'R', ward: '6001', ...late('10 08:01') }),
    ],
    ends: { status: 'onLeave', patientClass: 'R', awaySince: utc('05', '12:00'), arrivedAt: utc('02', '08:00') },
    path: [
      'registration 08:00 6001',
      'leave 12:00 6001',
      'return 08:00 6001',
      'leave 12:00 6001',
      'return 08:00 6001',
      'leave 12:00 6001',
    ],
  },
  {
    name: 'séances that end each time and begin again under the same visit',
    messages: [
      says(1, '02 08:00', { trigger: 'A04', class: 'R', ward: '6001' }),
      says(2, '02 12:00', { trigger: 'A03', class: 'R', ward: '6001' }),
      says(3, '05 08:00', { trigger: 'A04', class: 'R', ward: '6001' }),
    ],
    ends: { status: 'present', patientClass: 'R', arrivedAt: utc('02', '08:00') },
    path: ['registration 08:00 6001', 'discharge 12:00 6001', 'registration 08:00 6001'],
  },
  {
    name: 'an emergency passage that becomes a hospitalisation (A04, A06)',
    messages: [
      says(1, '02 08:00', { trigger: 'A04', class: 'E', ward: '8782' }),
      says(2, '02 11:00', { trigger: 'A06', class: 'I', ward: '4101' }),
      says(3, '03 11:00', { trigger: 'A02', class: 'I', ward: '4102' }),
    ],
    ends: {
      status: 'present',
      patientClass: 'I',
      arrivedAt: utc('02', '08:00'),
      hospitalisedAt: utc('02', '11:00'),
      wards: here('4102'),
    },
    path: ['registration 08:00 8782', 'toInpatient 11:00 4101', 'transfer 11:00 4102'],
  },
  {
    name: 'an emergency passage that becomes a hospitalisation (A04, A01)',
    messages: [
      says(1, '02 08:00', { trigger: 'A04', class: 'E', ward: '8782' }),
      says(2, '02 11:00', { trigger: 'A01', class: 'I', ward: '4101' }),
    ],
    ends: { patientClass: 'I', arrivedAt: utc('02', '08:00'), hospitalisedAt: utc('02', '11:00'), wards: here('4101') },
    path: ['registration 08:00 8782', 'admission 11:00 4101'],
  },
  {
    name: 'classes that change to and fro (§7.1.5): A06, A07, and A06 taken back by an A07',
    messages: [
      says(1, '02 08:00', { trigger: 'A04', class: 'E', ward: '8782' }),
      says(2, '02 10:00', { trigger: 'A06', class: 'I', ward: '4101' }),
      says(3, '02 14:00', { trigger: 'A07', class: 'O', ward: '5201' }),
      says(4, '02 16:00', { trigger: 'A06', class: 'R', ward: '6001' }),
      says(4, '02 16:00', { trigger: 'A07', action: 'CANCEL', class: 'O', ward: '5201', recorded: day('02', '17:00') }),
      says(2, '02 10:00', { trigger: 'A07', action: 'CANCEL', class: 'E', ward: '8782', ...late('02 18:00') }),
    ],
    ends: { patientClass: 'O', wards: here('5201'), placeSince: utc('02', '14:00') },
    path: ['registration 08:00 8782', 'toOutpatient 14:00 5201'],
  },
  {
    name: 'a status that was corrected (§7.1.4), twice, then the place of the same movement',
    messages: [
      says(1, '02 08:00', { trigger: 'A01', class: 'I' }),
      says(2, '02 12:00', { trigger: 'A02', class: 'I', ward: '4102' }),
      says(1, '02 08:00', { trigger: 'Z99', original: 'A01', nature: 'C', class: 'E', recorded: day('02', '13:00') }),
      says(1, '02 08:00', { trigger: 'Z99', original: 'A01', nature: 'C', class: 'O', recorded: day('02', '14:00') }),
      says(1, '02 08:30', { trigger: 'Z99', original: 'A01', class: 'I', ward: '4103', recorded: day('02', '13:30') }),
    ],
    ends: { patientClass: 'O', arrivedAt: utc('02', '08:30'), wards: here('4102') },
    path: ['admission 08:30 4103', 'transfer 12:00 4102'],
  },
  {
    name: 'a planned discharge, put off, then the discharge',
    messages: [
      says(1, '02 08:00', { trigger: 'A01', expectedDischarge: day('07', '10:00') }),
      says(2, '03 08:00', { trigger: 'A16', planned: day('05', '10:00') }),
      says(2, '03 08:00', {
        trigger: 'Z99',
        original: 'A16',
        planned: day('06', '10:00'),
        recorded: day('04', '08:00'),
      }),
      says(3, '06 11:00', { trigger: 'A03', exitMode: '7', destinationKind: '7' }),
    ],
    ends: {
      status: 'discharged',
      dischargedAt: utc('06', '11:00'),
      discharge: { exitMode: '7', destinationKind: '7' },
      died: false,
    },
    path: ['admission 08:00 4101', 'plannedDischarge 08:00 4101', 'discharge 11:00 4101'],
  },
  {
    name: 'a death, then a movement that is said to have followed',
    messages: [
      says(1, '02 08:00', { trigger: 'A01', expectedDischarge: day('07', '10:00') }),
      says(2, '03 10:00', { trigger: 'A03', exitMode: '9' }),
      says(3, '03 12:00', { trigger: 'A02', ward: 'CHAMBRE' }),
    ],
    ends: { status: 'discharged', died: true, dischargedAt: utc('03', '10:00'), wards: here('CHAMBRE') },
    path: ['admission 08:00 4101', 'discharge 10:00 4101', 'transfer 12:00 CHAMBRE'],
  },
  {
    name: 'A05, A01, A11 with PV1-5: the patient is expected again',
    messages: [
      says(1, '02 08:00', { trigger: 'A05', planned: day('02', '14:00') }),
      says(2, '02 13:00', { trigger: 'A01' }),
      says(2, '02 13:00', { trigger: 'A11', preadmission: 'P1', recorded: day('02', '15:00') }),
    ],
    ends: { status: 'expected', expectedAt: utc('02', '14:00') },
    path: ['preadmission 08:00 4101'],
  },
  {
    name: 'A05, A01, A11 without PV1-5: the visit is given up',
    messages: [
      says(1, '02 08:00', { trigger: 'A05' }),
      says(2, '02 13:00', { trigger: 'A01' }),
      says(2, '02 13:00', { trigger: 'A11', visitIndicator: 'A', recorded: day('02', '15:00') }),
    ],
    ends: { status: 'withdrawn', wards: [] },
    path: [],
  },
  {
    name: 'A05, A01, A38: both are deleted',
    messages: [
      says(1, '02 08:00', { trigger: 'A05' }),
      says(2, '02 13:00', { trigger: 'A01' }),
      says(1, '02 08:00', { trigger: 'A38', recorded: day('02', '15:00') }),
    ],
    ends: { status: 'withdrawn', wards: [] },
    path: [],
  },
  {
    name: 'a planned transfer that takes place',
    messages: [
      says(1, '02 08:00', { trigger: 'A01' }),
      says(2, '02 10:00', { trigger: 'A15', planned: day('02', '17:00'), plannedWard: '4102' }),
      says(3, '02 16:30', { trigger: 'A02', ward: '4102' }),
    ],
    ends: { wards: here('4102'), placeSince: utc('02', '16:30') },
    path: ['admission 08:00 4101', 'plannedTransfer 10:00 4101', 'transfer 16:30 4102'],
  },
]

/** Each message under a control id of its own. */
const named = ({ messages }: Scenario) => messages.map((one, index) => ({ ...one, controlId: `G${index}` }))

const known = { zoneOf: () => 'Europe/Paris', knowsFacility: () => true, knowsWard: () => true }

/** What the intake makes of the bytes of a message. */
function commandOf(said: Message, index: number): RecordMovement {
  const decoded = decodeMessage(pamBytes(said))
  const meaning = decoded.ok && interpretPam(decoded.message, known)
  if (!meaning || meaning.kind !== 'movement') throw new Error(JSON.stringify(meaning))
  const { report } = meaning
  const movement = { ...report.movement, movementId: movementIdOf(stayId, report.movement.source) }
  const { action, kind, returnsToPreadmission, flags, participants } = report
  const what = { action, kind, movement, returnsToPreadmission, flags, participants }
  return { type: 'RecordMovement', stayId, patientId, messageId: message(index), identity: identity(0), ...what }
}

function timeline({ state }: ReturnType<typeof told>) {
  const left = Object.values(state.movements).filter(({ withdrawnAt }) => withdrawnAt === undefined)
  const path = inOrderOfEffect(left).map((one) => {
    const { effectiveLocal, medicalWard } = movementOf(one)
    const time = `${effectiveLocal.slice(8, 10)}:${effectiveLocal.slice(10, 12)}`
    return `${one.kind} ${time} ${medicalWard?.code}`
  })
  return { standing: standingOf(state), path }
}

test.each(scenarios)('$name', (scenario) => {
  const commands = named(scenario).map(commandOf)
  const { standing, path } = timeline(told(commands))
  expect(standing).toMatchObject(scenario.ends)
  expect(path).toEqual(scenario.path)
})

test.each(scenarios)('in whatever order it arrives, and however often: $name', (scenario) => {
  const commands = named(scenario).map(commandOf)
  const expected = timeline(told(commands))
  const twice = [...commands, ...commands]
  fc.assert(
    fc.property(fc.shuffledSubarray(twice, { minLength: twice.length }), (arrived) => {
      expect(timeline(told(arrived))).toEqual(expected)
    }),
  )
})

const peer = { address: '10.0.0.1' }

test.each(scenarios)('through the intake, the last first and each twice: $name', async (scenario) => {
  const stays = await openStays({ senders: [senderAt(peer.address)] })
  for (const said of named(scenario).toReversed()) for (let time = 0; time < 2; time += 1) await stays.send(said, peer)
  await stays.settled()
  expect(await standingIn(stays)).toMatchObject(scenario.ends)
  const ask = await stays.ask({ role: 'operateur' })
  expect((await ask('/quarantine?status=waiting')).body.messages).toEqual([])
})

async function standingIn(stays: Stays): Promise<Standing | undefined> {
  const facts = await stays.facts()
  return facts.flatMap(({ event }) => (event?.type === 'StandingChanged' ? [event.data.standing] : [])).at(-1)
}

test('two visits of one patient at once are two stays', async () => {
  const stays = await openStays({ senders: [senderAt(peer.address)] })
  await stays.send(says(1, '02 08:00', { trigger: 'A01', visit: 'V1' }), peer)
  await stays.send(says(2, '02 09:00', { trigger: 'A04', class: 'O', ward: '4102', visit: 'V2' }), peer)
  await stays.send(says(3, '02 10:00', { trigger: 'A03', class: 'O', ward: '4102', visit: 'V2' }), peer)
  const facts = await stays.facts()
  const standings = facts.flatMap(({ event }) => (event?.type === 'StandingChanged' ? [event.data] : []))
  const last = new Map(standings.map(({ stayId: of, standing }) => [of, standing.status]))
  expect([...last.values()]).toEqual(['present', 'discharged'])
  expect(new Set(standings.map(({ patientId: of }) => of)).size).toBe(1)
})
