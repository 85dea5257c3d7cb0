import { readSettings, type Variables } from '@relais/runtime/settings'
import { z } from 'zod'

export const ChannelsEnvironment = z.object({
  CHANNELS_GATEWAY: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,19}$/, 'expected up to 20 lower case letters and digits')
    .optional()
    .describe('Name of this gateway among several on one database: each keeps a view of its own'),
  CHANNELS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .optional()
    .describe('Origins that pages may open channels from, separated by commas; any when left out'),
})

/** @throws InvalidSettings */
export function loadChannelsConfig(variables: Variables) {
  const { CHANNELS_GATEWAY, CHANNELS_ORIGINS } = readSettings(ChannelsEnvironment, variables)
  return {
    schema: CHANNELS_GATEWAY === undefined ? 'channels' : `channels_${CHANNELS_GATEWAY}`,
    ...(CHANNELS_ORIGINS ? { origins: CHANNELS_ORIGINS } : {}),
  }
}
export type ChannelsConfig = ReturnType<typeof loadChannelsConfig>
