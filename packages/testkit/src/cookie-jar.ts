type Cookie = { name: string; value: string; path: string; attributes: readonly string[] }
type Fetch = (request: Request) => Promise<Response> | Response

export type CookieJar = {
  /** Asks once, redirects not followed. Paths are those of the origin. */
  ask(address: string, init?: RequestInit): Promise<Response>
  /** Asks, and follows redirects until one leads to where `isThere` says; all of them unless given. */
  follow(address: string, isThere?: (url: URL) => boolean): Promise<{ response: Response; url: URL }>
  cookie(name: string): Cookie | undefined
  /** As when a browser is closed and its cookies were copied. */
  cookies(): readonly Cookie[]
}

const LONGEST_CHAIN = 20

/** Keeps cookies as a browser does, as far as one origin needs: by path, until they are taken back. */
export function cookieJar(origin: string, fetchIt: Fetch = fetch, kept: readonly Cookie[] = []): CookieJar {
  const cookies = new Map(kept.map((cookie) => [`${cookie.name} ${cookie.path}`, cookie]))

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
    const path = attributes.find((each) => /^path=/i.test(each))?.slice('path='.length) ?? '/'
    const isGone = attributes.some((each) => /^max-age=0$/i.test(each) || /^expires=Thu, 01 Jan 1970/i.test(each))
    if (isGone) cookies.delete(`${name} ${path}`)
    else cookies.set(`${name} ${path}`, { name, value, path, attributes })
  }

  async function ask(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, origin)
    const headers = new Headers(init.headers)
    const sent = cookies.values().filter(({ path }) => url.origin === origin && `${url.pathname}/`.startsWith(path))
    const line = sent.map(({ name, value }) => `${name}=${value}`).toArray()
    if (line.length > 0) headers.set('cookie', line.join('; '))
    const response = await fetchIt(new Request(url, { ...init, headers, redirect: 'manual' }))
    for (const set of response.headers.getSetCookie()) keep(set)
    return response
  }

  return {
    ask,
    async follow(address, isThere = () => false) {
      let url = new URL(address, origin)
      for (let step = 0; step < LONGEST_CHAIN; step += 1) {
        const response = await ask(url.href)
        const location = response.headers.get('location')
        if (response.status < 300 || response.status > 399 || location === null) return { response, url }
        url = new URL(location, url)
        if (isThere(url)) return { response, url }
      }
      throw new Error('Redirects without end')
    },
    cookie: (name) => cookies.values().find((cookie) => cookie.name === name),
    cookies: () => [...cookies.values()],
  }
}
