import { parentPort, workerData } from 'node:worker_threads'
import { openWriter, type SqliteFile, type SqliteOptions } from './sqlite-file.ts'
import { leaveTransaction, runAlone, type WriterReply, type WriterRequest } from './sqlite-writer.ts'

if (!parentPort) throw new Error('writer-thread.ts runs as the thread of sqlite-writer.ts')
const port = parentPort
const reply = (message: WriterReply) => port.postMessage(message)

function failed(error: unknown): WriterReply {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const isOurs = code === 'databaseFull' || code === 'databaseUnavailable' || code === 'unreadableDatabase'
  return { type: 'failed', code, message, cause: isOurs && error instanceof Error ? error.cause : error }
}

function perform(file: SqliteFile, request: WriterRequest): WriterReply {
  switch (request.type) {
    case 'run':
      return { type: 'done', result: file.run(request.sql, request.parameters) }
    case 'runAlone':
      return { type: 'done', result: runAlone(file, request.sql, request.parameters) }
    case 'leaveTransaction':
      leaveTransaction(file)
      return { type: 'done' }
    case 'close':
      file.close()
      return { type: 'done' }
  }
}

function serve(file: SqliteFile): void {
  port.on('message', (request: WriterRequest) => {
    try {
      reply(perform(file, request))
    } catch (error) {
      reply(failed(error))
    }
    if (request.type === 'close') port.close()
  })
  reply({ type: 'done' })
}

try {
  // Set by openWriterThread, whose thread this is.
  serve(openWriter(workerData as SqliteOptions))
} catch (error) {
  reply(failed(error))
}
