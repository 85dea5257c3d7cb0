import type { FacilityEvent } from '@relais/contracts/directory'
import type { MessageEvent } from '@relais/contracts/messages'
import {
  DocumentRef,
  type OutsideIdentifier,
  MessageId,
  PatientId,
  StayId,
  type Ward,
} from '@relais/contracts/primitives'
import type { StayEvent } from '@relais/contracts/stays'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import { repeated, type Repeated, runner, type Statement } from '@relais/database/statements'
import {
  type Projection,
  remove,
  type RowOperation,
  type RunningProjection,
  upsert,
} from '@relais/projections/projection'

export type KnownEvent = StayEvent | MessageEvent | FacilityEvent

/**
 * What a fact of somewhere else may concern: the dossier that a stay is in, what was said of dossiers (A44), where the
 * patients of open stays are, and the wards that the directory declares sensitive.
 */
export function knownStays(dossierKey: (dossier: OutsideIdentifier) => string): Projection<KnownEvent> {
  return {
    name: 'known-stays-1',
    tables: {
      stay_dossier: {
        columns: { stay_id: 'text', dossier: 'text' },
        key: ['stay_id', 'dossier'],
        indexes: [['dossier']],
      },
      dossier_move: {
        columns: {
          message_id: 'text',
          dossier: 'text',
          patient_id: 'text',
          from_id: 'text',
          reported_at: 'text',
          identity: 'text',
        },
        key: ['message_id'],
        indexes: [['dossier']],
      },
      open_stay: {
        columns: { stay_id: 'text', medical_ward: 'text?', care_ward: 'text?' },
        key: ['stay_id'],
        indexes: [['medical_ward'], ['care_ward']],
      },
      sensitive_ward: { columns: { ward: 'text' }, key: ['ward'] },
    },
    rows: ({ event }) => (event ? rowsOf(event, dossierKey) : []),
  }
}

export type KnownStaysTables = {
  stay_dossier: { stay_id: string; dossier: string }
  dossier_move: {
    message_id: string
    dossier: string
    patient_id: string
    from_id: string
    reported_at: string
    identity: string
  }
  open_stay: { stay_id: string; medical_ward: string | null; care_ward: string | null }
  sensitive_ward: { ward: string }
}

type DossierKey = (dossier: OutsideIdentifier) => string

function rowsOf(event: KnownEvent, dossierKey: DossierKey): RowOperation[] {
  switch (event.type) {
    case 'WardDefined': {
      const key = { ward: wardKey({ facility: event.data.finess, code: event.data.code }) }
      return [event.data.ward.confidential ? upsert('sensitive_ward', key) : remove('sensitive_ward', key)]
    }
    case 'DossierMoved': {
      const { messageId, dossier, patientId, fromPatientId, reportedAt, identity } = event.data
      const who = { patient_id: patientId, from_id: fromPatientId, identity: JSON.stringify(identity) }
      const row = { message_id: messageId, dossier: dossierKey(dossier), reported_at: reportedAt, ...who }
      return [upsert('dossier_move', row)]
    }
    case 'StandingChanged':
      return standingRows(event.data)
    case 'StayMovedToPatient':
      return (event.data.history ?? []).flatMap(({ fact }) => dossierRows(fact, dossierKey))
    default:
      return dossierRows(event, dossierKey)
  }
}

function dossierRows({ data }: KnownEvent, dossierKey: DossierKey): RowOperation[] {
  if (!('movement' in data) || !data.dossier) return []
  return [upsert('stay_dossier', { stay_id: data.stayId, dossier: dossierKey(data.dossier) })]
}

type Changed = Extract<StayEvent, { type: 'StandingChanged' }>['data']

function standingRows({ stayId, standing, nature, changed }: Changed): RowOperation[] {
  const isNews = nature === 'movedToPatient' || changed.includes('status') || changed.includes('wards')
  if (!isNews) return []
  const isOpen = standing.status !== 'discharged' && standing.status !== 'withdrawn'
  if (!isOpen) return [remove('open_stay', { stay_id: stayId })]
  const answering = (kind: 'medical' | 'care') => {
    const ward = standing.wards.find(({ responsibility }) => responsibility === kind || responsibility === 'both')
    return ward ? wardKey(ward) : null
  }
  return [upsert('open_stay', { stay_id: stayId, medical_ward: answering('medical'), care_ward: answering('care') })]
}

/** A ward code means something only inside its facility. */
export function wardKey({ facility, code }: Pick<Ward, 'facility' | 'code'>): string {
  return `${facility}:${code}`
}

const sensitiveAmong: Repeated<{ ward: string }> = repeated('select ward from sensitive_ward where ward in (', '?', ')')
const staysIn: Statement<{ stay_id: string }> = `
  select stay_id from open_stay where medical_ward = ? union select stay_id from open_stay where care_ward = ?`
const staysOf: Statement<{ stay_id: string }> = 'select stay_id from stay_dossier where dossier = ?'
const movesOf: Statement<KnownStaysTables['dossier_move']> = `
  select * from dossier_move where dossier = ? order by reported_at, message_id`
const movesAround: Statement<KnownStaysTables['dossier_move']> = `
  select dossier_move.* from stay_dossier join dossier_move on dossier_move.dossier = stay_dossier.dossier
  where stay_dossier.stay_id = ? order by reported_at, message_id`

const SLOWEST_VIEW_MILLISECONDS = 5000

/** Waits until the view shows everything up to a position. @throws DatabaseUnavailable when it stays behind */
export function seenBy(view: Pick<RunningProjection, 'reaches'>) {
  return async (position: number): Promise<void> => {
    if (!(await view.reaches(position, SLOWEST_VIEW_MILLISECONDS)))
      throw new DatabaseUnavailable('The view of known stays is not that far yet')
  }
}

/** Whether one of these wards keeps its stays to itself: the directory says so, or the configuration. */
export function sensitivity(configured: ReadonlySet<string>, known: Pick<KnownStays, 'sensitiveAmong'>) {
  return async (wards: readonly Ward[]): Promise<boolean> => {
    const keys = wards.map(wardKey)
    return keys.some((key) => configured.has(key)) || known.sensitiveAmong(keys)
  }
}

export type DossierMove = ReturnType<typeof moveFrom>
export type KnownStays = ReturnType<typeof knownStaysIn>

/** What the view answers; it says nothing of what it has not come to yet. */
export function knownStaysIn({ db, kind }: Database<KnownStaysTables>, dossierKey: DossierKey) {
  const run = runner(kind)
  return {
    async sensitiveAmong(wards: readonly string[]): Promise<boolean> {
      return (await run(db, sensitiveAmong(wards.length), wards)).rows.length > 0
    },
    async staysIn(ward: string): Promise<StayId[]> {
      return (await run(db, staysIn, [ward, ward])).rows.map(({ stay_id }) => StayId.parse(stay_id))
    },
    async staysOf(dossier: OutsideIdentifier): Promise<StayId[]> {
      return (await run(db, staysOf, [dossierKey(dossier)])).rows.map(({ stay_id }) => StayId.parse(stay_id))
    },
    async movesOf(dossier: OutsideIdentifier): Promise<DossierMove[]> {
      return (await run(db, movesOf, [dossierKey(dossier)])).rows.map(moveFrom)
    },
    /** Those of the dossiers that a stay is in. */
    async movesAround(stayId: StayId): Promise<DossierMove[]> {
      return (await run(db, movesAround, [stayId])).rows.map(moveFrom)
    },
  }
}

function moveFrom({ message_id, patient_id, from_id, reported_at, identity }: KnownStaysTables['dossier_move']) {
  return {
    messageId: MessageId.parse(message_id),
    patientId: PatientId.parse(patient_id),
    fromPatientId: PatientId.parse(from_id),
    reportedAt: reported_at,
    identity: DocumentRef.parse(JSON.parse(identity)),
  }
}
