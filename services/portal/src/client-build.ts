import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import type { Logger } from '@relais/telemetry/logger'
import { type ClientFiles, clientFiles } from './client-files.ts'

/** Where the browser application stands. */
export type Client = {
  state(): { is: 'there'; files: ClientFiles } | { is: 'preparing' | 'missing' }
  /** Ends a build that is under way. */
  close(): Promise<void>
}

export type ClientFolders = {
  /** Holds `client/`, `vite.config.ts`, `package.json` and `dist/`. */
  service: string
  lockfile: string
}

export const folders: ClientFolders = {
  service: join(import.meta.dirname, '..'),
  lockfile: join(import.meta.dirname, '../../../pnpm-lock.yaml'),
}

/** In `dist/`: what it was built from. */
const SOURCES = '.sources'
const BUILD = join(import.meta.dirname, 'build-client.ts')

type ClientDeps = { mayBuild: boolean; log: Logger; at?: ClientFolders }

/** The application as it was built; built again beside, by a process of its own, when its sources say something else. */
export function openClient({ mayBuild, log, at = folders }: ClientDeps): Client {
  const dist = join(at.service, 'dist')
  const wanted = mayBuild && existsSync(join(at.service, 'client')) ? fingerprint(at) : undefined
  const isCurrent = () => wanted === undefined || builtFrom(dist) === wanted
  let files = isCurrent() ? clientFiles(dist) : undefined
  let building: { child: ChildProcess; ended: Promise<void> } | undefined

  async function build(child: ChildProcess): Promise<void> {
    const startedAt = performance.now()
    // Node says so of `exit`: a code, or none after a signal.
    const [code] = (await once(child, 'exit')) as [number | null]
    const durationMilliseconds = Math.round(performance.now() - startedAt)
    building = undefined
    if (code === 0 && isCurrent()) {
      files = clientFiles(dist)
      log.info({ durationMilliseconds }, 'the browser application was built')
    } else if (code !== null) log.error({ status: code }, 'the browser application could not be built')
  }

  if (files === undefined && wanted !== undefined) {
    const child = spawn(process.execPath, [BUILD, at.service, wanted], { stdio: 'ignore', cwd: at.service })
    building = { child, ended: build(child) }
  }

  return {
    state: () => (files ? { is: 'there', files } : { is: building ? 'preparing' : 'missing' }),
    async close() {
      building?.child.kill('SIGTERM')
      await building?.ended
    },
  }
}

function builtFrom(dist: string): string | undefined {
  try {
    return readFileSync(join(dist, SOURCES), 'utf8')
  } catch {
    return undefined
  }
}

/** What a build depends on: its sources, how they are built, and the versions of what they use. */
export function fingerprint({ service, lockfile }: ClientFolders): string {
  const sources = readdirSync(join(service, 'client'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const all = [...sources.toSorted(), join(service, 'vite.config.ts'), join(service, 'package.json'), lockfile]
  const hash = createHash('sha256')
  for (const file of all.filter((name) => existsSync(name)))
    hash.update(relative(service, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}
