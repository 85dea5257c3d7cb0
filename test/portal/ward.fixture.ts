import { WardBoardRow } from '@relais/contracts/boards'
import type { PamMessage } from '@relais/hl7v2/fixtures'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Locator, Page } from 'playwright-core'
import { inhabitant, PARIS, type Town, WARD } from '../loops/town.fixture.ts'
import { z } from 'zod'
import { announced, button, dialogOf, openStage } from './acts.fixture.ts'
import { people } from './portal.fixture.ts'

const rppsOfGp = people.gp.id.replace('rpps:', '')

/** So many hours later, as a field of date and time holds it where the hospital is. */
export function inField(instant: string, hours = 0): string {
  const at = new Date(Date.parse(instant) + hours * 3_600_000)
  return at.toLocaleString('sv-SE', { timeZone: PARIS }).slice(0, 16).replace(' ', 'T')
}

/** Finds somebody in the directory, or an establishment, and chooses. */
export async function choose(within: Page | Locator, label: string | RegExp, name: string): Promise<void> {
  await within.getByLabel(label).fill(name)
  const found = within.getByRole('list', { name: 'Résultats de l’annuaire' }).getByRole('button')
  // The family name comes first there.
  await found
    .filter({ hasText: name.split(' ').at(-1) ?? name })
    .first()
    .click()
}

const Board = z.object({ rows: z.array(WardBoardRow) })

/** Somebody has come to the ward, whom the GP follows. */
export async function admittedOn(town: Town, familyName: string) {
  const patient = { ...inhabitant(800), familyName, primaryPhysicianRpps: rppsOfGp }
  await town.sends({ ...patient, movement: 'W800' })
  const patientId = await town.idOf(patient.ipp)
  const ward = await town.as(people.wardNurse)
  const rowOf = async () =>
    (await ward.reads(Board, `/boards/ward/${WARD}`)).rows.find((row) => row.patientId === patientId)
  const { stayId } = await waitUntil(rowOf, `${familyName} to be on the board`)
  return { patientId, stayId }
}

/** A ward of the hospital and a GP in town, each before a screen. */
export async function openWard() {
  const stage = await openStage()
  const { town, comes } = stage
  const nurse = await comes(people.wardNurse)
  const gp = await comes(people.gp)
  let number = 0

  /** The software of the hospital says that somebody has come whom the GP follows. */
  async function admits(familyName: string, message: Partial<PamMessage> = {}) {
    number += 1
    const patient = { ...inhabitant(number), familyName, room: `${100 + number}`, primaryPhysicianRpps: rppsOfGp }
    await town.sends({ ...patient, movement: `W${number}`, ...message })
    return { ...patient, patientId: await town.idOf(patient.ipp) }
  }
  const board = () => nurse.getByRole('navigation').getByRole('link', { name: 'Cardiologie' }).click()
  const onBoard = (familyName: string) => nurse.getByRole('main').getByRole('link', { name: new RegExp(familyName) })

  return {
    ...stage,
    nurse,
    gp,
    admits,
    board,
    onBoard,
    /** From the board, as one finds somebody there. */
    async opens(familyName: string) {
      await board()
      await onBoard(familyName).first().click()
      await nurse.getByRole('heading', { level: 1, name: new RegExp(familyName) }).waitFor()
    },
    /** Says a movement: in the form that opens, what is to be filled in, then what the log answers. */
    async says(act: string, recorded: string, fill: (form: Locator) => Promise<unknown> = async () => {}) {
      await button(nurse, act).click()
      const form = dialogOf(nurse, act)
      await fill(form)
      await form.getByRole('button', { name: 'Enregistrer' }).click()
      await announced(nurse, `Enregistré : ${recorded}`)
    },
    /** Takes one of the movements back, which is asked twice. */
    async withdraws(movement: string, tick?: RegExp) {
      const known = nurse.getByRole('region', { name: 'Mouvements' }).getByRole('listitem')
      const one = known.filter({ has: nurse.getByRole('heading', { name: movement, exact: true }) })
      await one.getByRole('button', { name: 'Annuler ce mouvement' }).click()
      const form = dialogOf(nurse, 'Annuler ce mouvement ?')
      if (tick) await form.getByLabel(tick).check()
      await form.getByRole('button', { name: 'Annuler ce mouvement' }).click()
      await announced(nurse, `Mouvement annulé : ${movement.toLowerCase()}`)
    },
    /** What the GP has in the inbox of somebody. */
    inInbox: (familyName: string, what = '') =>
      gp.getByRole('main').getByRole('link', { name: new RegExp(`${familyName}.*${what}`, 's') }),
  }
}
export type WardStage = Awaited<ReturnType<typeof openWard>>
