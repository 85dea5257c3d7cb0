import { queuesOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { listReferrals, readReferral, readReferralDocument } from '@relais/contracts/referral-routes'
import type { ReferralItem, ReferralView } from '@relais/contracts/referral-views'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { downloadHeaders } from '@relais/http/download'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import type { Vault } from '@relais/vault/vault'
import type { Kysely } from 'kysely'
import { documentsOf, referralView } from '../domain/referral-view.ts'
import { viewerOf } from '../parties.ts'
import type { BoxTables } from '../projections/box-rows.ts'
import { readFacts, readReceived, readSent } from '../projections/boxes.ts'
import { problems } from './problems.ts'

type ReadingDeps = HttpAppDeps & {
  db: Kysely<BoxTables>
  vault: Vault
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
}

const documentUnknown = { code: 'documentUnknown', status: 404, title: 'No such document, or not yours' } as const

/** Referrals as their parties read them. */
export function readingRoutes({ db, vault, epoch, reaches, ...deps }: ReadingDeps) {
  const app = httpApp(deps)
  app.on('GET', ['/referrals', '/referrals/*'], requireScope('referral:read'))

  async function seen(actor: Actor, referralId: string): Promise<ReferralView | undefined> {
    const { events, reached } = await readFacts(db, referralId)
    const request = events.find(({ type }) => type === 'ReferralRequested')?.data
    const from = request && 'from' in request ? request.from : undefined
    const receivers = events.flatMap(({ type, data }) => (type === 'ReceiverAsked' ? [data] : []))
    const viewer = from && viewerOf(actor, from, receivers)
    const outcome = viewer?.party ?? 'noRelation'
    deps.log.info({ actorId: actor.id, referralId, kind: 'referral', outcome }, 'access decided')
    // The rows of a forgotten patient stay in the view until it is built again.
    if (!viewer || !request || !(await vault.openingKey(request.patientId))) return undefined
    return referralView({ events, viewer, reached })
  }

  app.openapi(listReferrals, async (c) => {
    const { box, status, limit, after } = c.req.valid('query')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const actor = c.get('actor')
    const names = queuesOf(actor).filter((name) => box === 'sent' || (name === actor.id) === (box === 'received'))
    deps.log.info({ actorId: actor.id, kind: 'referrals', outcome: box }, 'access decided')
    if (names.length === 0) return c.json({ items: [] }, 200)
    const read = box === 'sent' ? readSent : readReceived
    const rows = await read(db, { names, status, limit, keys })
    // In one go: keys that are not at hand are then asked for together.
    const keysOf = await Promise.all(rows.map(async ({ patientId }) => vault.openingKey(patientId)))
    const items = rows.flatMap(({ item }, index): ReferralItem[] => (item && keysOf[index] ? [item] : []))
    const last = rows.length === limit ? rows.at(-1) : undefined
    return c.json({ items, ...(last ? { next: pageCursor(...last.place) } : {}) }, 200)
  })

  app.openapi(readReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const view = await seen(c.get('actor'), referralId)
    return view ? c.json(view, 200) : problem(c, problems.referralUnknown)
  })

  app.openapi(readReferralDocument, async (c) => {
    const { referralId, documentId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const view = await seen(c.get('actor'), referralId)
    if (!view) return problem(c, problems.referralUnknown)
    const known = documentsOf(view).find((each) => each.documentId === documentId)
    if (!known) return problem(c, documentUnknown)
    const { mediaType, size } = known
    const attached = attachmentsOf(view).find(({ document }) => document.documentId === documentId)
    if (!attached) {
      const text = await vault.get(documentId)
      if (typeof text !== 'object') return problem(c, documentUnknown)
      const headers = downloadHeaders({ mediaType, size, fileName: `${documentId}.txt` })
      return c.body(Uint8Array.from(text.bytes).buffer, 200, headers)
    }
    const opened = await vault.getStream(documentId)
    if (typeof opened !== 'object') return problem(c, documentUnknown)
    const headers = downloadHeaders({ mediaType, size, fileName: attached.fileName })
    return c.body(ReadableStream.from(opened.bytes), 200, headers)
  })
  return app
}

function attachmentsOf({ attachments = [], receivers }: ReferralView) {
  return [...attachments, ...receivers.flatMap(({ answer }) => answer?.attachments ?? [])]
}
