import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
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

/**
 * The application as it was built. Where it may be built, that is done again beside, by a process of its own, when its
 * sources say something else, and whatever else is built there meanwhile is seen.
 */
export function openClient({ mayBuild, log, at = folders }: ClientDeps): Client {
  const dist = join(at.service, 'dist')
  const wanted = mayBuild && existsSync(join(at.service, 'client')) ? fingerprint(at) : undefined
  let read: { files: ClientFiles | undefined; changedAt: number } | undefined
  let building: { child: ChildProcess; ended: Promise<void> } | undefined

  function built(): ClientFiles | undefined {
    const changedAt = mayBuild || read === undefined ? changeOf(dist) : read.changedAt
    if (read?.changedAt !== changedAt) read = { files: clientFiles(dist), changedAt }
    return read.files
  }

  async function ended(child: ChildProcess, output: string): Promise<void> {
    const startedAt = performance.now()
    // Node says so of `exit`: a code, or none after a signal.
    const [code] = (await once(child, 'exit')) as [number | null]
    const durationMilliseconds = Math.round(performance.now() - startedAt)
    building = undefined
    if (code === 0) log.info({ durationMilliseconds }, 'the browser application was built')
    else if (code !== null) log.error({ status: code, file: output }, 'the browser application could not be built')
  }

  if (wanted !== undefined && builtFrom(dist) !== wanted) {
    const output = join(at.service, 'node_modules/.build-client.log')
    const lines = openSync(output, 'w')
    const child = spawn(process.execPath, [BUILD, at.service, wanted], {
      stdio: ['ignore', lines, lines],
      cwd: at.service,
    })
    closeSync(lines)
    building = { child, ended: ended(child, output) }
  }

  return {
    state() {
      // What could not be built is as it was last built.
      const files = building ? undefined : built()
      return files ? { is: 'there', files } : { is: building ? 'preparing' : 'missing' }
    },
    async close() {
      building?.child.kill('SIGTERM')
      await building?.ended
    },
  }
}

function changeOf(dist: string): number {
  return statSync(join(dist, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
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
