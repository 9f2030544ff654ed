import { readFileSync } from 'node:fs'
import { HEADERS_FILE_BYTES, MAX_HEADERS } from './limits.ts'
import { HOPS_HEADER } from './hops.ts'

/** A field name, and what may stand behind it (RFC 9110): visible characters and blanks between them. */
const LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}):[ \t]*([\x21-\x7e](?:[ \t\x21-\x7e]*[\x21-\x7e])?)$/
/** These say how a request is framed, and are the forwarder's own. */
const RESERVED: readonly string[] = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  HOPS_HEADER,
]

/**
 * Headers that go with each request, from a file: `Name: value`, one a line; empty lines and lines that begin with `#` are
 * passed over. Throws TypeError that names file and line and never what stands there: it holds credentials.
 */
export function readHeaders(file: string): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  for (const [at, line] of textOf(file).split(/\r?\n/).entries()) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const [, name = '', value = ''] = LINE.exec(text) ?? []
    const place = `file ${file}, line ${at + 1}`
    if (name === '') throw new TypeError(`${place} is no header: write one a line, as Authorization: Bearer TOKEN`)
    const lower = name.toLowerCase()
    if (RESERVED.includes(lower)) throw new TypeError(`${place}: ${lower} is not for you to set`)
    if (headers.has(lower)) throw new TypeError(`${place}: ${lower} stands there twice`)
    headers.set(lower, value)
    if (headers.size > MAX_HEADERS) throw new TypeError(`file ${file} holds more than ${MAX_HEADERS} headers`)
  }
  return Object.fromEntries(headers)
}

function textOf(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed'
    throw new TypeError(`file ${file} cannot be read: ${why}`, { cause: error })
  }
  if (text.length > HEADERS_FILE_BYTES) throw new TypeError(`file ${file} holds more than headers`)
  return text
}
