import { createHash } from 'node:crypto'

import { MAX_DIGESTED_CHARS } from '../limits.ts'

/** SHA-256 of the UTF-8 bytes of `text` in lowercase hex; undefined without text, or above the bound of `limits.ts`. */
export function digestOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_DIGESTED_CHARS) return undefined
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
