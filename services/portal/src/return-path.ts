/** Pages of the portal begin here; what the server answers by itself is no page to come back to. */
const OWN_ROUTES = /^\/app\/(?:sign-in|signed-in|sign-out|session|api)(?:[/?#]|$)/
const NOWHERE = 'http://relais.invalid'
const HOME = '/app/'
const LONGEST = 2000

/** The page to come back to once signed in: a path under `/app`, and nothing that a browser could take for elsewhere. */
export function returnPath(asked: string | undefined): string {
  // Browsers drop tabs and line breaks, and read a backslash as a slash.
  if (asked === undefined || asked.length > LONGEST || /[\u0000-\u0020\\\u007f]/.test(asked)) return HOME
  if (!/^\/app(?:[/?#]|$)/.test(asked)) return HOME
  const url = URL.parse(asked, NOWHERE)
  if (url === null || url.origin !== NOWHERE) return HOME
  const path = `${url.pathname}${url.search}${url.hash}`
  if (!/^\/app(?:[/?#]|$)/.test(path) || path.startsWith('//') || OWN_ROUTES.test(path)) return HOME
  return path
}
