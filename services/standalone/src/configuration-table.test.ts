import { expect, test } from 'vitest'
import { configurationDocument, writtenConfiguration } from './configuration-table.ts'

test('docs/configuration.md says what the settings are: node services/standalone/src/configuration-table.ts --write', () => {
  expect(writtenConfiguration()).toBe(configurationDocument())
})

test('no setting is without a meaning, and none is named twice', () => {
  const names = [...configurationDocument().matchAll(/^\| `([A-Z_]+)` +\|[^|]*\| +(\S)/gm)].map(([, name]) => name)
  expect(names).toContain('SITE_KEY')
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual(['OIDC_ISSUER'])
})
