import { createHash } from 'node:crypto'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { carer, enter, openDirectory, operator, otherCarer } from './directory.fixture.ts'
import { fileOf, FINESS_HEAD, finessLine } from './imports/extracts.fixture.ts'

const file = fileOf(FINESS_HEAD, finessLine(), finessLine({ number: '990000037', long: 'CLINIQUE' }), 'cut;short')

eachDatabase('the whole service', (open) => {
  test('imports, searches, keeps registers and matches alike', async () => {
    const directory = await openDirectory({ openViews: open })
    const ask = await directory.as(operator)
    const sha256 = createHash('sha256').update(file).digest('hex')
    const opened = await ask('/directory/imports', { body: { kind: 'finess', sha256, size: file.length } })
    const token = await directory.tokenFor({ ...operator, wards: [] } as never)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
    const { importId } = opened.body
    let { offset, state } = opened.body
    while (state === 'running') {
      const path = `/directory/imports/${importId}/parts?offset=${offset}`
      const body = Buffer.from(file.subarray(offset, offset + 300))
      const answer = await directory.service.app.request(path, { method: 'POST', headers, body })
      ;({ offset, state } = JSON.parse(await answer.text()))
    }
    expect((await ask(`/directory/imports/${importId}`)).body).toMatchObject({
      state: 'done',
      lines: 4,
      changed: 2,
      refused: 1,
      warnings: 1,
      notes: [
        { line: 3, reason: 'keyDoubtful' },
        { line: 4, reason: 'lineKindUnknown' },
      ],
    })
    await expect
      .poll(async () => (await ask('/directory/search?q=clin')).body.found, { timeout: 20_000 })
      .toMatchObject([{ id: '990000037' }])

    const patientId = await directory.knowPatient()
    const here = await directory.as(carer)
    const { residentId } = await enter(here)
    await enter(await directory.as(otherCarer))
    await directory.settled()
    await expect
      .poll(async () => (await here('/residents')).body.residents, { timeout: 20_000 })
      .toMatchObject([{ residentId, matches: [{ patientId, ground: 'qualifiedIns' }] }])
    await expect
      .poll(async () => (await here('/residents/matches')).body.doubts, { timeout: 20_000 })
      .toMatchObject([{ residentId, reason: 'presentTwice', otherEhpad: '990000036' }])
    for (const projection of ['directory-1', 'residents-1']) {
      const { body } = await ask('/operations/directory/jobs', { body: { kind: 'verify', projection } })
      await expect
        .poll(async () => (await ask(`/operations/directory/jobs/${body.jobId}`)).body, { timeout: 20_000 })
        .toMatchObject({ state: 'done', matches: true })
    }
  })
})
