import { rememberedPersonOf } from '@relais/access/links'
import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { forgettingEvents, type ForgettingEvent } from '@relais/contracts/forgetting'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import {
  type CircleEvent,
  circleEvents,
  type LinkEvent,
  linkEvents,
  type LinkId,
  type PatientEvent,
  patientEvents,
} from '@relais/contracts/patients'
import type { PatientId } from '@relais/contracts/primitives'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import {
  residentEvents,
  type ResidentEvent,
  residentMatchEvents,
  type ResidentMatchEvent,
} from '@relais/contracts/residents'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { codecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { commandHandler, loadState } from '@relais/event-store/command-handler'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { circle } from './domain/circle.ts'
import { death } from './domain/death.ts'
import { forgetting } from './domain/forgetting.ts'
import { identity } from './domain/identity.ts'
import { link } from './domain/link.ts'
import { forgettingDesk } from './forgetting-desk.ts'
import { forgettingRoutes } from './http/forgetting-routes.ts'
import { linkRoutes } from './http/link-routes.ts'
import { patientsRoutes } from './http/patients-routes.ts'
import { identitiesOf } from './known-identities.ts'
import { linkDesk } from './link-desk.ts'
import { linkView } from './link-view.ts'
import { personCircle } from './person-circle.ts'
import { charges, type ChargeTables } from './projections/charges.ts'
import { patientRecords, type PatientsTables } from './projections/patient-records.ts'
import { type AbsentTables, standIns } from './projections/stand-ins.ts'
import { residentHistory } from './resident-history.ts'
import { reactionsOf } from './reactions-of.ts'

/** Composes patient identities and care circles. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { mode, store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const stays = codecOf<StayEvent>(stayEvents)
  const patients = codecOf<PatientEvent>(patientEvents)
  const circles = codecOf<CircleEvent>(circleEvents)
  const links = codecOf<LinkEvent>(linkEvents)
  const handleIdentity = commandHandler(identity, { store, codec: patients, now, newId })
  const handleCircle = commandHandler(circle, { store, codec: circles, now, newId })
  const handleDeath = commandHandler(death, { store, codec: codecOf<DeathEvent>(deathEvents), now, newId })
  const handleLink = commandHandler(link, { store, codec: links, now, newId })
  const loadLink = async (linkId: LinkId) => (await loadState(link, { store, codec: links }, linkId)).state
  const loadCircle = async (patientId: PatientId) =>
    (await loadState(circle, { store, codec: circles }, patientId)).state
  const database = await adapters.openViews<PatientsTables & ChargeTables & AbsentTables>('patients')
  const running = { store, database, epoch, log, now }

  const notices = codecOf<NoticeEvent>(noticeEvents)
  const referrals = codecOf<ReferralEvent>(referralEvents)
  const viewed = codecSet([stays, patients, circles, links, notices, referrals])
  const view = startProjection({ ...running, projection: patientRecords, codecs: viewed })
  const taken = codecSet([referrals])
  const charged = startProjection({ ...running, projection: charges, codecs: taken })
  const away = codecSet([codecOf<AbsenceEvent>(absenceEvents), circles])
  const standing = startProjection({ ...running, projection: standIns, codecs: away })
  const known = linkView({ database, view })
  const deciding = { view: known, derivedId: derivedUuid, now }
  const desk = linkDesk({
    ...deciding,
    identitiesOf: (ids) => identitiesOf({ database, vault }, ids),
    handleLink,
    loadLink,
  })
  const forgettings = codecOf<ForgettingEvent>(forgettingEvents)
  const handleForgetting = commandHandler(forgetting, { store, codec: forgettings, now, newId })
  const { db } = database
  const inCharge = { charges: { db, view: charged }, loadCircle }
  const { read: readCircle, ...ofPerson } = personCircle({ loadCircle, handleCircle })
  const personOf = (patientId: string) => rememberedPersonOf({ db, keyring: vault }, patientId)
  const replacing = { absences: { db, view: standing }, personOf, readCircle }
  const deadResident = residentHistory({
    store,
    residents: codecOf<ResidentEvent>(residentEvents),
    matches: codecOf<ResidentMatchEvent>(residentMatchEvents),
  })
  const writing = {
    handleIdentity,
    handleDeath,
    deadResident,
    handleCircle,
    derivedId: derivedUuid,
    ...inCharge,
    ...replacing,
  }
  const reactions = reactionsOf({ running, vault, codecOf, reportLink: desk.report, ...writing })
  const operatorCoordinates = mode === 'demonstration'
  const access = { vault, database, operatorCoordinates, now }
  const routes = { verifier, log, epoch, reaches: view.reaches, ...access }

  return {
    app: new Hono()
      .route('/', linkRoutes({ ...routes, desk }))
      .route(
        '/',
        forgettingRoutes({ ...routes, desk: forgettingDesk({ ...deciding, database, vault, handleForgetting }) }),
      )
      .route('/', patientsRoutes({ ...routes, circles: { read: readCircle, ...ofPerson } }))
      .route(
        '/',
        operationsRoutes({ service: 'patients', running: [view, charged, standing], epoch, log, verifier, newId }),
      ),
    readiness: () => readinessOf([view, charged, standing, ...reactions]),
    stop: async () => {
      for (const each of reactions) await each.stop()
      await charged.stop()
      await standing.stop()
      await view.stop()
    },
  }
}
