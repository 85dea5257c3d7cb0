import { Worker } from 'node:worker_threads'
import type { QueryResult } from 'kysely'
import { DatabaseFull, DatabaseUnavailable, UnreadableDatabase } from './errors.ts'
import { openWriter, type SqliteFile, type SqliteOptions } from './sqlite-file.ts'

/** The connection that writes, wherever it lives. What is asked of it happens in the order it was asked. */
export type SqliteWriter = {
  run<Row>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>>
  /** The same, outside of any transaction: what was left open by whoever used the connection before is rolled back. */
  runAlone<Row>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>>
  leaveTransaction(): Promise<void>
  close(): Promise<void>
}

/** What the thread is asked; each is answered, in order. */
export type WriterRequest =
  | { type: 'run' | 'runAlone'; sql: string; parameters: readonly unknown[] }
  | { type: 'leaveTransaction' }
  | { type: 'close' }
/** Errors lose their class on the way: ours are named by their code. */
export type WriterReply =
  | { type: 'done'; result?: QueryResult<unknown> }
  | { type: 'failed'; code: string | undefined; message: string; cause: unknown }

/** In this thread: for views, whose commits do not wait for the disk. */
export async function openWriterHere(options: SqliteOptions): Promise<SqliteWriter> {
  const file = openWriter(options)
  return {
    run: async (sql, parameters) => file.run(sql, parameters),
    runAlone: async (sql, parameters) => runAlone(file, sql, parameters),
    leaveTransaction: async () => leaveTransaction(file),
    close: async () => file.close(),
  }
}

/**
 * In a thread of its own: each commit waits for the disk, and nothing else has to.
 * @throws UnreadableDatabase, DatabaseUnavailable
 */
export async function openWriterThread(options: SqliteOptions): Promise<SqliteWriter> {
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: options })
  const waiting: PromiseWithResolvers<QueryResult<unknown> | undefined>[] = []
  let lost: DatabaseUnavailable | undefined
  const exited = new Promise<void>((resolve) => {
    worker.once('error', (cause) => {
      lost = new DatabaseUnavailable(`The writer of ${options.file} was lost`, { cause })
    })
    worker.once('exit', () => {
      lost ??= new DatabaseUnavailable(`${options.file} is closed`)
      for (const { reject } of waiting.splice(0)) reject(lost)
      resolve()
    })
  })
  const next = () => {
    const answer = Promise.withResolvers<QueryResult<unknown> | undefined>()
    if (lost) answer.reject(lost)
    else waiting.push(answer)
    return answer.promise
  }
  const ask = (request: WriterRequest) => {
    const answered = next()
    if (!lost) worker.postMessage(request)
    return answered
  }
  worker.on('message', (reply: WriterReply) => {
    const answer = waiting.shift()
    if (reply.type === 'done') answer?.resolve(reply.result)
    else answer?.reject(errorOf(reply))
  })
  // The thread says once that it has opened the file, or why it could not.
  await next()
  const run = async <Row>(type: 'run' | 'runAlone', sql: string, parameters: readonly unknown[]) =>
    // What a row holds is known to the query, not to the driver.
    (await ask({ type, sql, parameters })) as QueryResult<Row>
  return {
    run: (sql, parameters) => run('run', sql, parameters),
    runAlone: (sql, parameters) => run('runAlone', sql, parameters),
    async leaveTransaction() {
      await ask({ type: 'leaveTransaction' })
    },
    async close() {
      if (!lost) await ask({ type: 'close' })
      await exited
    },
  }
}

export function leaveTransaction(file: SqliteFile): void {
  if (file.isTransaction()) file.run('rollback', [])
}

/** Whoever used the connection before may have failed to: what comes next MUST NOT join that transaction. */
export function runAlone<Row>(file: SqliteFile, sql: string, parameters: readonly unknown[]): QueryResult<Row> {
  leaveTransaction(file)
  return file.run<Row>(sql, parameters)
}

function errorOf({ code, message, cause }: Extract<WriterReply, { type: 'failed' }>): Error {
  switch (code) {
    case 'databaseFull':
      return new DatabaseFull(message, { cause })
    case 'databaseUnavailable':
      return new DatabaseUnavailable(message, { cause })
    case 'unreadableDatabase':
      return new UnreadableDatabase(message, { cause })
    default:
      return cause instanceof Error ? cause : new Error(message)
  }
}
