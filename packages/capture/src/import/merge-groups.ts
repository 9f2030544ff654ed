import type { EntryGroup, Envelope, Mask, UnixNano } from '@holdfast/model'
import { MAX_GROUP_BYTES, MAX_GROUP_ENTRIES, MAX_GROUP_TERMS } from './limits.ts'

/**
 * Groups with one envelope as one: each line of a history is a request of its own, and a group costs the recorder a
 * transaction's worth of index rows and a frame of its own compression. Order within an envelope is kept.
 */
export function mergeGroups(groups: readonly EntryGroup[]): readonly EntryGroup[] {
  const merged: EntryGroup[] = []
  const open = new Map<string, OpenGroup>()
  for (const group of groups) {
    const key = keyOf(group.envelope)
    let own = open.get(key)
    if (own !== undefined && !own.hasRoomFor(group)) {
      merged.push(own.close())
      own = undefined
    }
    own ??= new OpenGroup(group)
    open.set(key, own)
    own.add(group)
  }
  for (const group of open.values()) merged.push(group.close())
  return merged
}

function keyOf({ resource, scope, ...rest }: Envelope): string {
  const bytes = (part: Uint8Array): string => Buffer.from(part.buffer, part.byteOffset, part.length).toString('latin1')
  return JSON.stringify([rest, bytes(resource), bytes(scope)])
}

class OpenGroup {
  readonly #first: EntryGroup
  readonly #parts: Uint8Array[] = []
  readonly #terms = new Set<string>()
  readonly #masks = new Map<number, readonly Mask[]>()
  #bytes = 0
  #from: UnixNano
  #to: UnixNano

  constructor(first: EntryGroup) {
    this.#first = first
    this.#from = first.claimedFrom
    this.#to = first.claimedTo
  }

  hasRoomFor({ starts, ends, terms }: EntryGroup): boolean {
    const bytes = (ends.at(-1) ?? 0) - (starts[0] ?? 0)
    return (
      this.#bytes + bytes <= MAX_GROUP_BYTES &&
      this.#parts.length + starts.length <= MAX_GROUP_ENTRIES &&
      this.#terms.size + terms.length <= MAX_GROUP_TERMS
    )
  }

  add({ bytes, starts, ends, masks, terms, claimedFrom, claimedTo }: EntryGroup): void {
    for (const [i, start] of starts.entries()) {
      const own = masks.get(i)
      if (own !== undefined) this.#masks.set(this.#parts.length, own)
      const body = bytes.subarray(start, ends[i])
      this.#parts.push(body)
      this.#bytes += body.length
    }
    for (const term of terms) this.#terms.add(term)
    if (claimedFrom < this.#from) this.#from = claimedFrom
    if (claimedTo > this.#to) this.#to = claimedTo
  }

  close(): EntryGroup {
    const bytes = new Uint8Array(this.#bytes)
    const starts = new Uint32Array(this.#parts.length)
    const ends = new Uint32Array(this.#parts.length)
    let at = 0
    for (const [i, part] of this.#parts.entries()) {
      bytes.set(part, at)
      starts[i] = at
      at += part.length
      ends[i] = at
    }
    return {
      envelope: this.#first.envelope,
      bytes,
      starts,
      ends,
      terms: [...this.#terms],
      masks: this.#masks,
      claimedFrom: this.#from,
      claimedTo: this.#to,
    }
  }
}
