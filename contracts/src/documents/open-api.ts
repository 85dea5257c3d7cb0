import type { RouteConfig } from '@hono/zod-openapi'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import * as http from '../http.ts'
import { platformProblems } from './problem-codes.ts'
import { type JsonSchema, schemaWriter, type SchemaWriter } from './schemas.ts'

/** The OpenAPI 3.1 document of every route of the platform. */
export function openApiDocument() {
  const writer = schemaWriter('draft-2020-12')
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const [service, routes] of Object.entries(http.routes))
    for (const route of routes)
      paths[route.path] = { ...paths[route.path], [route.method]: operation(route, service, writer) }
  return {
    openapi: '3.1.0',
    info: { title: 'Relais', version: packageJson.version, license, description: introduction() },
    servers: [{ url: '/' }],
    tags: Object.keys(http.routes).map((name) => ({ name })),
    paths,
    components: { schemas: writer.components(), securitySchemes },
  }
}

const Content = z.record(z.string(), z.object({ schema: z.instanceof(z.ZodType) }))

const license = { name: packageJson.license, identifier: packageJson.license }

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of the configured issuer. Its scopes say what may be asked for at all.',
  },
  operatorKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'The operator key of a demonstration folder. Production has no such route.',
  },
  portalCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-relais',
    description:
      'Whoever signed in at `/app/sign-in`. With it, `/app/api` answers every route here that asks for a bearer token.',
  },
} as const

function introduction(): string {
  const rows = Object.values(platformProblems).map(
    ({ code, status, title }) => `| \`${code}\` | ${status} | ${title} |`,
  )
  return [
    'Refusals are `application/problem+json` (RFC 9457): match on `type`, which is `urn:relais:problem:<code>`.',
    '`instance` is `urn:relais:request:<correlation id>`. No received value is ever echoed.',
    'Any route may answer these codes; those of one service are in its README.',
    '',
    '| code | status | title |',
    '|---|---|---|',
    ...rows,
  ].join('\n')
}

function operation(route: RouteConfig, service: string, writer: SchemaWriter): JsonSchema {
  const { params, query, headers, body } = route.request ?? {}
  const parameters = [
    ...parametersIn('path', params, writer),
    ...parametersIn('query', query, writer),
    ...parametersIn('header', headers, writer),
  ]
  return {
    operationId: nameOf(route),
    tags: [service],
    summary: route.summary,
    ...(route.security === undefined ? {} : { security: route.security }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required ?? false, content: written(body.content, 'input', writer) } }),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, response]) => [status, answer(response, writer)]),
    ),
  }
}

/** The name under which the contract exports a route. */
function nameOf(route: RouteConfig): string {
  const found = Object.entries(http).find(([, exported]) => exported === route)
  if (found === undefined) throw new Error(`${route.method} ${route.path} is not exported by http.ts`)
  return found[0]
}

function parametersIn(place: 'path' | 'query' | 'header', schema: unknown, writer: SchemaWriter): JsonSchema[] {
  if (!(schema instanceof z.ZodObject)) return []
  const { required } = z.object({ required: z.array(z.string()).default([]) }).parse(writer.write(schema, 'input'))
  return Object.entries(schema.shape).map(([name, value]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: value instanceof z.ZodType ? writer.write(value, 'input') : {},
  }))
}

function answer(response: RouteConfig['responses'][string], writer: SchemaWriter): JsonSchema {
  const content = 'content' in response ? response.content : undefined
  return {
    description: 'description' in response ? response.description : '',
    ...(content === undefined ? {} : { content: written(content, 'output', writer) }),
  }
}

function written(content: object, io: 'input' | 'output', writer: SchemaWriter): JsonSchema {
  const written: Record<string, JsonSchema> = {}
  for (const [mediaType, { schema }] of Object.entries(Content.parse(content)))
    written[mediaType] = { schema: writer.write(schema, io) }
  return written
}
