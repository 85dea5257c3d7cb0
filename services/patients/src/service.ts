import { messageEvents, type MessageEvent } from '@relais/contracts/messages'
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
import type { DocumentRef, PatientId } from '@relais/contracts/primitives'
import { residentMatchEvents, type ResidentMatchEvent } from '@relais/contracts/residents'
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
import { link } from './domain/link.ts'
import { linkRoutes } from './http/link-routes.ts'
import { patientsRoutes } from './http/patients-routes.ts'
import { linkDesk } from './link-desk.ts'
import { personCircle } from './person-circle.ts'
import { patientRecords, type PatientsTables } from './projections/patient-records.ts'
import { disown } from './reactions/disown.ts'
import { letTheEhpadIn } from './reactions/let-the-ehpad-in.ts'
import { recordWhatWasAnnounced } from './reactions/record-what-was-announced.ts'
import { recordWhatWasReported } from './reactions/record-what-was-reported.ts'

/** Composes patient identities and care circles. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { mode, store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const stays = codecOf<StayEvent>(stayEvents)
  const patients = codecOf<PatientEvent>(patientEvents)
  const circles = codecOf<CircleEvent>(circleEvents)
  const links = codecOf<LinkEvent>(linkEvents)
  const messages = codecOf<MessageEvent>(messageEvents)
  const handleIdentity = commandHandler(identity, { store, codec: patients, now, newId })
  const handleCircle = commandHandler(circle, { store, codec: circles, now, newId })
  const handleLink = commandHandler(link, { store, codec: links, now, newId })
  const loadLink = async (linkId: LinkId) => (await loadState(link, { store, codec: links }, linkId)).state
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

  const notices = codecOf<NoticeEvent>(noticeEvents)
  const viewed = codecSet([stays, patients, circles, links, notices])
  const view = startProjection({ ...running, projection: patientRecords, codecs: viewed })
  const desk = linkDesk({ database, view, handleLink, loadLink, derivedId: derivedUuid, now })
  const recording = { readDocument, handleIdentity, derivedId: derivedUuid }
  const reported = recordWhatWasReported({ ...recording, handleCircle })
  const announced = recordWhatWasAnnounced({ ...recording, reportLink: desk.report })
  const reaction = startReaction({
    ...running,
    name: 'record-what-was-reported-1',
    codecs: codecSet([stays, messages]),
    react: async (decoded) => {
      await reported(decoded)
      await announced(decoded)
    },
  })
  const disowning = startReaction({
    ...running,
    name: 'disown-1',
    codecs: codecSet([notices]),
    react: disown({ handleCircle, derivedId: derivedUuid }),
  })
  const register = startReaction({
    ...running,
    name: 'let-the-ehpad-in-1',
    codecs: codecSet([codecOf<ResidentMatchEvent>(residentMatchEvents)]),
    react: letTheEhpadIn({ handleCircle, derivedId: derivedUuid }),
  })
  const operatorCoordinates = mode === 'demonstration'
  const access = { vault, database, operatorCoordinates, now }
  const routes = { verifier, log, epoch, reaches: view.reaches, ...access }

  return {
    app: new Hono()
      .route('/', linkRoutes({ ...routes, desk }))
      .route('/', patientsRoutes({ ...routes, circles: personCircle({ loadCircle, handleCircle }) }))
      .route('/', operationsRoutes({ service: 'patients', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, reaction, disowning, register]),
    stop: async () => {
      await reaction.stop()
      await disowning.stop()
      await register.stop()
      await view.stop()
    },
  }
}
