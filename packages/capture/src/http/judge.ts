import { beginsMessage } from './http1.ts'
import { beginsFrame, beginsWithSettings, mayBecomePreface, startsWithPreface } from './http2.ts'
import { MAX_HEAD_BYTES } from './limits.ts'

/**
 * What the first bytes of a direction begin: a protocol, one that was joined midway, nothing that is known, or too little
 * to say.
 */
export function judgeBeginning(bytes: Uint8Array): 'http/1.1' | 'h2' | 'h2-midway' | 'no' | 'more' {
  if (startsWithPreface(bytes)) return 'h2'
  if (mayBecomePreface(bytes)) return 'more'
  if (beginsMessage(bytes)) return 'http/1.1'
  if (mayBecomeStartLine(bytes)) return 'more'
  if (beginsWithSettings(bytes)) return 'h2'
  if (bytes.length < 9 && bytes[0] === 0) return 'more'
  return beginsFrame(bytes) ? 'h2-midway' : 'no'
}

/** Text without a line end yet that begins as a request or status line does. */
function mayBecomeStartLine(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_HEAD_BYTES) return false
  return /^(?:[A-Z][A-Z-]{0,15}|[A-Z][A-Z-]{2,15} \S*(?: (?:H[TP/1.0]*)?)?\r?|HTTP\/[1.]*[01]?(?: \d{0,3})?)$/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
  )
}
