import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { messageOf } from '../push/messages.ts'
import { overMllp } from '../push/transports.ts'
import { startPlatform } from '../processes.ts'

const MESSAGES_AT_ONCE = 300

const asIs = { slowFlush: false, profile: undefined }

/** A data folder with a log of at least so many events, made by messages like any other's, and all handled. */
export async function folderWithEvents(count: number): Promise<string> {
  const folder = temporaryFolder()
  const platform = await startPlatform(asIs, folder)
  const transport = overMllp(platform.mllp.host, platform.mllp.port)
  for (let index = 0; eventsIn(folder) < count; index += MESSAGES_AT_ONCE) {
    const numbers = Array.from({ length: MESSAGES_AT_ONCE }, (_, offset) => index + offset)
    await Promise.all(numbers.map((number) => transport.send(messageOf(number))))
  }
  transport.close()
  await platform.stop()
  // Ready means that what follows the log has come to its end, which intake may have outrun.
  const again = await startPlatform(asIs, folder)
  await again.stop()
  return folder
}

export function eventsIn(folder: string): number {
  using log = new DatabaseSync(join(folder, 'log', 'log.sqlite'), { readOnly: true })
  return Number(log.prepare('SELECT count(*) AS events FROM event').get()?.['events'])
}
