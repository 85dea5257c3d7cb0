import { answerPage, languageOf, type Page, renderPage } from '@relais/http/html-page'
import { answerByNode, nodeExchange } from '@relais/http/node-exchange'
import { type Context, Hono } from 'hono'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { confirmSignOutPage, expiredPage, refusedPage, signInPage } from '../oidc/pages.ts'
import { OIDC_PATH, type OidcDeps, openProvider } from '../oidc/provider.ts'
import { found } from '../people.ts'

const LONGEST_SEARCH = 80

/**
 * OpenID Connect, and the page on which one chooses whom to be. MUST come before other apps on a root, because the provider
 * reads bodies by itself.
 */
export function oidcRoutes(deps: OidcDeps): Hono {
  const { people, client, log } = deps
  const restartAt = client.postLogoutRedirectUris[0] ?? '/'
  const pages = {
    refused: (ctx: KoaContextWithOIDC) => write(ctx, refusedPage(languageIn(ctx), restartAt)),
    confirmSignOut: (ctx: KoaContextWithOIDC, form: string) => write(ctx, confirmSignOutPage(languageIn(ctx), form)),
  }
  let opening: Promise<Provider> | undefined
  const opened = () => (opening ??= openProvider(deps, pages))

  return new Hono()
    .get(`${OIDC_PATH}/sign-in/:uid`, async (c) => {
      const language = languageOf(c.req.header('accept-language'))
      const { incoming, outgoing } = nodeExchange(c)
      const isUnderWay = await (await opened()).interactionDetails(incoming, outgoing).then(() => true, gone)
      if (!isUnderWay) return answerPage(c, expiredPage(language, restartAt))
      const search = (c.req.query('search') ?? '').slice(0, LONGEST_SEARCH)
      return answerPage(c, signInPage({ people: found(people, search), search, language }))
    })
    .post(`${OIDC_PATH}/sign-in/:uid`, async (c) => {
      const form = await c.req.parseBody()
      const person = people.find(({ id }) => id === form['person'])
      if (person === undefined && form['cancel'] === undefined) return c.redirect(c.req.path, 303)
      const next = await chosen(await opened(), c, person?.id).catch(gone)
      if (next === false) return answerPage(c, expiredPage(languageOf(c.req.header('accept-language')), restartAt))
      if (person) log.info({ actorId: person.id, role: person.role }, 'person chosen')
      return c.redirect(next, 303)
    })
    .all(`${OIDC_PATH}/*`, async (c) => answerByNode(c, OIDC_PATH, (await opened()).callback()))
}

/** Where a choice goes on. Nobody is chosen by whoever gives up. */
async function chosen(provider: Provider, c: Context, accountId: string | undefined): Promise<string> {
  const { incoming, outgoing } = nodeExchange(c)
  if (accountId === undefined)
    return provider.interactionResult(
      incoming,
      outgoing,
      { error: 'access_denied' },
      { mergeWithLastSubmission: false },
    )
  const result = { login: { accountId, remember: false } }
  const next = await provider.interactionResult(incoming, outgoing, result, { mergeWithLastSubmission: false })
  // Whoever was signed in here before is replaced; the provider itself would show a page that sends itself.
  const session = await provider.Session.get(provider.createContext(incoming, outgoing))
  if (session.accountId !== undefined && session.accountId !== accountId) {
    session.loginAccount({ accountId, transient: true })
    session.authorizations = {}
    await session.persist()
  }
  return next
}

/** The provider no longer knows of this sign-in. */
function gone(error: unknown): false {
  if (error instanceof Error && error.name === 'SessionNotFound') return false
  throw error
}

function languageIn(ctx: KoaContextWithOIDC) {
  return languageOf(ctx.get('accept-language'))
}

async function write(ctx: KoaContextWithOIDC, page: Page): Promise<void> {
  const { text, headers } = await renderPage(page)
  ctx.set(headers)
  ctx.type = 'html'
  ctx.body = text
}
