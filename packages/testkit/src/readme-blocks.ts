import { readFileSync } from 'node:fs'

export type CodeBlock = { language: string; code: string }

/** The fenced code blocks of a Markdown file, in order. A fence is a line that starts with three backticks. */
export function readmeBlocks(path: string): CodeBlock[] {
  const fence = /^```(?<language>[a-z0-9]*)[^\n]*\n(?<code>[\s\S]*?)^```[ \t]*$/gm
  return [...readFileSync(path, 'utf8').matchAll(fence)].map(({ groups }) => ({
    language: groups?.['language'] ?? '',
    code: groups?.['code'] ?? '',
  }))
}
