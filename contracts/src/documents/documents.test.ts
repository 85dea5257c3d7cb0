import { Parser } from '@asyncapi/parser'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ClientFrame, ServerFrame } from '../channels.ts'
import { Problem, routes, TokenRequest } from '../http.ts'
import { asyncApiDocument } from './async-api.ts'
import { generatedFiles, isUpToDate } from './generated.ts'
import { openApiDocument } from './open-api.ts'
import { platformProblems } from './problem-codes.ts'
import { schemaWriter } from './schemas.ts'

/** Every value under a given key, however deep. */
function everywhere(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...everywhere(key, inner)])
}

function resolves(document: unknown, reference: string): boolean {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((part, name) => z.record(z.string(), z.unknown()).safeParse(part).data?.[name], document)
  return found !== undefined
}

const Operation = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  responses: z.record(z.string(), z.unknown()),
})
const openApi = openApiDocument()
const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...Operation.parse(operation) })),
)

test.each(generatedFiles())('$name says what the contracts say; `pnpm run docs` writes it again', (file) => {
  expect(isUpToDate(file)).toBe(true)
})

test('every route of the contract has an operation, under a name of its own', () => {
  const declared = Object.values(routes)
    .flat()
    .map(({ method, path }) => `${method} ${path}`)
  expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(declared.toSorted())
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(declared.length)
})

test('every parameter of a path is declared', () => {
  for (const { path, parameters } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named)
  }
})

test('every route asks for a known credential, but the public keys', () => {
  const open = operations.filter(({ security }) => security === undefined)
  expect(open.map(({ operationId }) => operationId)).toEqual(['readJwks'])
  const asked = operations.flatMap(({ security = [] }) => security.flatMap((each) => Object.keys(each)))
  expect(Object.keys(openApi.components.securitySchemes)).toEqual(expect.arrayContaining([...new Set(asked)]))
})

test.each([
  ['OpenAPI', openApi],
  ['AsyncAPI', asyncApiDocument()],
])('every reference of the %s document resolves', (_, document) => {
  const references = z.array(z.string()).parse(everywhere('$ref', document))
  expect(references.length).toBeGreaterThan(10)
  expect(references.filter((reference) => !resolves(document, reference))).toEqual([])
})

test('problem codes are keyed by themselves and documented', () => {
  for (const [key, { code }] of Object.entries(platformProblems)) {
    expect(code).toBe(key)
    expect(openApi.info.description).toContain(`| \`${code}\` |`)
  }
})

test('what may be left out of a request is optional, and answers may grow', () => {
  const { TokenRequest: request, Problem: problem } = openApi.components.schemas
  expect(request).toMatchObject({ required: ['id', 'role'], additionalProperties: false })
  expect(problem).not.toHaveProperty('additionalProperties')
  expect(Problem.safeParse({ type: 'x', title: 'x', status: 400, instance: 'x', code: 'y' }).success).toBe(true)
})

test('a named schema that does not read the same both ways is refused', () => {
  const writer = schemaWriter('draft-2020-12')
  writer.write(TokenRequest, 'input')
  expect(() => writer.write(TokenRequest, 'output')).toThrow('TokenRequest does not read the same')
})

test('the AsyncAPI document is valid, and holds every frame in its direction', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument()))
  expect({ valid: document !== undefined, diagnostics }).toMatchObject({ valid: true })
  const namesOf = (action: 'isSend' | 'isReceive') =>
    document
      ?.operations()
      .filter((operation) => operation[action]())
      .map((operation) => operation.id()) ?? []
  expect(namesOf('isReceive')).toEqual(ClientFrame.options.map((frame) => frame.shape.type.value))
  expect(namesOf('isSend')).toEqual(ServerFrame.options.map((frame) => frame.shape.type.value))
})
