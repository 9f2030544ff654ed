/** Slots probed before a lookup gives up; at half load a run this long does not happen in practice. */
const MAX_PROBES = 64
/** Entries of the first generation: a small log is remembered in half a MiB. */
const FIRST_ENTRIES = 1 << 16
/** How much larger the next one is, up to half the window. */
const LARGER = 4

/**
 * Which of the newest entries have a given digest, as a hint: some bits of digest and the place of the entry in one 32-bit slot, no
 * object for an entry. The caller compares the full digest, so a wrong hint costs time and nothing else; entries of a transaction
 * that failed may stay in it for the same reason. Generations of half the window each, the first ones smaller: when the youngest is
 * full the one before the last is dropped whole, which bounds memory and needs no deletion.
 */
export class DedupeTable {
  readonly #capacity: number
  /** The youngest first. */
  #generations: readonly Generation[] = []

  /** `window`: entries remembered, at least half of it at any moment. */
  constructor(window: number) {
    this.#capacity = Math.max(16, Math.floor(window / 2))
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    return this.#generations.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Calls `isSame` with the index of each remembered entry that may be equal, newest generation first. */
  find(digest: Buffer, at: number, size: number, isSame: (index: number) => boolean): number | undefined {
    for (const generation of this.#generations) {
      const found = generation.find(digest, at, size, isSame)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** `digest` has eight bytes behind `at`; an index is that of the entry before and one more, or an earlier one after a failure. */
  add(digest: Buffer, at: number, index: number): void {
    const [young] = this.#generations
    if (young?.isFull === false) return young.add(digest, at, index)
    const capacity = Math.min(this.#capacity, young === undefined ? FIRST_ENTRIES : young.capacity * LARGER)
    const added = new Generation(capacity, index)
    // Beside two of half the window each there is nothing that must be remembered.
    const kept = young?.capacity === this.#capacity ? [young] : this.#generations
    this.#generations = [added, ...kept]
    added.add(digest, at, index)
  }
}

class Generation {
  readonly capacity: number
  #count = 0
  readonly #mask: number
  /** In each the tag in the upper bits and the index less {@link #base} in the lower ones; 0 marks a free slot. */
  readonly #slots: Uint32Array
  readonly #indexBits: number
  /** Before the first entry: after a failed transaction indices begin anew at an earlier one. */
  readonly #base: number

  constructor(capacity: number, first: number) {
    this.capacity = capacity
    const slots = powerOfTwoAbove(capacity * 2)
    this.#mask = slots - 1
    this.#slots = new Uint32Array(slots)
    this.#indexBits = Math.log2(slots)
    this.#base = Math.max(0, first - capacity)
  }

  get isFull(): boolean {
    return this.#count >= this.capacity
  }

  get bytes(): number {
    return this.#slots.byteLength
  }

  find(digest: Buffer, at: number, size: number, isSame: (index: number) => boolean): number | undefined {
    const tag = this.#tagOf(digest, at)
    let slot = digest.readUInt32LE(at) & this.#mask
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const found = this.#slots[slot] ?? 0
      if (found === 0) return undefined
      if (found >>> this.#indexBits === tag) {
        const index = this.#base + (found & this.#mask)
        if (index < size && isSame(index)) return index
      }
      slot = (slot + 1) & this.#mask
    }
    return undefined
  }

  add(digest: Buffer, at: number, index: number): void {
    this.#count++
    const place = index - this.#base
    // Of an entry that has no place, or no free slot near, a retry is stored, and dropped by readers.
    if (place < 0 || place > this.#mask) return
    let slot = digest.readUInt32LE(at) & this.#mask
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      if (this.#slots[slot] === 0) {
        this.#slots[slot] = (this.#tagOf(digest, at) << this.#indexBits) | place
        return
      }
      slot = (slot + 1) & this.#mask
    }
  }

  /** Digests are uniform: any bits do that do not choose the slot. Never 0, which marks a free slot. */
  #tagOf(digest: Buffer, at: number): number {
    return digest.readUInt32LE(at + 4) >>> this.#indexBits || 1
  }
}

function powerOfTwoAbove(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, n)))
}
