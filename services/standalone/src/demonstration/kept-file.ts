import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { UnusableFolder, writeThenRename } from '../data-folder.ts'

export type KeptFile<Value> = { read(): Value | undefined; write(value: Value): void }

/** A small thing that the demonstration keeps in its data folder, whole or not at all. @throws UnusableFolder when damaged */
export function keptFile<Schema extends z.ZodType>(
  folder: string,
  name: 'clock' | 'day' | 'territory',
  schema: Schema,
): KeptFile<z.infer<Schema>> {
  const own = join(folder, 'demonstration')
  const file = join(own, `${name}.json`)
  return {
    read() {
      if (!existsSync(file)) return undefined
      const kept = schema.safeParse(json(readFileSync(file, 'utf8')))
      if (!kept.success) throw new UnusableFolder(`${file} is damaged: restore it from a backup`)
      return kept.data
    },
    write(value) {
      mkdirSync(own, { recursive: true, mode: 0o700 })
      writeThenRename(file, `${JSON.stringify(value)}\n`)
    },
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
