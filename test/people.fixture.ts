import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lookUpPatient } from '@relais/contracts/http'
import { PathwayView } from '@relais/contracts/pathway'
import { z } from 'zod'

/** Where a platform is: what `startRelais` answers. */
export type Platform = { url: string; folder: string }
/** Who asks. The facility and the ward are those of the fixtures of `@relais/hl7v2`, unless said otherwise. */
export type Person = { id: string; role: string; organisation?: string; wards?: readonly string[] }
export type Asked = { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string; body?: object }
export type Answered = { status: number; body: unknown }

export const FACILITY = '990000010'
export const nurse: Person = { id: 'ch-essai:nurse', role: 'infirmier', organisation: FACILITY, wards: ['4101'] }
export const gp: Person = { id: 'rpps:10002909371', role: 'medecin' }

const Issued = z.object({ token: z.string() })

/** A token for a person of the demonstration, as the operator of its folder may have one made. */
export async function tokenFor({ url, folder }: Platform, person: Person, expiresInSeconds = 3600): Promise<string> {
  const operatorKey = readFileSync(join(folder, 'secrets', 'operator.key'), 'utf8').trim()
  const body = { ...person, expiresInSeconds }
  return Issued.parse((await ask({ url }, operatorKey, { method: 'POST', path: '/tokens', body })).body).token
}

/** One request to the public interface. @throws TypeError when nothing answers */
export async function ask({ url }: { url: string }, token: string, asked: Asked): Promise<Answered> {
  const { method = 'GET', path, body } = asked
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }
  const response = await fetch(new URL(path, url), { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  const text = await response.text()
  const parsed: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, body: parsed }
}

/** The id of the patient whom the facility knows by this number; `undefined` while it knows none, or for a stranger. */
export async function findPatient(platform: Platform, token: string, number: string): Promise<string | undefined> {
  const body = { authority: FACILITY, number }
  const found = await ask(platform, token, { method: 'POST', path: lookUpPatient.path, body })
  return found.status === 200 ? z.object({ patientId: z.string() }).parse(found.body).patientId : undefined
}

/** The pathway of a patient whom the asker may see. */
export async function pathwayOf(platform: Platform, token: string, patientId: string): Promise<PathwayView> {
  return PathwayView.parse((await ask(platform, token, { path: `/pathways/${patientId}` })).body)
}
