import type { FacilityEvent, OnCallEvent, ProfessionalEvent } from '@relais/contracts/directory'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'
import { distinctWords, MOST_WORDS } from './words.ts'

type DirectoryEvent = FacilityEvent | ProfessionalEvent | OnCallEvent

/** Facilities, wards, professionals and who is on call, with the words by which they are found. */
export const directory: Projection<DirectoryEvent> = {
  name: 'directory-1',
  tables: {
    facility: { columns: { finess: 'text', details: 'text' }, key: ['finess'] },
    facility_closure: { columns: { finess: 'text', closed_at: 'text' }, key: ['finess'] },
    ward: { columns: { finess: 'text', code: 'text', details: 'text' }, key: ['finess', 'code'] },
    professional: { columns: { professional_id: 'text', details: 'text' }, key: ['professional_id'] },
    on_call: {
      columns: { on_call_id: 'text', scope: 'text', from_at: 'text', to_at: 'text', details: 'text' },
      key: ['on_call_id'],
      indexes: [['scope', 'to_at']],
    },
    directory_entry: {
      columns: { subject: 'text', kind: 'text', id: 'text', name: 'text', what: 'text', cities: 'text', words: 'text' },
      key: ['subject'],
    },
    directory_word: {
      columns: { subject: 'text', slot: 'integer', word: 'text' },
      key: ['subject', 'slot'],
      indexes: [['word', 'subject']],
    },
  },
  rows: ({ event }) => (event ? rowsOf(event) : []),
}

type EntryRow = { subject: string; kind: string; id: string; name: string; what: string; cities: string; words: string }
export type DirectoryTables = {
  facility: { finess: string; details: string }
  facility_closure: { finess: string; closed_at: string }
  ward: { finess: string; code: string; details: string }
  professional: { professional_id: string; details: string }
  on_call: { on_call_id: string; scope: string; from_at: string; to_at: string; details: string }
  directory_entry: EntryRow
  directory_word: { subject: string; slot: number; word: string }
}

function rowsOf(event: DirectoryEvent): RowOperation[] {
  switch (event.type) {
    case 'FacilityRegistered':
    case 'FacilityChanged':
      return facilityRows(event)
    case 'FacilityClosed': {
      const { finess, closedAt } = event.data
      return [upsert('facility_closure', { finess, closed_at: closedAt }), ...removed(`finess:${finess}`)]
    }
    case 'WardDefined': {
      const { finess, code, ward } = event.data
      return [upsert('ward', { finess, code, details: JSON.stringify(ward) })]
    }
    case 'WardClosed':
      return [remove('ward', { finess: event.data.finess, code: event.data.code })]
    case 'ProfessionalRegistered':
    case 'ProfessionalChanged':
      return professionalRows(event)
    case 'OnCallSet': {
      const { keyOwner: _, ...period } = event.data
      const { onCallId, scope, from, to } = period
      const row = { on_call_id: onCallId, scope, from_at: from, to_at: to, details: JSON.stringify(period) }
      return [upsert('on_call', row)]
    }
    case 'OnCallWithdrawn':
      return [remove('on_call', { on_call_id: event.data.onCallId })]
  }
}

type OfType<Type extends DirectoryEvent['type']> = Extract<DirectoryEvent, { type: Type }>

function facilityRows({ type, data }: OfType<'FacilityRegistered' | 'FacilityChanged'>): RowOperation[] {
  const { finess, details } = data
  const { name, category, address } = details
  const subject = `finess:${finess}`
  const entry = { subject, kind: 'facility', id: finess, name, what: category, cities: JSON.stringify([address.city]) }
  const words = distinctWords(finess, name, address.city)
  return [
    upsert('facility', { finess, details: JSON.stringify(details) }),
    remove('facility_closure', { finess }),
    ...entryRows(entry, words, type === 'FacilityRegistered'),
  ]
}

function professionalRows({ type, data }: OfType<'ProfessionalRegistered' | 'ProfessionalChanged'>): RowOperation[] {
  const { professionalId, details } = data
  const { familyName, givenName = '', profession, places } = details
  const name = `${familyName} ${givenName}`.trim()
  const cities = [...new Set(places.map(({ address }) => address.city))]
  const about = { id: professionalId, name, what: profession, cities: JSON.stringify(cities) }
  const words = distinctWords(professionalId.replace(/^[^:]*:/, ''), name, ...cities)
  return [
    upsert('professional', { professional_id: professionalId, details: JSON.stringify(details) }),
    ...entryRows({ subject: professionalId, kind: 'professional', ...about }, words, type === 'ProfessionalRegistered'),
  ]
}

/** What is registered had no words before: only a change may leave some behind. */
function entryRows(entry: Omit<EntryRow, 'words'>, words: readonly string[], isNew: boolean): RowOperation[] {
  const { subject } = entry
  const unused = isNew ? [] : slots().slice(words.length)
  return [
    upsert('directory_entry', { ...entry, words: words.join(' ') }),
    ...words.map((word, slot) => upsert('directory_word', { subject, slot, word })),
    ...unused.map((slot) => remove('directory_word', { subject, slot })),
  ]
}

const slots = () => Array.from({ length: MOST_WORDS }, (_, slot) => slot)

function removed(subject: string): RowOperation[] {
  return [remove('directory_entry', { subject }), ...slots().map((slot) => remove('directory_word', { subject, slot }))]
}
