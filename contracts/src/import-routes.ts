import { createRoute, z } from '@hono/zod-openapi'
import { bearer, body, json, problems } from './route-parts.ts'

export const ImportKind = z.enum(['finess', 'rpps'])
export type ImportKind = z.infer<typeof ImportKind>

/** What a line of a file is told. A warning is kept all the same. Says where and why, never what was there. */
export const ImportNote = z.object({
  line: z.int().positive(),
  column: z.string().optional(),
  reason: z.enum([
    'columnsMissing',
    'missing',
    'invalid',
    'tooLong',
    'quoteUnbalanced',
    'lineKindUnknown',
    'repeated',
    'refused',
    'keyDoubtful',
    'insNotKept',
  ]),
  /** For `refused`: the code of the refusal. */
  code: z.string().optional(),
  severity: z.enum(['refused', 'warning']),
})
export type ImportNote = z.infer<typeof ImportNote>

/** Why a file is refused as a whole. */
export const FileRefusal = z.enum(['encodingUnreadable', 'headerUnexpected', 'lineTooLong', 'noLines'])
export type FileRefusal = z.infer<typeof FileRefusal>

const Counts = z.object({
  lines: z.int(),
  /** Facilities, professionals or residents that are new or differ, and those that were known as they are. */
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  warnings: z.int(),
})
export const ImportView = Counts.extend({
  importId: z.uuid(),
  kind: ImportKind,
  state: z.enum(['running', 'done', 'refused']),
  refusal: FileRefusal.optional(),
  size: z.int(),
  /** Everything before this byte is done: the next part starts here. */
  offset: z.int(),
})
export type ImportView = z.infer<typeof ImportView>

export const openImport = createRoute({
  method: 'post',
  path: '/directory/imports',
  summary: 'Begin, or take up again, the import of a national extract, known by its kind, hash and size',
  security: bearer,
  request: body(
    z.strictObject({
      kind: ImportKind,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      size: z.int().min(1).max(20_000_000_000),
      /** From the first byte, also when it was done before. */
      again: z.boolean().default(false),
    }),
  ),
  responses: { 200: json(ImportView, 'Where it is'), default: problems },
})

const importParams = z.strictObject({ importId: z.uuid() })
export const PART_BYTES = 524_288
export const sendImportPart = createRoute({
  method: 'post',
  path: '/directory/imports/{importId}/parts',
  summary: `The next bytes, ${PART_BYTES} at most, from \`offset\` on. Whole lines are imported; what is left comes again`,
  security: bearer,
  request: {
    params: importParams,
    query: z.strictObject({ offset: z.coerce.number().int().min(0) }),
    body: { required: true, content: { 'application/octet-stream': { schema: z.string() } } },
  },
  responses: { 200: json(ImportView, 'Where it is now'), default: problems },
})

export const readImport = createRoute({
  method: 'get',
  path: '/directory/imports/{importId}',
  summary: 'How far an import is, the first thousand lines refused, and the first hundred doubted',
  security: bearer,
  request: { params: importParams },
  responses: { 200: json(ImportView.extend({ notes: z.array(ImportNote) }), 'The import'), default: problems },
})

export const ImportedResidents = Counts.extend({ refusal: FileRefusal.optional(), notes: z.array(ImportNote) })

export const importRoutes = [openImport, sendImportPart, readImport] as const
