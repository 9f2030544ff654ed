/** Slots probed before a lookup gives up; at half load a run this long does not happen in practice. */
const MAX_PROBES = 64

/**
 * Which of the newest entries have a given digest, as a hint: 32 bits of digest and the low 32 bits of the index in two
 * typed arrays, no object for an entry. The caller compares the full digest, so a wrong hint costs time and nothing
 * else; entries of a transaction that failed may stay in it for the same reason. Two generations of half the window
 * each: when the younger is full the older is dropped whole, which bounds memory and needs no deletion.
 */
export class DedupeTable {
  readonly #capacity: number
  #young: Generation
  #old: Generation | undefined

  /** `window`: entries remembered, at least half of it at any moment. */
  constructor(window: number) {
    this.#capacity = Math.max(16, Math.floor(window / 2))
    this.#young = new Generation(this.#capacity)
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    return this.#young.bytes + (this.#old?.bytes ?? 0)
  }

  /** Calls `isSame` with the index of each remembered entry that may be equal, newest generation first. */
  find(digest: Buffer, at: number, size: number, isSame: (index: number) => boolean): number | undefined {
    return this.#young.find(digest, at, size, isSame) ?? this.#old?.find(digest, at, size, isSame)
  }

  add(digest: Buffer, at: number, index: number): void {
    if (this.#young.count >= this.#capacity) {
      this.#old = this.#young
      this.#young = new Generation(this.#capacity)
    }
    this.#young.add(digest, at, index)
  }
}

class Generation {
  count = 0
  #mask: number
  /** Digest bits; 0 marks a free slot. */
  #tags: Uint32Array
  #indices: Uint32Array
  readonly #limit: number

  constructor(capacity: number) {
    this.#limit = capacity
    const slots = Math.min(1 << 16, powerOfTwoAbove(capacity * 2))
    this.#mask = slots - 1
    this.#tags = new Uint32Array(slots)
    this.#indices = new Uint32Array(slots)
  }

  get bytes(): number {
    return this.#tags.byteLength + this.#indices.byteLength
  }

  find(digest: Buffer, at: number, size: number, isSame: (index: number) => boolean): number | undefined {
    const tag = tagOf(digest, at)
    let slot = tag & this.#mask
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const found = this.#tags[slot]
      if (found === 0) return undefined
      if (found === tag) {
        const index = widen(this.#indices[slot] ?? 0, size)
        if (isSame(index)) return index
      }
      slot = (slot + 1) & this.#mask
    }
    return undefined
  }

  add(digest: Buffer, at: number, index: number): void {
    if ((this.count + 1) * 2 > this.#mask + 1 && this.count < this.#limit) this.#grow()
    this.count++
    this.#place(tagOf(digest, at), index >>> 0)
  }

  #place(tag: number, index: number): void {
    let slot = tag & this.#mask
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      if (this.#tags[slot] === 0) {
        this.#tags[slot] = tag
        this.#indices[slot] = index
        return
      }
      slot = (slot + 1) & this.#mask
    }
    // No free slot near: this entry is not remembered, and a retry of it is stored and dropped by readers.
  }

  #grow(): void {
    const tags = this.#tags
    const indices = this.#indices
    this.#mask = this.#mask * 2 + 1
    this.#tags = new Uint32Array(this.#mask + 1)
    this.#indices = new Uint32Array(this.#mask + 1)
    for (const [slot, tag] of tags.entries()) if (tag !== 0) this.#place(tag, indices[slot] ?? 0)
  }
}

/** Digests are uniform: any four bytes of the body's digest do. Never 0, which marks a free slot. */
function tagOf(digest: Buffer, at: number): number {
  return digest.readUInt32LE(at) || 1
}

/** The newest index below `size` with these low 32 bits: the window is far smaller than 2^32. */
function widen(low: number, size: number): number {
  const base = size - (size % 2 ** 32) + low
  return base < size ? base : base - 2 ** 32
}

function powerOfTwoAbove(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, n)))
}
