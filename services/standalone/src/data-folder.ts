import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { InvalidSettings, Mode } from '@relais/runtime/settings'
import { z } from 'zod'

const FOLDER_FILE = 'folder.json'
const SECRET_BYTES = 32

const Birth = z.object({ mode: Mode, bornAt: z.string() })

export type DataFolder = {
  path: string
  mode: Mode
  log: string
  databaseUrl: string
  secrets: string
  /** A secret of 32 bytes, made on first use, readable by its owner alone. */
  secret(name: 'site' | 'master' | 'operator' | 'log'): Buffer
}

/** The folder cannot be used; the message says which, why and what to do. */
export class UnusableFolder extends Error {
  readonly code = 'unusableFolder'
}

/**
 * What the data folder was born, a demonstration or a production, for ever; or what it will be born. Writes nothing.
 * @throws UnusableFolder, InvalidSettings
 */
export function modeOfFolder(path: string, asked: Mode | undefined): Mode {
  const born = prepared(path, () => readBirth(path))
  if (asked !== undefined && born !== undefined && asked !== born)
    throw new InvalidSettings(`RELAIS_MODE is ${asked}, but ${path} was born ${born}, for ever: name another folder`)
  return born ?? asked ?? 'demonstration'
}

/**
 * Opens the data folder, which is born in this mode when there is none yet.
 * @throws UnusableFolder
 */
export function openDataFolder(path: string, mode: Mode, now: () => string): DataFolder {
  prepared(path, () => prepare(path, mode, now))
  const secrets = join(path, 'secrets')
  return {
    path,
    mode,
    log: join(path, 'log'),
    databaseUrl: `sqlite:${join(path, 'data', 'relais.sqlite')}`,
    secrets,
    secret: (name) => prepared(path, () => secretIn(join(secrets, `${name}.key`))),
  }
}

function prepared<Value>(path: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof InvalidSettings || cause instanceof UnusableFolder) throw cause
    const remedy = 'check that it is a folder that you may read and write, or name another with RELAIS_FOLDER'
    throw new UnusableFolder(`The data folder ${path} cannot be used: ${remedy}`, { cause })
  }
}

function readBirth(path: string): Mode | undefined {
  const file = join(path, FOLDER_FILE)
  if (!existsSync(file)) {
    if (globSync('log/*', { cwd: path }).length === 0) return undefined
    const remedy = 'restore that file from a backup, or name another folder with RELAIS_FOLDER'
    throw new UnusableFolder(`${file} is missing, and ${path} holds a log already: ${remedy}`)
  }
  const born = Birth.safeParse(json(readFileSync(file, 'utf8')))
  if (!born.success) throw new UnusableFolder(`${file} does not say how this folder was born: restore it from a backup`)
  return born.data.mode
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function prepare(path: string, mode: Mode, now: () => string): void {
  for (const name of ['', 'log', 'data', 'secrets']) mkdirSync(join(path, name), { recursive: true, mode: 0o700 })
  const file = join(path, FOLDER_FILE)
  if (!existsSync(file)) writeThenRename(file, `${JSON.stringify({ mode, bornAt: now() }, undefined, 2)}\n`)
}

function secretIn(file: string): Buffer {
  if (!existsSync(file)) writeThenRename(file, `${randomBytes(SECRET_BYTES).toString('hex')}\n`)
  if ((statSync(file).mode & 0o077) !== 0)
    throw new UnusableFolder(`${file} must be readable by its owner alone: chmod 600 it`)
  const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (secret.length !== SECRET_BYTES) throw new UnusableFolder(`${file} is damaged: restore it from a backup`)
  return secret
}

/** A crash leaves the whole file or none, and a power cut later leaves it: its name is flushed too. */
export function writeThenRename(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  flushNames(dirname(file))
}

function flushNames(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export type Running = { pid: number; http: string; mllp: { host: string; port: number }; log?: { port: number } }

/** Says where the running process is to be found; taken away when it stops. */
export function announce(path: string, running: Running): () => void {
  const file = join(path, 'run.json')
  writeThenRename(file, `${JSON.stringify(running, undefined, 2)}\n`)
  return () => rmSync(file, { force: true })
}
