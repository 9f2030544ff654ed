import { hash } from 'node:crypto'
import { KEY_CHARS } from './limits.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
/** Eight hex digits or more with a figure and a letter among them: digests, commits, container ids. */
const HEX = /(?<![A-Za-z0-9])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,128}(?![A-Za-z0-9])/gi
/** Names that mkstemp and its kin make up. */
const TEMPORARY =
  /(?<=^|[/.])(tmp|temp)?[._-]?(?=[A-Za-z0-9_]*[A-Z0-9_])(?=[A-Za-z0-9_]*[a-zA-Z])[A-Za-z0-9_]{6,16}(?=$|[/.])/g
/** Installed files carry their version in their name: it tells them apart, and no run makes up a new one. */
const INSTALLED = /^\/(?:usr|lib|lib32|lib64|libx32|bin|sbin|opt|etc|boot|nix)\//
const SCRATCH = /^(?:\/tmp|\/var\/tmp|\/dev\/shm|\/private\/tmp)\//

/**
 * A path with its parts of the moment replaced by `*`, so that the same act on another day is the same entry: numbers,
 * UUIDs, digests, and below the folders for temporary files whatever a library made up.
 */
export function foldPath(path: string): string {
  if (INSTALLED.test(path)) return keyOf(path)
  const named = SCRATCH.test(path) ? path.replaceAll(TEMPORARY, foldTemporary) : path
  return keyOf(foldText(named).replaceAll(/\*(?:[._-]?\*)+/g, '*'))
}

/** A name with its numbers, UUIDs and digests replaced by `*`. */
export function foldText(text: string): string {
  return text.replaceAll(UUID, '*').replaceAll(HEX, '*').replaceAll(/\d+/g, '*')
}

/** At most {@link KEY_CHARS} characters of Unicode text without control characters. */
export function keyOf(text: string): string {
  const clean = text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}]/gu, '_')
  if (clean.length <= KEY_CHARS) return clean
  return `${clean.slice(0, KEY_CHARS - 18).toWellFormed()}~${hash('sha256', clean, 'hex').slice(0, 16)}`
}

/** A word such as `workspace` is a name; what mixes cases, figures or underscores below /tmp was made up. */
function foldTemporary(name: string, prefix: string | undefined): string {
  const rest = prefix === undefined ? name : name.slice(prefix.length)
  const isMadeUp = /[0-9]/.test(rest) || (/[a-z]/.test(rest) && /[A-Z]/.test(rest.slice(1))) || prefix !== undefined
  return isMadeUp ? `${prefix ?? ''}*` : name
}
