import { getEhpadBoard, getWardBoard } from '@relais/contracts/http'
import type { Context } from '../context.ts'
import { residentLine, wardLine } from '../notice-lines.ts'
import { namesOf, type PageOptions, query } from './inbox.ts'

const Ward = getWardBoard.responses[200].content['application/json'].schema
const Ehpad = getEhpadBoard.responses[200].content['application/json'].schema

/** Prints who is in a ward, who is expected and who leaves, with the receipts of what others were told of them. */
export async function wardBoard(context: Context, code: string, page: PageOptions): Promise<void> {
  const { body } = await context.api.call({ path: `/boards/ward/${encodeURIComponent(code)}${pageOf(page)}` }, Ward)
  const nameOf = await namesOf(
    context,
    body.rows.map(({ patientId }) => patientId),
  )
  print(
    context,
    body,
    body.rows.map((row) => wardLine(row, nameOf)),
  )
}

/** Prints where the residents of an EHPAD are. */
export async function ehpadBoard(context: Context, finess: string, page: PageOptions): Promise<void> {
  const { body } = await context.api.call({ path: `/boards/ehpad/${encodeURIComponent(finess)}${pageOf(page)}` }, Ehpad)
  const nameOf = await namesOf(
    context,
    body.rows.flatMap(({ patientId }) => patientId ?? []),
  )
  print(
    context,
    body,
    body.rows.map((row) => residentLine(row, nameOf)),
  )
}

const pageOf = ({ after, limit }: PageOptions) => query({ after, limit })

function print({ out }: Context, body: { next?: string | undefined }, lines: readonly string[]): void {
  const more = body.next === undefined ? [] : [`more: --after ${body.next}`]
  out.result(body, lines.length === 0 ? 'Nobody here' : [...lines, ...more].join('\n'))
}
