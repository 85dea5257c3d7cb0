import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

export type ClientFile = {
  bytes: Uint8Array<ArrayBuffer>
  type: string
  etag: string
  gz?: Uint8Array<ArrayBuffer>
  br?: Uint8Array<ArrayBuffer>
}
export type ClientFiles = {
  /** `index.html`, with the places where a nonce goes. */
  page: string
  /** Under `/app/`: exactly those that were built, so that no path leads anywhere else. */
  file(path: string): ClientFile | undefined
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}
const PAGE = 'index.html'

/** What was built, read once: less than a picture. `undefined` where nothing was. */
export function clientFiles(folder: string): ClientFiles | undefined {
  if (!existsSync(join(folder, PAGE))) return undefined
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
  const all = new Set(names)
  const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
  const served = names.filter((name) => name !== PAGE && !/(^|\/)\./.test(name) && types[extname(name)] !== undefined)
  const files = new Map(
    served.map((name): [string, ClientFile] => {
      const bytes = read(name)
      const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
      return [
        name,
        {
          bytes,
          type: types[extname(name)] ?? '',
          etag,
          ...(all.has(`${name}.gz`) ? { gz: read(`${name}.gz`) } : {}),
          ...(all.has(`${name}.br`) ? { br: read(`${name}.br`) } : {}),
        },
      ]
    }),
  )
  return { page: readFileSync(join(folder, PAGE), 'utf8'), file: (path) => files.get(path) }
}
