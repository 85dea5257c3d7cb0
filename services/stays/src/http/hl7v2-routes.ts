import { sendMessage } from '@relais/contracts/http'
import type { Actor } from '@relais/contracts/actor'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { requireMediaType } from '@relais/http/validation'
import { callerAsSender, type Sender } from '../intake/senders.ts'

type Hl7v2RoutesDeps = HttpAppDeps & {
  receive: (bytes: Uint8Array, sender: Sender | undefined) => Promise<Uint8Array>
}

/** `POST /hl7v2`: what MLLP takes, over HTTP. The sender is the caller, who speaks for his or her organisation. */
export function hl7v2Routes({ receive, ...deps }: Hl7v2RoutesDeps) {
  const app = httpApp(deps)
  app.use(sendMessage.path, requireScope('message:send'), requireMediaType('application/hl7-v2'))
  app.openapi(sendMessage, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer())
    const answer = await receive(bytes, senderFor(c.get('actor')))
    return c.body(Buffer.from(answer), 200, { 'content-type': 'application/hl7-v2' })
  })
  return app
}

function senderFor({ id, organisation }: Actor): Sender | undefined {
  return organisation === undefined ? undefined : callerAsSender(id, organisation)
}
