import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { InvalidSettings, readSettings, SharedEnvironment, type Variables } from '@relais/runtime/settings'
import { z } from 'zod'

export const FolderEnvironment = z.object({
  RELAIS_FOLDER: z.string().default('.relais').describe('Data folder of `start`'),
  LOG_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(2113)
    .describe('Port of the log served with `--serve-log`'),
  DEMONSTRATION_TERRITORY: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('`false` leaves a new demonstration without the invented places and people'),
})
const StandaloneEnvironment = SharedEnvironment.extend(FolderEnvironment.shape)

/** @throws InvalidSettings */
export function loadConfig(variables: Variables, args: readonly string[]) {
  const settings = readSettings(StandaloneEnvironment, variables)
  return { ...settings, RELAIS_FOLDER: resolve(settings.RELAIS_FOLDER), serveLog: readArgs(args) }
}
export type StandaloneConfig = ReturnType<typeof loadConfig>

function readArgs(args: readonly string[]): boolean {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'serve-log': { type: 'boolean', default: false } } })
    return values['serve-log']
  } catch {
    throw new InvalidSettings('start takes one option: --serve-log')
  }
}
