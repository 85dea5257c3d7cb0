import { randomUUID } from 'node:crypto'
import { rmSync, mkdtempSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '@relais/database/database'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { startProjection } from './runner.ts'
import { upsert } from './projection.ts'
const N = 100_000
const dir = mkdtempSync('/tmp/zz-')
const store = inMemoryEventStore()
const cols = ['patient_id','entry_id','kind','happened_at','recorded_at','stay_id','n','label','x','body']
const src = new DatabaseSync(dir + '/src.sqlite')
src.exec('pragma journal_mode=wal; create table e(position integer primary key, id text, stream text, data text)')
src.exec('begin')
const ins = src.prepare('insert into e values(?,?,?,?)')
for (let i = 0; i < N; i++) {
  const data = { patient_id: randomUUID(), kind: 'admission', happened_at: '2026-01-01T00:00:00.000Z', stay_id: randomUUID(), n: i, label: 'Cardiologie é', body: 'some text that is longer than the others' }
  const id = randomUUID()
  await store.append(`stay-${id}`, 'noStream', [{ id, type: 'X.v1', data, metadata: { recordedAt: '2026-01-01T00:00:00.000Z' } }])
  ins.run(i + 1, id, `stay-${id}`, JSON.stringify(data))
}
src.exec('commit')
const codecs = { categories: ['stay'], decode: async (r: any) => ({ id: r.id, stream: r.stream, revision: r.revision, position: r.position, metadata: r.metadata, type: 'X', routing: {}, event: { type: 'X', data: r.data } }) as any }
const projection = { name: 'b', tables: { t: { columns: Object.fromEntries(cols.map((c) => [c, c === 'n' ? 'integer?' : 'text?'])) as any, key: ['entry_id'], indexes: [['patient_id', 'happened_at']] } },
  rows: (d: any) => [upsert('t', { entry_id: d.id, patient_id: d.event.data.patient_id, kind: d.event.data.kind, happened_at: d.event.data.happened_at, recorded_at: d.metadata.recordedAt, stay_id: d.event.data.stay_id, n: d.event.data.n, label: d.event.data.label, body: d.event.data.body })] }
projection.tables.t.columns.entry_id = 'text'
const log: any = { info() {}, warn: console.log, error: console.log }
for (let rep = 0; rep < 3; rep++) {
  const dst = new DatabaseSync(dir + `/dst${rep}.sqlite`)
  dst.exec('pragma journal_mode=wal; pragma synchronous=normal')
  dst.exec(`create table t(${cols.map((c) => c + (c === 'n' ? ' integer' : ' text')).join(',')}, primary key(entry_id)); create index i on t(patient_id,happened_at)`)
  let t = performance.now()
  const put = dst.prepare(`insert into t values(${cols.map(() => '?')})`)
  let k = 0
  dst.exec('begin')
  for (const r of src.prepare('select * from e order by position').iterate() as any) {
    const d = JSON.parse(r.data)
    put.run(d.patient_id, r.id, d.kind, d.happened_at, '2026-01-01T00:00:00.000Z', d.stay_id, d.n, d.label, null, d.body)
    if (++k % 512 === 0) dst.exec('commit;begin')
  }
  dst.exec('commit')
  console.log('bare copy', Math.round((N / (performance.now() - t)) * 1000))
  const database = await openDatabase<any>(`sqlite:${dir}/view${rep}.sqlite`, { schema: 'v', durability: 'normal' })
  t = performance.now()
  let live = performance.now()
  const running = startProjection({ projection, codecs, store, database, epoch: 'e', log, now: () => new Date().toISOString(), onCommitted: (_, isLive) => { if (isLive) live = performance.now() } })
  await running.reaches(2 * N, 100_000)
  console.log('first start', Math.round((N / (performance.now() - t)) * 1000))
  t = performance.now()
  await running.rebuild()
  console.log('rebuild incl. checksum', Math.round((N / (performance.now() - t)) * 1000))
  t = performance.now()
  await running.checksum()
  console.log('checksum ms', performance.now() - t)
  await running.stop(); await database.close()
}
// live latency
const database = await openDatabase<any>(`sqlite:${dir}/live.sqlite`, { schema: 'v', durability: 'normal' })
const s2 = inMemoryEventStore()
let done = Promise.withResolvers<void>()
const running = startProjection({ projection, codecs, store: s2, database, epoch: 'e', log, now: () => new Date().toISOString(), onCommitted: () => done.resolve() })
await new Promise((r) => setTimeout(r, 100))
const lat: number[] = []
for (let i = 0; i < 2000; i++) {
  done = Promise.withResolvers<void>()
  const t = performance.now()
  const id = randomUUID()
  await s2.append(`stay-${id}`, 'noStream', [{ id, type: 'X.v1', data: { n: i }, metadata: { recordedAt: new Date().toISOString() } }])
  await done.promise
  lat.push(performance.now() - t)
}
lat.sort((a, b) => a - b)
console.log('live latency ms p50', lat[1000], 'p99', lat[1980])
await running.stop()
rmSync(dir, { recursive: true })
