import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { pamBytes } from '@relais/hl7v2/fixtures'
import { waitUntil } from '@relais/testkit/wait-until'
import { z } from 'zod'
import type { Asked } from '../driving.ts'
import { type CommandPlatform, together } from './platform.ts'

export const PHYSICIAN = 'rpps:10100000002'
const WARD = '4101'
const COORDINATION = 'finess:990000044'
/** As many as the protocol for an older person who goes home has steps that wait for nothing. */
const STEPS_OF_EACH = 3
const THREADS = 40
const AT_ONCE = 16
const SECONDS_TO_SETTLE = 600
const DAY = 86_400_000

const question =
  'Sortie prévue demain après une décompensation cardiaque : surveillance du poids, et de la tension matin et soir.'
export const MESSAGE = 'Retour prévu demain vers 11 h. L’ordonnance part ce soir, la lettre suivra dans la semaine.'

const Board = z.object({
  rows: z.array(z.object({ stayId: z.string(), patientId: z.string() })),
  next: z.string().optional(),
})
const Runs = z.object({
  runs: z.array(z.object({ runId: z.string(), steps: z.array(z.object({ stepId: z.string(), status: z.string() })) })),
})
type Patient = z.infer<typeof Board>['rows'][number]

/** Makes, of each command, so many that were never given: each is given once. What they are about is there before. */
export type Prepare = (count: number) => Promise<Asked[]>

/** Patients who have just arrived at a ward that a protocol applies to, and what is said of them there. */
export async function preparations(platform: CommandPlatform) {
  await publish(platform)
  const arrive = arrivals(platform)
  const known = await arrive(THREADS)
  const threads = known.map(({ patientId }) => ({ threadId: randomUUID(), patientId }))
  await together(threads, AT_ONCE, ({ threadId, patientId }) =>
    post(platform, `/threads/${threadId}`, { kind: 'patient', title: 'Retour prévu', patientId }),
  )
  return {
    async accept(count) {
      const referrals = Array.from({ length: count }, (_, index) => ({ index, referralId: randomUUID() }))
      await together(referrals, AT_ONCE, ({ index, referralId }) =>
        post(platform, `/referrals/${referralId}`, requestAbout(known[index % known.length])),
      )
      const { physician } = platform.tokens
      return referrals.map(({ referralId }) => asked(physician, `/referrals/${referralId}/accept`, {}))
    },
    async step(count) {
      const patients = await arrive(Math.ceil(count / STEPS_OF_EACH))
      const steps: Asked[] = []
      await together(patients, AT_ONCE, async (patient) => steps.push(...(await stepsOf(platform, patient))))
      return steps.slice(0, count)
    },
    async message(count) {
      return Array.from({ length: count }, (_, index) => {
        const threadId = threads[index % threads.length]?.threadId
        return asked(platform.tokens.nurse, `/threads/${threadId}/posts/${randomUUID()}`, { text: MESSAGE })
      })
    },
  } satisfies Record<string, Prepare>
}

/** Has so many more patients admitted; answers them once they are on the board of their ward. */
function arrivals(platform: CommandPlatform) {
  let arrived = 0
  const taken = new Set<string>()
  return async function arrive(count: number): Promise<Patient[]> {
    const numbers = Array.from({ length: count }, () => (arrived += 1))
    await together(numbers, AT_ONCE, (number) => platform.send(admission(number)))
    const fresh = async () => {
      const patients = (await onBoard(platform)).filter(({ stayId }) => !taken.has(stayId))
      return patients.length >= count && patients
    }
    const patients = await waitUntil(fresh, 'the patients on the board of their ward', SECONDS_TO_SETTLE)
    for (const { stayId } of patients) taken.add(stayId)
    return patients
  }
}

const asked = (token: string, path: string, body: object): Asked => {
  return { path, token, method: 'POST', body: JSON.stringify(body) }
}

function post({ ask, tokens }: CommandPlatform, path: string, body: object): Promise<unknown> {
  return ask(tokens.nurse, { method: 'POST', path, body })
}

function requestAbout(patient: Patient | undefined) {
  const answerBy = new Date(Date.now() + DAY).toISOString()
  const receivers = [{ recipient: PHYSICIAN }]
  const title = 'Suivi à domicile'
  const said = { kind: 'takeOver', urgency: 'soon', title, question, mode: 'firstAcceptance' }
  return { patientId: patient?.patientId, ...said, receivers, answerBy }
}

async function publish({ ask, tokens }: CommandPlatform): Promise<void> {
  const inTwoSeconds = new Date(Date.now() + 2000).toISOString()
  const due = { kind: 'hours', hours: 48, from: 'trigger', clock: 'plain' }
  const step = { owners: ['ward'], after: [], due, escalation: [], skippable: true }
  const titles = ['Appel du médecin traitant', 'Conciliation des traitements', 'Évaluation sociale']
  const definition = {
    title: 'Arrivée d’une personne âgée',
    territory: 'cpts:bench',
    department: '44',
    coordinator: COORDINATION,
    trigger: { on: 'arrival', conditions: [{ fact: 'patientClass', in: ['I'] }] },
    endsOnReadmission: true,
    steps: titles.map((title, index) => ({ stepId: `etape-${index}`, title, ...step })),
  }
  const path = `/protocols/${randomUUID()}/versions/1`
  await ask(tokens.coordinator, { method: 'PUT', path, body: { definition, effectiveFrom: inTwoSeconds } })
  // Who arrives before that day has no run.
  await pause(3000)
}

function admission(number: number): Uint8Array {
  const patient = String(number).padStart(9, '0')
  const effective = new Date().toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).replaceAll(/\D/g, '')
  const numbers = { controlId: patient, ipp: patient, visit: `V${patient}`, movement: `M${patient}` }
  const identity = { familyName: `TEST-${patient}`, insBody: '', reliability: 'PROV' }
  return pamBytes({ trigger: 'A01', effective, ...numbers, ...identity, ward: WARD })
}

async function onBoard({ ask, tokens }: CommandPlatform): Promise<Patient[]> {
  const patients: Patient[] = []
  let after = ''
  for (;;) {
    const path = `/boards/ward/${WARD}?limit=200${after}`
    const { rows, next } = Board.parse(await ask(tokens.nurse, { path }))
    patients.push(...rows)
    if (next === undefined) return patients
    after = `&after=${encodeURIComponent(next)}`
  }
}

/** The open steps of the run that a patient's arrival started. */
async function stepsOf({ ask, tokens }: CommandPlatform, { patientId }: Patient): Promise<Asked[]> {
  const started = async () => {
    const { runs } = Runs.parse(await ask(tokens.nurse, { path: `/patients/${patientId}/runs` }))
    return runs.length > 0 && runs
  }
  const runs = await waitUntil(started, 'the run of a patient who arrived', SECONDS_TO_SETTLE)
  return runs.flatMap(({ runId, steps }) =>
    steps
      .filter(({ status }) => status === 'open')
      .map(({ stepId }) => asked(tokens.nurse, `/runs/${runId}/steps/${stepId}/done`, { requestId: randomUUID() })),
  )
}
