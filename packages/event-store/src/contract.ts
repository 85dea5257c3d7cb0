import { afterAll, beforeAll, describe } from 'vitest'
import { appendContract } from './contract/append-contract.ts'
import { concurrencyContract } from './contract/concurrency-contract.ts'
import { readContract } from './contract/read-contract.ts'
import { subscribeContract } from './contract/subscribe-contract.ts'
import type { EventStore } from './port.ts'

type Opened = { store: EventStore; close?: () => Promise<void> }

/**
 * The tests that every adapter of the port passes. `open` runs once; the store may hold events of others, and others
 * may write meanwhile: each test uses streams and categories of its own. Afterwards the store is closed, then `close`
 * is called.
 */
export function eventStoreContract(name: string, open: () => Promise<Opened>): void {
  describe(`the event store contract, ${name}`, { timeout: 30_000 }, () => {
    let opened: Opened | undefined
    beforeAll(async () => {
      opened = await open()
    }, 60_000)
    afterAll(async () => {
      await opened?.store.close()
      await opened?.close?.()
    })
    const store = () => {
      if (!opened) throw new Error('the store did not open')
      return opened.store
    }
    appendContract(store)
    readContract(store)
    subscribeContract(store)
    concurrencyContract(store)
  })
}
