import { systemTimers } from '@relais/channels/timers'
import { type ForgettingEvent, forgettingEvents } from '@relais/contracts/forgetting'
import { type LinkEvent, linkEvents, type PatientEvent, patientEvents } from '@relais/contracts/patients'
import { startDeadlines } from '@relais/deadlines/scheduler'
import { codecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { startReaction } from '@relais/projections/reaction'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { commandsOver } from './commands.ts'
import { fireDeadlines } from './reactions/fire-deadlines.ts'
import { absenceRoutes } from './http/absence-routes.ts'
import { directoryRoutes } from './http/directory-routes.ts'
import { importRoutes } from './http/import-routes.ts'
import { onCallRoutes } from './http/on-call-routes.ts'
import { residentRoutes } from './http/resident-routes.ts'
import { importDesk } from './imports/import-desk.ts'
import { importMigration, type ImportTables } from './imports/import-tables.ts'
import { residentsImport } from './imports/residents-import.ts'
import { importSources } from './imports/sources.ts'
import { knownPeople } from './known-people.ts'
import { matchingIndex, matchKeyMigration, type MatchKeyTables } from './matching-index.ts'
import { absences, type AbsenceViewTables } from './projections/absences.ts'
import { directory, type DirectoryTables } from './projections/directory.ts'
import { residents, type ResidentTables } from './projections/residents.ts'
import { matchResidents } from './reactions/match-residents.ts'
import { insOids, residentsRegister } from './register.ts'
import { registerView } from './register-view.ts'

type Tables = DirectoryTables & ResidentTables & MatchKeyTables & ImportTables & AbsenceViewTables

/** Composes the directory of places and people, and the registers of EHPAD. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { mode, store, epoch, vault, codecOf, verifier, clock, now, newId, log } = adapters
  const { codecs, ...commands } = commandsOver(adapters)
  const patients = codecOf<PatientEvent>(patientEvents)
  const links = codecOf<LinkEvent>(linkEvents)
  const people = knownPeople({ vault, store, patients })
  const database = await adapters.openViews<Tables>('directory')
  await database.migrate({
    '0001-imports': importMigration(database.kind),
    '0002-match-keys': matchKeyMigration(database.kind),
  })
  const running = { store, database, epoch, log, now }

  const places = startProjection({
    ...running,
    projection: directory,
    codecs: codecSet([codecs.facility, codecs.professional, codecs.onCall]),
  })
  const away = startProjection({
    ...running,
    projection: absences,
    codecs: codecSet([codecs.absence]),
    onCommitted: () => deadlines.wake(),
    onOvertaken: () => deadlines.wake(),
  })
  const deadlines = startDeadlines({
    name: 'directory-deadlines',
    database,
    view: away,
    clock,
    timers: systemTimers,
    log,
    fire: fireDeadlines({ ...commands, now }),
  })
  const registers = startProjection({
    ...running,
    projection: residents,
    codecs: codecSet([codecs.resident, codecs.residentMatch, links]),
  })
  const reaction = startReaction({
    ...running,
    name: 'match-residents-1',
    codecs: codecSet([
      codecs.resident,
      codecs.residentMatch,
      patients,
      links,
      codecOf<ForgettingEvent>(forgettingEvents),
    ]),
    react: matchResidents({
      ...commands,
      ...people,
      vault,
      index: matchingIndex(database),
      registers: registerView({ database, view: registers }),
      derivedId: derivedUuid,
    }),
  })

  const [oid] = insOids[mode]
  const register = residentsRegister({ ...commands, mode, vault, now })
  const importFile = residentsImport({ ...commands, oid, vault, register, now })
  const desk = importDesk({ database, sources: importSources(commands) })
  const shared = { ...commands, verifier, log, database, epoch, now }
  const ofResidents = { ...shared, register, readIdentity: people.residentIdentity, importFile }
  return {
    app: new Hono()
      .route('/', directoryRoutes({ ...shared, reaches: places.reaches }))
      .route('/', onCallRoutes({ ...shared, reaches: places.reaches }))
      .route('/', absenceRoutes({ ...shared, reaches: away.reaches }))
      .route('/', importRoutes({ verifier, log, desk }))
      .route('/', residentRoutes({ ...ofResidents, reaches: registers.reaches }))
      .route(
        '/',
        operationsRoutes({ service: 'directory', running: [places, away, registers], epoch, log, verifier, newId }),
      ),
    readiness: () => readinessOf([places, away, registers, reaction, deadlines]),
    stop: async () => {
      await reaction.stop()
      await registers.stop()
      await deadlines.stop()
      await away.stop()
      await places.stop()
    },
  }
}
