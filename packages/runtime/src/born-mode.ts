import type { Database } from '@relais/database/database'
import type { EventStore } from '@relais/event-store/port'
import type { VaultTables } from '@relais/vault/migrations'
import { InvalidSettings, Mode } from './settings.ts'

const STREAM = 'log-mode'

/**
 * A log and a database are born a demonstration or a production, for ever: whoever opens one first says which.
 * @throws InvalidSettings when one was born the other; StoreUnavailable, LogFull, DatabaseUnavailable
 */
export async function requireBornAs(
  asked: Mode,
  { store, database, newId }: { store: EventStore; database: Database<VaultTables>; newId: () => string },
): Promise<void> {
  refuseOther('log', await modeOfLog(store, asked, newId), asked)
  refuseOther('database', await modeOfDatabase(database, asked), asked)
}

function refuseOther(what: 'log' | 'database', born: Mode, asked: Mode): void {
  if (born !== asked)
    throw new InvalidSettings(`RELAIS_MODE is ${asked}, but this ${what} was born ${born}, for ever: name another one`)
}

async function modeOfLog(store: EventStore, asked: Mode, newId: () => string): Promise<Mode> {
  const born = await readMode(store)
  if (born) return born
  const event = { id: newId(), type: 'LogModeChosen.v1', data: { mode: asked }, metadata: {} }
  const { appended } = await store.append(STREAM, 'noStream', [event])
  return appended ? asked : ((await readMode(store)) ?? asked)
}

async function readMode(store: EventStore): Promise<Mode | undefined> {
  for await (const { data } of store.readStream(STREAM, { limit: 1 })) return Mode.parse(data['mode'])
  return undefined
}

async function modeOfDatabase({ db }: Database<VaultTables>, asked: Mode): Promise<Mode> {
  const born = db.selectFrom('vault_setting').select('value').where('name', '=', 'mode')
  await db
    .insertInto('vault_setting')
    .values({ name: 'mode', value: asked })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return Mode.parse((await born.executeTakeFirstOrThrow()).value)
}
