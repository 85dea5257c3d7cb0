import type { EventStore } from '@relais/event-store/port'
import { InvalidSettings, Mode } from './settings.ts'

const STREAM = 'log-mode'

/**
 * A log is born a demonstration or a production, for ever: whoever opens it first says which.
 * @throws InvalidSettings when it was born the other one; StoreUnavailable, LogFull
 */
export async function requireBornAs(store: EventStore, asked: Mode, newId: () => string): Promise<void> {
  const born = (await readMode(store)) ?? (await giveBirth(store, asked, newId))
  if (born !== asked)
    throw new InvalidSettings(`RELAIS_MODE is ${asked}, but this log was born ${born}, for ever: name another one`)
}

async function giveBirth(store: EventStore, mode: Mode, newId: () => string): Promise<Mode> {
  const event = { id: newId(), type: 'LogModeChosen.v1', data: { mode }, metadata: {} }
  const { appended } = await store.append(STREAM, 'noStream', [event])
  return appended ? mode : ((await readMode(store)) ?? mode)
}

async function readMode(store: EventStore): Promise<Mode | undefined> {
  for await (const { data } of store.readStream(STREAM, { limit: 1 })) return Mode.parse(data['mode'])
  return undefined
}
