import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { insKeyOf } from '@relais/hl7v2/checks'
import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { identityMessage } from '@relais/hl7v2/identity-fixtures'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openLogIn } from '../embedded-log.fixture.ts'
import { openStays } from '../stays.fixture.ts'

const insBody = '2410799333222'
const patient = {
  familyName: 'TEST-HORTENSIA',
  givenName: 'PÉLAGIE',
  birthDate: '19410709',
  ipp: '77319420',
  insBody,
  primaryPhysicianRpps: '10002909371',
  wardLabel: 'Médecine interne',
}
/** What says who the patient is, where the patient lives, and who looks after the patient. */
const secrets = [
  patient.familyName,
  patient.givenName,
  patient.birthDate,
  '1941-07-09',
  patient.ipp,
  '77319421',
  insBody,
  `${insBody}${insKeyOf(insBody)}`,
  '1 rue de la Fiction',
  'TEST-MEDECIN',
  '10002909371',
]

const good = pamMessage(patient)
/** Each of them wrong in a place that holds a value, or moves one to where another is expected. */
const messages = [
  good,
  pamMessage({ ...patient, trigger: 'A02', movement: 'M2', ward: '4102', effective: '20261102120000' }),
  pamMessage({ ...patient, trigger: 'Z99', reliability: 'PROV', recorded: '20261103110000' }),
  pamMessage({ ...patient, trigger: 'A03', movement: 'M3', insBody: '', effective: '20261103120000' }),
  pamMessage({ ...patient, trigger: 'A13', movement: 'M9' }),
  pamMessage({ ...patient, trigger: 'A40' }),
  ...(['A24', 'A28', 'A31', 'A37', 'A40', 'A47'] as const).map((trigger) =>
    identityMessage({ ...patient, trigger, otherIpp: '77319421', formerInsBody: insBody }),
  ),
  identityMessage({ ...patient, trigger: 'A47', deletesIns: true, formerInsBody: insBody }),
  identityMessage({ ...patient, trigger: 'A40' }),
  pamMessage({ ...patient, trigger: 'A99' }),
  pamMessage({ ...patient, processingId: 'P' }),
  pamMessage({ ...patient, charset: 'KLINGON' }),
  withField(good, 'ZBE-2', patient.familyName),
  withField(good, 'ZBE-4', patient.givenName),
  withField(good, 'ZBE-9', patient.ipp),
  withField(good, 'PV1-2', patient.familyName),
  withField(good, 'PV1-19', ''),
  withField(good, 'PID-3', patient.familyName),
  withField(good, 'EVN-2', patient.birthDate),
  good.replace('PV1|', `${patient.familyName}|PV1|`),
  good.replaceAll('\r', '|'),
  good.replace(/^MSH[^\r]*\r/, ''),
  good.slice(0, good.indexOf(patient.givenName) + 3),
]

function filesIn(folder: string): { name: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => ({ name, bytes: readFileSync(join(parentPath, name)) }))
}

test('no value of a message reaches an acknowledgment, a log line, or the disk in clear', async () => {
  const folder = temporaryFolder()
  const { store } = await openLogIn(folder)
  const stays = await openStays({ folder, store })
  const acks: string[] = []
  for (const message of messages) {
    acks.push((await stays.send(message)).text)
    acks.push((await stays.send(new Uint8Array(Buffer.from(message, 'latin1')))).text)
  }
  await stays.send(good, { address: '10.9.9.9' })
  await stays.settled()

  expect(acks.filter((ack) => ack.includes('MSA|AA'))).not.toHaveLength(0)
  expect(acks.filter((ack) => ack.includes('MSA|AE'))).not.toHaveLength(0)
  const files = filesIn(folder)
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['log.sqlite', 'relais.vault.sqlite']))
  for (const secret of secrets) {
    const spellings = ['utf8', 'latin1', 'utf16le'] as const
    const wrote = files.filter(({ bytes }) => spellings.some((spelling) => bytes.includes(secret, 0, spelling)))
    expect({ secret, files: wrote.map(({ name }) => name) }).toEqual({ secret, files: [] })
    expect({ secret, acks: acks.filter((ack) => ack.includes(secret)) }).toEqual({ secret, acks: [] })
    expect({ secret, lines: stays.lines.filter((line) => line.includes(secret)) }).toEqual({ secret, lines: [] })
  }
})
