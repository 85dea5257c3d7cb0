import { lookUpPatient } from '@relais/contracts/http'
import { resolve } from 'node:path'
import { z } from 'zod'
import { api, type Api } from './api.ts'
import { misused, refused } from './failures.ts'
import { output, type Output } from './output.ts'
import { type Issued, type PersonOptions, tokenFor } from './person.ts'
import { findRunning, operatorKey } from './running.ts'

export type GlobalOptions = PersonOptions & { folder: string; url?: string | undefined; json?: boolean | undefined }

/** What every command works with: where the platform is, who asks, and where to write. */
export type Context = {
  /** Where the platform is now: after a restart it may listen elsewhere. @throws CommandFailed when none runs */
  url: () => string
  out: Output
  api: Api
  issueToken: () => Promise<Issued>
}

export function contextOf(options: GlobalOptions): Context {
  const folder = resolve(options.folder)
  const url = () => options.url ?? findRunning(folder).http
  // MUST go to the process of the folder only: it lets its holder have any token made.
  const key = () => (options.url === undefined ? operatorKey(folder) : undefined)
  const issueToken = async () => tokenFor(options, url(), key())
  return { url, out: output(options.json ?? false), api: api(url, async () => (await issueToken()).token), issueToken }
}

export type PatientOptions = { patient?: string | undefined; ipp?: string | undefined }

const Found = z.object({ patientId: z.string() })

/** `CHU-X:000003` is the number 000003 that the authority CHU-X gave. */
export async function findPatient(context: Context, { patient, ipp }: PatientOptions): Promise<string | undefined> {
  if (patient !== undefined) return patient
  const [, authority, number] = /^(.+):([^:]+)$/.exec(ipp ?? '') ?? []
  if (!authority || !number)
    throw misused('Name the patient: --patient <id>, or --ipp <authority>:<number> such as CHU-X:000003')
  const request = { method: 'POST' as const, path: lookUpPatient.path, body: { authority, number } }
  return (await context.api.find(request, Found))?.body.patientId
}

export async function requirePatient(context: Context, options: PatientOptions): Promise<string> {
  const patientId = await findPatient(context, options)
  if (patientId === undefined)
    throw refused('No such patient here, or not yours to see. Say who asks with --as, --id, --organisation and --ward')
  return patientId
}
