import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { isFull } from './sqlite-errors.ts'
import { openTransactions } from './transaction.ts'
import { unpack, type WriterData, type WriterReply, type WriterRequest } from './writer-messages.ts'

if (!parentPort) throw new Error('writer.ts runs as the worker thread of append-queue.ts')
const port = parentPort
// Set by startAppendQueue, whose worker this is.
const { file, ...options } = workerData as WriterData
const transactions = openTransactions(file, options)

/** One transaction for everything that waits: the messages that arrived during a flush share the next one. */
function drain(first: WriterRequest) {
  const waiting: WriterRequest[] = [first]
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) waiting.push(next.message)
  const appends = waiting.flatMap((request) => (request.type === 'append' ? unpack(request) : []))
  if (appends.length > 0) reply(commit(appends))
  if (waiting.some(({ type }) => type === 'close')) {
    transactions.close()
    port.close()
  }
}

function commit(appends: ReturnType<typeof unpack>): WriterReply {
  try {
    return { type: 'committed', ...transactions.commit(appends) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { type: isFull(error) ? 'full' : 'failed', count: appends.length, message }
  }
}

const reply = (message: WriterReply) => port.postMessage(message)

port.on('message', drain)
reply({ type: 'ready' })
