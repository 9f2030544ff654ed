/** Pages that a sign-in leads through at most. */
const PAGES = 10

/**
 * What a browser does at an identity provider of {@link startIdentityProvider}: says who it is, or declines, and goes where it
 * is sent. Gives the address outside of the provider that it is sent to at the end.
 */
export async function walkSignIn(start: string, answer: { readonly name: string } | 'decline'): Promise<URL> {
  const { origin } = new URL(start)
  const cookies = new Map<string, string>()
  let at = new URL(start)
  let form: URLSearchParams | undefined
  for (let page = 0; page < PAGES; page++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = form === undefined ? {} : { method: 'POST', body: form }
    const response = await fetch(at, { redirect: 'manual', headers: { cookie }, ...sent })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    await response.body?.cancel()
    const location = response.headers.get('location')
    if (location !== null) at = new URL(location, at)
    if (at.origin !== origin) return at
    if (location === null && !at.pathname.startsWith('/who/'))
      throw new Error(`the provider answered ${response.status} at ${at.pathname}`)
    form = location !== null ? undefined : new URLSearchParams(answer === 'decline' ? { decline: 'yes' } : answer)
  }
  throw new Error(`no end of the sign-in after ${PAGES} pages`)
}
