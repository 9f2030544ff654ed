import { RETURN_CHARACTERS } from './limits.ts'

const ANY = 'http://workspace.invalid'

/** A place in the workspace from what an address says, untrusted; its beginning where that is none, or lies anywhere else. */
export function returnPath(text: string | undefined): string {
  if (text === undefined || text.length > RETURN_CHARACTERS || !text.startsWith('/')) return '/'
  const url = URL.parse(text, ANY)
  if (url === null || url.origin !== ANY) return '/'
  const path = url.pathname + url.search
  // Two slashes are another host to a browser, also where dots before them were taken out.
  const isPage = !path.startsWith('//') && !/^\/(?:api|sign-in|assets)(?:\/|\?|$)/.test(path)
  return isPage ? path : '/'
}
