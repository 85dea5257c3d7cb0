import { openImport, PART_BYTES, readImport, sendImportPart } from '@relais/contracts/import-routes'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { requireMediaType } from '@relais/http/validation'
import type { ImportDesk, PartRefusal } from '../imports/import-desk.ts'

const problems = {
  importUnknown: { code: 'importUnknown', status: 404, title: 'No such import: open it first' },
  offsetMismatch: { code: 'offsetMismatch', status: 409, title: 'The next part begins at another byte' },
  partTooLong: { code: 'partTooLong', status: 422, title: 'The file is longer than was said' },
  operatorsOnly: { code: 'operatorsOnly', status: 403, title: 'National extracts are imported by who operates Relais' },
} as const satisfies Record<PartRefusal['code'] | 'operatorsOnly', ProblemKind>

/** National extracts, in parts, for who operates the platform. */
export function importRoutes({ desk, ...deps }: HttpAppDeps & { desk: ImportDesk }) {
  const app = httpApp(deps)
  app.use('/directory/imports/*', requireScope('directory:write'), async function byOperators(c, next) {
    return c.get('actor').role === 'operateur' ? next() : problem(c, problems.operatorsOnly)
  })
  app.use('/directory/imports/:importId/parts', requireMediaType('application/octet-stream'))
  app.openapi(openImport, async (c) => c.json(await desk.open(c.req.valid('json')), 200))
  app.openapi(sendImportPart, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer())
    if (bytes.length > PART_BYTES) return problem(c, platformProblems.bodyTooLarge)
    const { offset } = c.req.valid('query')
    const taken = await desk.take(c.req.valid('param').importId, { offset, bytes }, commandContext(c))
    if (!('refusal' in taken)) return c.json(taken.view, 200)
    const { code, ...details } = taken.refusal
    return problem(c, problems[code], details)
  })
  app.openapi(readImport, async (c) => {
    const found = await desk.read(c.req.valid('param').importId)
    return found ? c.json(found, 200) : problem(c, problems.importUnknown)
  })
  return app
}
