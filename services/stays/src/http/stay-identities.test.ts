import { insKeyOf } from '@relais/hl7v2/checks'
import { describe, expect, test } from 'vitest'
import { FACILITY } from '../stays.fixture.ts'
import { identity, opening, openWard, problemOf } from './stay-routes.fixture.ts'

const { stays, ask, opened, factsOf } = await openWard()

test('who the patient is stays in the vault, and nowhere else', async () => {
  const { stayId } = await opened()
  const reported = (await factsOf(stayId)).find(({ type }) => type === 'IdentityReported')?.event
  const kept =
    reported && 'identity' in reported.data
      ? await stays.adapters.vault.get(reported.data.identity.documentId)
      : undefined
  const bytes = kept === undefined || kept === 'forgotten' ? new Uint8Array() : kept.bytes
  expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
    ...identity,
    ipp: { authority: FACILITY, number: '900001' },
    status: 'provisional',
  })
  const stored: string[] = []
  for await (const { data, metadata } of stays.store.readAll()) stored.push(JSON.stringify([data, metadata]))
  for (const value of ['GLANTINE', 'ZO\\u00c9', 'ZOÉ', '1941']) expect(stored.join('')).not.toContain(value)
  expect(stays.lines.join('')).not.toContain('GLANTINE')
})

describe('an INS is carried as one of a message is', () => {
  const [body, key] = ['2410799000001', insKeyOf('2410799000001') ?? '']
  const wrongKey = key === '01' ? '02' : '01'
  const ins = { matricule: `${body}${key}`, oid: '1.2.250.1.213.1.4.10' }
  const identityOf = async (written: object) => {
    const answer = await ask('/stays', { body: { ...opening(), identity: { ...identity, ...written } } })
    const reported = (await factsOf(answer.body.stayId)).find(({ type }) => type === 'IdentityReported')?.event
    const kept =
      reported && 'identity' in reported.data
        ? await stays.adapters.vault.get(reported.data.identity.documentId)
        : undefined
    const bytes = kept === undefined || kept === 'forgotten' ? new Uint8Array() : kept.bytes
    const { status, ins: carried } = JSON.parse(new TextDecoder().decode(bytes))
    return { status, carried, flags: answer.body.flags.map(({ code }: { code: string }) => code) }
  }

  test.each([
    ['validated, with the right key', { reliability: ['VALI'], ins }, 'qualified', true, []],
    ['provisional', { reliability: ['PROV'], ins }, 'retrieved', false, ['insNotQualified']],
    ['of a sex that is not known', { reliability: ['VALI'], sex: 'U', ins }, 'validated', false, ['insNotQualified']],
    [
      'with a wrong key',
      { reliability: ['VALI'], ins: { ...ins, matricule: `${body}${wrongKey}` } },
      'validated',
      false,
      ['insKeyWrong'],
    ],
    [
      'of an unknown kind',
      { reliability: ['VALI'], ins: { ...ins, oid: '1.2.3' } },
      'validated',
      false,
      ['insOidUnknown'],
    ],
  ])('%s', async (...[, written, status, isCarried, flags]) => {
    const { carried, ...found } = await identityOf(written)
    expect(found).toEqual({ status, flags })
    expect(carried).toEqual(isCarried ? ins : undefined)
  })

  test('a real one is refused in a demonstration, and nothing is kept', async () => {
    const before = (await stays.facts()).length
    const real = { ...identity, ins: { ...ins, oid: '1.2.250.1.213.1.4.8' } }
    const refused = await ask('/stays', { body: { ...opening(), identity: real } })
    expect(problemOf(refused)).toEqual({ status: 422, code: 'identityNotAllowedHere' })
    expect((await stays.facts()).length).toBe(before)
  })
})
