import type { EntryGroup } from '@holdfast/model'
import { RecorderError } from './errors.ts'
import { MAX_BODY_BYTES, MAX_ENVELOPE_BYTES, MAX_GROUP_TERMS, MAX_TERM_CHARACTERS } from './limits.ts'
import type { Receipt } from './types.ts'

/** An append that waits for the disk. */
export type Pending = {
  readonly groups: readonly EntryGroup[]
  readonly isControl: boolean
  readonly bytes: number
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: Error) => void
}

/** First in, first out, counted in bytes. */
export class AppendQueue {
  #waiting: Pending[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  push(pending: Pending): void {
    this.#waiting.push(pending)
    this.#bytes += pending.bytes
  }

  /** The oldest appends, at least one, of about `bytes` together. They count as waiting until {@link release}. */
  take(bytes: number): Pending[] {
    let taken = 0
    let count = 0
    while (count < this.#waiting.length && (count === 0 || taken + (this.#waiting[count]?.bytes ?? 0) <= bytes)) {
      taken += this.#waiting[count]?.bytes ?? 0
      count++
    }
    return this.#waiting.splice(0, count)
  }

  release(done: readonly Pending[]): void {
    for (const { bytes } of done) this.#bytes -= bytes
  }
}

/**
 * Bytes that the groups occupy while they wait; all groups of a request lie in its one body, which counts once. Throws
 * `invalid` where a group breaks a bound of model/entry.ts, before anything of it is queued.
 */
export function checkGroups(groups: readonly EntryGroup[]): number {
  const held = new Set<Uint8Array>()
  let total = 0
  for (const group of groups) {
    const { starts, ends, terms, bytes, envelope } = group
    if (starts.length !== ends.length) throw invalid(`${starts.length} starts but ${ends.length} ends`)
    if (terms.length > MAX_GROUP_TERMS) throw invalid(`${terms.length} index terms exceed ${MAX_GROUP_TERMS}`)
    for (const term of terms) {
      if (term.length > MAX_TERM_CHARACTERS) throw invalid(`an index term has ${term.length} characters`)
    }
    const { resource, scope, schemaUrl, agent, agentName } = envelope
    const envelopeBytes = resource.length + scope.length + schemaUrl.length + agentName.length
    if (envelopeBytes > MAX_ENVELOPE_BYTES) throw invalid(`an envelope of ${envelopeBytes} bytes is too large`)
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] as number // both arrays have this length
      const end = ends[i] as number
      if (start > end || end > bytes.length)
        throw invalid(`body ${i} lies at ${start} to ${end} of ${bytes.length} bytes`)
      if (end - start > MAX_BODY_BYTES) throw invalid(`body ${i} of ${end - start} bytes exceeds ${MAX_BODY_BYTES}`)
    }
    // SQLite would store half a surrogate pair as another character, and the row would contradict its envelope for ever.
    if (!agent.isWellFormed() || !agentName.isWellFormed()) throw invalid('the name of an agent is not Unicode text')
    total += envelopeBytes + (held.has(bytes) ? 0 : bytes.length)
    held.add(bytes)
  }
  return total
}

function invalid(message: string): RecorderError {
  return new RecorderError('invalid', message)
}
