import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { asyncApiDocument } from './async-api.ts'
import { openApiDocument } from './open-api.ts'

export type GeneratedFile = { name: string; path: string; content: string }

/** The files of `contracts/generated`, as the contracts now say. */
export function generatedFiles(): GeneratedFile[] {
  return [file('openapi.json', openApiDocument()), file('asyncapi.json', asyncApiDocument())]
}

function file(name: string, document: object): GeneratedFile {
  const path = fileURLToPath(new URL(`../../generated/${name}`, import.meta.url))
  return { name, path, content: `${JSON.stringify(document, null, 2)}\n` }
}

/** Whether the file that is there says the same. */
export function isUpToDate({ path, content }: GeneratedFile): boolean {
  try {
    return readFileSync(path, 'utf8') === content
  } catch {
    return false
  }
}
