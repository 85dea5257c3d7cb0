import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImportView, openImport } from '@relais/contracts/import-routes'
import { type RunningRelais, startRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { beforeAll, expect, test, vi } from 'vitest'
import { type CommandLine, commandLine } from './command-line.fixture.ts'
import { ask, tokenFor } from './people.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const files = temporaryFolder()
let platform: RunningRelais
let relais: CommandLine
beforeAll(async () => {
  platform = await startRelais()
  relais = commandLine(platform.folder)
})

/** A `structureet` line of 32 cells: an invented EHPAD, département 99 does not exist. */
function ehpadLine(number: string, name: string): string {
  const head = ['structureet', number, '990000010', name, name, '', '', '12', 'R', 'DES ÉRABLES', '', 'BP 3']
  const place = ['001', '99', 'ESSAI', '99100 ESSAI SUR LOIRE', '0199000002', '', '500', 'Etablissement', '4401', 'A']
  return [...head, ...place, '', '8710A', '40', 'ARS', '', '', '1988-05-02', '2017-01-03', '2024-04-22', ''].join(';')
}

const lines = ['finess;etalab;111;2026-05-12', ehpadLine('990000028', 'LES LILAS'), 'structureet;990000036', '']
const extract = Buffer.from([...lines.slice(0, 3), ehpadLine('990000036', 'LES ROSES'), ''].join('\n'))

function file(name: string, bytes: Uint8Array): string {
  const path = join(files, name)
  writeFileSync(path, bytes)
  return path
}

/** An import that ended after the first establishment, as one that is interrupted does. */
async function cutShort(bytes: Buffer): Promise<ImportView> {
  const token = await tokenFor(platform, { id: 'operateur:test', role: 'operateur' })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const body = { kind: 'finess', sha256, size: bytes.length, again: false }
  const opened = ImportView.parse((await ask(platform, token, { method: 'POST', path: openImport.path, body })).body)
  const part = bytes.subarray(0, lines.slice(0, 2).join('\n').length + 20)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const path = `/directory/imports/${opened.importId}/parts?offset=0`
  const answer = await fetch(new URL(path, platform.url), { method: 'POST', headers, body: new Uint8Array(part) })
  return ImportView.parse(await answer.json())
}

test('a national extract that was cut short goes on where it was, and each refused line is named', async () => {
  expect(await cutShort(extract)).toMatchObject({ state: 'running', changed: 1 })
  const path = file('finess.csv', extract)
  const ran = await relais.run('import', 'finess', path)
  expect(ran.stdout).toBe(
    `${path}  4 lines, 2 changed, 0 as they were, 1 refused, 0 doubted\n  line 3 columnsMissing\n`,
  )
  expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('1 lines of') })
  expect(await relais.run('import', 'finess', path)).toEqual(ran)
})

test.for([
  { name: 'in another encoding', bytes: Buffer.from(extract.toString(), 'utf16le'), says: 'encoding' },
  { name: 'of another kind', bytes: Buffer.from('nom;prenom\nA;B\n'), says: 'its first line' },
])('a file $name is refused as a whole: 1 and why', async ({ name, bytes, says }) => {
  const ran = await relais.run('import', 'finess', file(`${name}.csv`, bytes))
  expect(ran).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(says) })
})

test('whoever does not operate Relais imports no extract', async () =>
  expect(await relais.run('import', 'finess', file('again.csv', extract), '--as', 'infirmier')).toMatchObject({
    exitCode: 1,
    stdout: '',
  }))
