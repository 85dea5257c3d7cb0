import { z } from 'zod'
import { Scope } from '../actor.ts'
import { EhpadBoardRow, Expected, InboxItem, Receipts, WardBoardRow } from '../boards.ts'
import { NoticeEntry, ReceiptEntry, ResidentEntry } from '../channel-entries.ts'
import { DeclareMemberBody, Job, Problem, ProjectionStatus, TokenRequest } from '../http.ts'
import { FieldProblem, RepairEdit } from '../messages.ts'
import { Misdirection } from '../notice-routes.ts'
import { NoticeAction, NoticeId, NoticeNature } from '../notices.ts'
import { PathwayEntry, PathwayView } from '../pathway.ts'
import { CircleRole, LegalGround, ReportedIdentity } from '../patients.ts'
import {
  Authority,
  Instant,
  LogPosition,
  MessageId,
  MovementId,
  PatientId,
  ProfessionalId,
  StayId,
  Ward,
} from '../primitives.ts'
import { Discharge, Flag } from '../movements.ts'
import { Standing } from '../standing.ts'

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown }

export type SchemaWriter = {
  /** What is sent to the platform (`input`: defaults may be left out) or by it (`output`). */
  write(schema: z.ZodType, io: 'input' | 'output'): JsonSchema
  /** The named schemas that were met so far. */
  components(): Record<string, JsonSchema>
}

const Part = z.record(z.string(), z.unknown())
/** Draft 7 says `definitions`, 2020-12 `$defs`. */
const Definitions = z.record(z.string(), Part).optional()
const Whole = z.object({ items: Part, $defs: Definitions, definitions: Definitions })

const named = {
  Authority,
  CircleRole,
  DeclareMemberBody,
  Discharge,
  EhpadBoardRow,
  Expected,
  FieldProblem,
  Flag,
  InboxItem,
  Instant,
  Job,
  LegalGround,
  LogPosition,
  MessageId,
  Misdirection,
  MovementId,
  NoticeAction,
  NoticeEntry,
  NoticeId,
  NoticeNature,
  PathwayEntry,
  PathwayView,
  PatientId,
  Problem,
  ProfessionalId,
  ProjectionStatus,
  ReceiptEntry,
  Receipts,
  RepairEdit,
  ReportedIdentity,
  ResidentEntry,
  Scope,
  Standing,
  StayId,
  TokenRequest,
  Ward,
  WardBoardRow,
}
const names = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(named)) names.add(schema, { id })

/**
 * Writes zod schemas as JSON Schema for one document: named ones once, under `#/components/schemas`.
 * @throws Error when a named schema is used both ways and does not read the same
 */
export function schemaWriter(target: 'draft-7' | 'draft-2020-12'): SchemaWriter {
  const components = new Map<string, JsonSchema>()
  return {
    write(schema, io) {
      const options = { io, target, metadata: names, override: finish, reused: 'inline' } as const
      // Inside an array, so that a named schema is a reference also where it is the whole.
      const { items, $defs, definitions } = Whole.parse(relocated(z.toJSONSchema(z.array(schema), options)))
      for (const [name, definition] of Object.entries({ ...$defs, ...definitions })) keep(components, name, definition)
      return items
    },
    components: () => Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function keep(components: Map<string, JsonSchema>, name: string, schema: JsonSchema): void {
  const known = components.get(name)
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`${name} does not read the same as input and as output: name one schema for each`)
  components.set(name, schema)
}

/** A reader survives a field it does not know: only a strict object forbids them. */
function finish({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }) {
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) delete jsonSchema.additionalProperties
  const description = z.globalRegistry.get(zodSchema)?.description
  if (description !== undefined) jsonSchema.description = description
  if (jsonSchema.format === 'lowercase') Object.assign(jsonSchema, lowerCaseUuid)
  if (jsonSchema.format === 'date-time') Object.assign(jsonSchema, instant)
  delete jsonSchema.id
}

/** The same as zod's patterns, for a reader: leap years and letter cases are told by the format. */
const lowerCaseUuid = { format: 'uuid', pattern: '^[0-9a-f-]{36}$', allOf: undefined }
const instant = { pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$` }

/** From zod's place for definitions to that of OpenAPI and AsyncAPI. */
function relocated(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll(/"#\/(?:\$defs|definitions)\//g, '"#/components/schemas/'))
}
