import { hash } from 'node:crypto'
import { HttpError } from './problem.ts'

/** What a representation is told apart by: a strong validator (RFC 9110, section 8.8.3), quotes included. */
export function etagOf(opaque: string): string {
  return `"${opaque}"`
}

/** The same for an answer that names none itself: of its bytes. */
export function etagOfText(text: string): string {
  return etagOf(hash('sha256', text, 'base64url').slice(0, 22))
}

/** Whether the caller has this very representation already: `If-None-Match`, compared as weak validators are. Untrusted. */
export function isHeldBy(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag)
}

/**
 * Throws 412 where the caller acts on another representation than this one: `If-Match`, compared as strong validators are.
 * A caller who states none acts on whatever is there. Untrusted.
 */
export function assertMatches(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*' || tagsOf(ifMatch).includes(etag)) return
  throw new HttpError(412, 'it has changed since you looked at it: look again, and say it once more', { etag })
}

/** Entity tags of a list; what is none matches nothing. */
function tagsOf(header: string): readonly string[] {
  return header.slice(0, MOST_CHARACTERS).match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? []
}

/** Of a list of tags that is read: a hundred of ours. */
const MOST_CHARACTERS = 4_096
