import { readFileSync } from 'node:fs'
import {
  InvalidSettings,
  type Mode,
  readSettings,
  readTls,
  SharedEnvironment,
  type Variables,
} from '@relais/runtime/settings'
import { z } from 'zod'
import { ConfiguredSender, type Sender } from './intake/senders.ts'

export const StaysEnvironment = z.object({
  MLLP_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address of the MLLP listener; a demonstration stays on loopback'),
  MLLP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(2575)
    .describe('Port of the MLLP listener; 0 takes a free one'),
  MLLP_CLIENT_CA_FILE: z
    .string()
    .optional()
    .describe('PEM authority of the senders’ certificates; asks for one at each connection'),
  MLLP_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(1_048_576)
    .describe('Largest message in bytes; a larger one is answered AR'),
  SENDERS_FILE: z
    .string()
    .optional()
    .describe('JSON list of senders: who may send, and for which assigning authorities'),
  KEEP_MESSAGES_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .default(90)
    .describe('Days that the original bytes of messages are kept'),
})

/** In a demonstration, whatever comes from this machine may speak for any authority. CH-ESSAI is invented. */
const demonstrationSender: Sender = {
  id: 'loopback',
  address: '127.0.0.1',
  authorities: '*',
  facilities: ['990000010'],
  sensitiveWards: ['990000010:4105'],
  quarantineAnswer: 'AE',
}

/** @throws InvalidSettings */
export function loadStaysConfig(mode: Mode, variables: Variables) {
  const settings = readSettings(StaysEnvironment, variables)
  const { MLLP_HOST, MLLP_PORT, MLLP_CLIENT_CA_FILE, MLLP_MAX_BYTES } = settings
  const tls = readTls(readSettings(SharedEnvironment, variables))
  // Without an authority, a sender's certificate is trusted by its fingerprint alone.
  const trust = {
    requestCert: true,
    rejectUnauthorized: MLLP_CLIENT_CA_FILE !== undefined,
    ...(MLLP_CLIENT_CA_FILE === undefined ? {} : { ca: read('MLLP_CLIENT_CA_FILE', MLLP_CLIENT_CA_FILE) }),
  }
  return {
    senders: loadSenders(mode, settings.SENDERS_FILE),
    keepDays: settings.KEEP_MESSAGES_DAYS,
    mllp: { host: MLLP_HOST, port: MLLP_PORT, maxBytes: MLLP_MAX_BYTES, ...(tls ? { tls: { ...tls, ...trust } } : {}) },
  }
}
export type StaysConfig = ReturnType<typeof loadStaysConfig>

function loadSenders(mode: Mode, file: string | undefined): readonly Sender[] {
  if (file === undefined) return mode === 'demonstration' ? [demonstrationSender] : []
  const parsed = z.array(ConfiguredSender).safeParse(json(read('SENDERS_FILE', file)))
  if (!parsed.success)
    throw new InvalidSettings(`SENDERS_FILE is not a list of senders\n${z.prettifyError(parsed.error)}`)
  const anybody = parsed.data.find(({ authorities }) => authorities === '*')
  if (anybody && mode === 'production')
    throw new InvalidSettings('SENDERS_FILE: a sender that may speak for any authority exists in demonstrations only')
  return parsed.data
}

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new InvalidSettings(`${setting} names a file that cannot be read`, { cause })
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidSettings('SENDERS_FILE is not JSON', { cause })
  }
}
