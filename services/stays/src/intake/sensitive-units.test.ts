import { stayEvents } from '@relais/contracts/stays'
import { expect, test } from 'vitest'
import { FACILITY, loopback, openStays, senderAt } from '../stays.fixture.ts'

const stay = { ipp: '501', visit: 'V501' }
const admission = { ...stay, movement: 'M1' }

async function openWithSensitiveUnit() {
  const stays = await openStays({ senders: [senderAt(loopback.address, { sensitiveWards: [`${FACILITY}:4102`] })] })
  /** What was said of confidentiality, and what the stay now is. */
  const told = async () => {
    const facts = (await stays.facts()).filter(({ stream }) => stream.startsWith(`${stayEvents.category}-`))
    const reasons = facts.flatMap(({ event }) =>
      event && 'reason' in event.data && 'confidential' in event.data ? [event.data.reason] : [],
    )
    const last = facts.findLast(({ type }) => type === 'StandingChanged')?.event
    return { reasons, confidential: last && 'standing' in last.data ? last.data.standing.confidential : undefined }
  }
  return { ...stays, told }
}

test('a sensitive unit keeps a stay to itself, without anybody asking', async () => {
  const { send, told } = await openWithSensitiveUnit()
  expect(await send({ ...admission, ward: '4102' })).toMatchObject({ code: 'AA' })
  expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
})

test('a stay that went through it is kept from others until somebody releases it', async () => {
  const { send, told } = await openWithSensitiveUnit()
  await send({ ...admission, ward: '4101' })
  expect(await told()).toEqual({ reasons: [], confidential: false })
  await send({ ...stay, trigger: 'A02', movement: 'M2', ward: '4102', effective: '20261121100000' })
  await send({ ...stay, trigger: 'A02', movement: 'M3', ward: '4101', effective: '20261122100000' })
  expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
})

test('a message that says that it need not be kept is believed', async () => {
  const { send, told } = await openWithSensitiveUnit()
  await send({ ...admission, ward: '4102', protection: 'N' })
  expect(await told()).toEqual({ reasons: [], confidential: false })
})
