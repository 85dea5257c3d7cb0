import { TERRITORY } from '@relais/testkit/territory'
import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Report } from '../report.ts'
import { comparedColumns, comparedReads } from './compared.ts'
import { eventsOf, territoryFolder } from './fill.ts'
import { issuer, questionsOf } from './questions.ts'

/** Boards of wards and EHPAD, and inboxes, at the size of a territory, beside the bare queries behind the same HTTP. */
export async function benchBoards(options: Options): Promise<Report> {
  const size = { ...TERRITORY, years: options.years }
  const folder = await territoryFolder(options.folder, size)
  const { jwks, tokenFor } = await issuer()
  const relais = await startProgram(new URL('./timelines.ts', import.meta.url), { folder, jwks }, options)
  const bare = await startProgram(new URL('./bare-boards.ts', import.meta.url), { folder, jwks }, options)
  const rows = await comparedReads(await questionsOf(size, tokenFor), { relais, bare }, options)
  await relais.stop()
  await bare.stop()
  const { inhabitants, professionals, years } = size
  return {
    columns: comparedColumns,
    rows,
    notes: [
      `${inhabitants.toLocaleString('en')} inhabitants, ${professionals} professionals, ${years} years: ` +
        `${eventsOf(folder).toLocaleString('en')} events. Medians of ${ROUNDS} rounds in turn, over the boards of 24 wards ` +
        'and 12 EHPAD and the inboxes of every professional, both in one process each and asked from a third, after every ' +
        'one of them was asked. The bare side verifies the same tokens with the same code and answers the rows as they ' +
        'are, in the same pages of 50. CPU is that of the server, all threads, for one request.',
    ],
  }
}
