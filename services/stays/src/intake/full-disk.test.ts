import { codecsWith } from '@relais/events/codec'
import { openSmallVault } from '@relais/runtime/small-vault.fixture'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openLogIn } from '../embedded-log.fixture.ts'
import { openStays, type Stays } from '../stays.fixture.ts'

const full = { code: 'AR', errors: [{ path: 'MSH', severity: 'E', text: expect.stringContaining('send it again') }] }

/** Sends admissions of as many stays until one is refused; answers its number and how it was refused. */
async function fill(stays: Stays) {
  for (let count = 1; count < 200; count += 1) {
    const number = `N${count}`
    const ack = await stays.send({ ipp: number, visit: number, movement: number })
    if (ack.code !== 'AA') return { number, ack }
  }
  throw new Error('There was always room')
}

const stayOf = (number: string) => ({ ipp: number, visit: number, movement: number })

test('on a full disk the log takes nothing and the sender is told; sent again with room, it is taken in', async () => {
  const folder = temporaryFolder()
  const small = await openLogIn(folder, { maxPages: 30 })
  const before = await openStays({ folder, store: small.store })
  const { number: refused, ack } = await fill(before)
  expect(ack).toMatchObject(full)
  const admitted = (await before.facts()).filter(({ type }) => type === 'PatientAdmitted').length
  expect(admitted).toBe(Number(refused.slice(1)) - 1)
  await before.close()
  await small.close()

  const { store } = await openLogIn(folder)
  const after = await openStays({ folder, store })
  expect(await after.send(stayOf(refused))).toMatchObject({ code: 'AA' })
  expect((await after.facts()).filter(({ type }) => type === 'PatientAdmitted')).toHaveLength(admitted + 1)
})

test('with a full vault nothing reaches the log either; sent again with room, it is taken in', async () => {
  const { vault, makeRoom } = await openSmallVault(60)
  const stays = await openStays({ adapt: (adapters) => ({ ...adapters, vault, codecOf: codecsWith(vault) }) })
  const { number: refused, ack } = await fill(stays)
  expect(ack).toMatchObject(full)
  const facts = await stays.facts()
  expect(facts.filter(({ type }) => type === 'PatientAdmitted')).toHaveLength(Number(refused.slice(1)) - 1)
  await makeRoom()
  expect(await stays.send(stayOf(refused))).toMatchObject({ code: 'AA' })
  await stays.close()
})
