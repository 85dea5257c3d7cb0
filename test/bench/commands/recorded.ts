import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

/** An event as the log keeps it, sealed. */
export const RecordedText = z.object({ type: z.string(), metadata: z.string(), data: z.string() })
export type RecordedText = z.infer<typeof RecordedText>

const Named = RecordedText.extend({ stream: z.string() })
const correlationOf = ({ metadata }: RecordedText) =>
  z.object({ $correlationId: z.string() }).parse(JSON.parse(metadata)).$correlationId

/** What the last command on a stream of this category appended to it. */
export function lastAppend(folder: string, category: string): RecordedText[] {
  using log = new DatabaseSync(join(folder, 'log', 'log.sqlite'), { readOnly: true })
  const columns = 'type, cast(metadata as text) as metadata, cast(data as text) as data'
  const last = log.prepare(`select ${columns}, stream.name as stream from event join stream on stream.id = event.stream
    where stream.name glob ? order by position desc limit 1`)
  const named = Named.parse(last.get(`${category}-*`))
  const whole = log.prepare(`select ${columns} from event join stream on stream.id = event.stream
    where stream.name = ? order by position`)
  const events = z.array(RecordedText).parse(whole.all(named.stream))
  return events.filter((event) => correlationOf(event) === correlationOf(named))
}
