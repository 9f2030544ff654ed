/**
 * End of the URL that starts at `position`, or `undefined` where none does. Linear: it looks at each character once
 * from here, and the caller skips what was read.
 */
export function urlEnd(text: string, position: number): number | undefined {
  const colon = schemeEnd(text, position)
  if (colon === undefined) return bareHostEnd(text, position)
  if (text.startsWith('://', colon)) return authorityEnd(text, colon + 3)
  const scheme = text.slice(position, colon).toLowerCase()
  if (!ACTIVE_SCHEMES.has(scheme)) return undefined
  const end = tokenEnd(text, colon + 1, DATA_HEADER)
  // `wrong data: what is sent` is prose; a script may begin with a blank.
  return end > colon + 1 || SCRIPT_SCHEMES.has(scheme) ? end : undefined
}

/** A URL that no program recognises as one: `hxxps://evil[.]example/a`, `javascript[:]alert(1)`. */
export function defang(url: string): string {
  const colon = schemeEnd(url, 0)
  if (colon === undefined) return url.replaceAll('://', '[:]//').replaceAll('.', '[.]')
  const scheme = url.slice(0, colon)
  if (!url.startsWith('://', colon)) return `${scheme}[:]${url.slice(colon + 1).replaceAll('://', '[:]//')}`
  const harmless = SAFE_SCHEMES.get(scheme.toLowerCase())
  // What no table knows keeps its name and loses its colon, which is what makes it a link.
  return harmless === undefined
    ? scheme + defangRest(url.slice(colon))
    : `${harmless}://${defangRest(url.slice(colon)).slice('[:]//'.length)}`
}

/** What follows a scheme, from its `://` on. A path may hold a second URL, as redirects do. */
export function defangRest(rest: string): string {
  const body = rest.slice(3).replaceAll('://', '[:]//')
  const pathStart = firstOf(body, 0, '/?#')
  return `[:]//${body.slice(0, pathStart).replaceAll('.', '[.]')}${body.slice(pathStart)}`
}

const SAFE_SCHEMES: ReadonlyMap<string, string> = new Map([
  ['http', 'hxxp'],
  ['https', 'hxxps'],
  ['ftp', 'fxp'],
  ['ws', 'wxs'],
  ['wss', 'wxss'],
])

/** Schemes that act without `//`. */
const ACTIVE_SCHEMES: ReadonlySet<string> = new Set(['javascript', 'data', 'vbscript', 'mailto', 'blob', 'tel', 'sms'])

const SCRIPT_SCHEMES: ReadonlySet<string> = new Set(['javascript', 'vbscript'])

/** A scheme is at most this long; a longer word is prose. */
const SCHEME = 24
/** Of a `data:` or `javascript:` URL only the head is one part: what follows is read on its own. */
const DATA_HEADER = 64

function schemeEnd(text: string, position: number): number | undefined {
  for (let at = position; at <= position + SCHEME && at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x3a) return at === position ? undefined : at
    if (!isSchemeUnit(code)) return undefined
  }
  return undefined
}

function isSchemeUnit(code: number): boolean {
  return isAlphanumeric(code) || code === 0x2b || code === 0x2d || code === 0x2e
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}

function bareHostEnd(text: string, position: number): number | undefined {
  return text.slice(position, position + 4).toLowerCase() === 'www.' ? tokenEnd(text, position + 4, 253) : undefined
}

function authorityEnd(text: string, start: number): number | undefined {
  const end = tokenEnd(text, start, 4096)
  return end === start ? undefined : end
}

/** Up to white space, a quote, a bracket that closes, or `atMost` characters. */
export function tokenEnd(text: string, start: number, atMost: number): number {
  let at = start
  while (at < text.length && at - start < atMost && !isDelimiter(text.charCodeAt(at))) at += 1
  return at
}

/** Controls, hidden and non-ASCII characters end a URL too, so that each is shown for what it is. */
function isDelimiter(code: number): boolean {
  return code <= 0x20 || code >= 0x7f || DELIMITERS.includes(String.fromCharCode(code))
}

function firstOf(text: string, from: number, characters: string): number {
  for (let at = from; at < text.length; at += 1) if (characters.includes(text.charAt(at))) return at
  return text.length
}

const DELIMITERS = '"\'<>`|\\)}'
