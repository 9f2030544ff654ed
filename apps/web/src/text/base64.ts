import { BASE64_CHARACTERS } from './limits.ts'

/** A run of base64 as it is shown in place of its characters. */
export type Base64Run = {
  /** What its first bytes say it is. A claim of the sender's, never acted upon. */
  readonly mediaType: string
  /** Decoded. */
  readonly bytes: number
  /** The run itself, so that its digest can be computed where it is shown. */
  readonly encoded: string
}

/** The run of base64 characters at `position`, and whether it is long and varied enough to be data. */
export function base64At(text: string, position: number): { readonly end: number; readonly isData: boolean } {
  let end = position
  let classes = 0
  while (end < text.length) {
    const bit = classOf(text.charCodeAt(end))
    if (bit === 0) break
    classes |= bit
    end += 1
  }
  // Words, however long, are of one case and hold no digits: a run of data has upper, lower and digits.
  if (end - position < BASE64_CHARACTERS || (classes & 7) !== 7) return { end, isData: false }
  for (let padding = 0; padding < 2 && text.charCodeAt(end) === 0x3d; padding += 1) end += 1
  return { end, isData: true }
}

/** Type by the first bytes, and size. */
export function describeBase64(text: string, start: number, end: number): Base64Run {
  const encoded = text.slice(start, end)
  const signature = SIGNATURES.find(([prefix]) => encoded.startsWith(prefix))
  let units = encoded.length
  while (units > 0 && encoded.charCodeAt(units - 1) === 0x3d) units -= 1
  return { mediaType: signature?.[1] ?? 'unknown type', bytes: Math.floor((units * 3) / 4), encoded }
}

/** SHA-256 of the decoded bytes as hex; `undefined` where the run does not decode or the page has no crypto. */
export async function base64Digest(encoded: string): Promise<string | undefined> {
  const subtle = globalThis.crypto?.subtle
  const bytes = decode(encoded)
  if (subtle === undefined || bytes === undefined) return undefined
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function decode(encoded: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (unit) => unit.charCodeAt(0))
  } catch {
    // Base64 characters that are no base64: shown by size alone.
    return undefined
  }
}

function classOf(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return 1
  if (code >= 0x61 && code <= 0x7a) return 2
  if (code >= 0x30 && code <= 0x39) return 4
  // + / - _
  return code === 0x2b || code === 0x2f || code === 0x2d || code === 0x5f ? 8 : 0
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'audio, video or image in RIFF'],
  ['JVBERi0', 'application/pdf'],
  ['UEsDB', 'application/zip'],
  ['H4sI', 'application/gzip'],
  ['PHN2Zy', 'image/svg+xml'],
  ['PD94bWw', 'application/xml'],
  ['f0VMR', 'executable in ELF'],
  ['TVqQ', 'executable in PE'],
  ['eyJ', 'application/json'],
]
