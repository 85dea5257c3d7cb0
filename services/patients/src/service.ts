import { circleEvents, patientEvents, type CircleEvent, type PatientEvent } from '@relais/contracts/patients'
import type { DocumentRef, PatientId } from '@relais/contracts/primitives'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { codecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { commandHandler, loadState } from '@relais/event-store/command-handler'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { startReaction } from '@relais/projections/reaction'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { circle } from './domain/circle.ts'
import { identity } from './domain/identity.ts'
import { patientsRoutes, type PatientsTables } from './http/patients-routes.ts'
import { patientRecords } from './projections/patient-records.ts'
import { recordWhatWasReported } from './reactions/record-what-was-reported.ts'

/** Composes patient identities and care circles. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { mode, store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const stays = codecOf<StayEvent>(stayEvents)
  const patients = codecOf<PatientEvent>(patientEvents)
  const circles = codecOf<CircleEvent>(circleEvents)
  const handleIdentity = commandHandler(identity, { store, codec: patients, now, newId })
  const handleCircle = commandHandler(circle, { store, codec: circles, now, newId })
  const loadCircle = async (patientId: PatientId) => {
    const { state } = await loadState(circle, { store, codec: circles }, patientId)
    return state.members
  }
  const readDocument = async ({ documentId }: DocumentRef) => {
    const document = await vault.get(documentId)
    return document === undefined || document === 'forgotten' ? undefined : document.bytes
  }
  const database = await adapters.openViews<PatientsTables>('patients')
  const running = { store, database, epoch, log, now }

  const view = startProjection({ ...running, projection: patientRecords, codecs: codecSet([stays, patients, circles]) })
  const reaction = startReaction({
    ...running,
    name: 'record-what-was-reported-1',
    codecs: codecSet([stays]),
    react: recordWhatWasReported({ readDocument, handleIdentity, handleCircle, derivedId: derivedUuid }),
  })
  const operatorCoordinates = mode === 'demonstration'
  const routes = { verifier, log, vault, database, epoch, reaches: view.reaches, loadCircle, handleCircle, now }

  return {
    app: new Hono()
      .route('/', patientsRoutes({ ...routes, operatorCoordinates }))
      .route('/', operationsRoutes({ service: 'patients', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, reaction]),
    stop: async () => {
      await reaction.stop()
      await view.stop()
    },
  }
}
