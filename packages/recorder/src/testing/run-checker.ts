import { LogReader } from '../log-reader.ts'
import { hashLeaf, hashNode } from '../merkle/hash.ts'
import { LEAF_BYTES } from '../leaf.ts'

/** A batch that a sender was told is stored. */
export type AcknowledgedBatch = { readonly name: string; readonly bodies: readonly string[] }

/**
 * Follows a log over crashes and restarts: what was acknowledged must be there, nothing may be there twice, and every
 * checkpoint that was ever seen must be a prefix of what the log holds. Reads each entry once, so it can be asked after
 * every restart. It keeps what it saw in memory.
 */
export class RunChecker {
  readonly #folder: string
  readonly #key: (body: Uint8Array) => string | undefined
  readonly #seen = new Map<string, number>()
  readonly #acknowledged: AcknowledgedBatch[] = []
  readonly #checkpoints = new Map<number, string>()
  readonly #roots = new Map<number, string>()
  #peaks: Buffer[] = []
  #size = 0

  /** `key` names a body so that equal records have equal names; undefined for what is not counted (control records). */
  constructor(folder: string, key: (body: Uint8Array) => string | undefined) {
    this.#folder = folder
    this.#key = key
  }

  get entries(): number {
    return this.#size
  }

  acknowledged(batch: AcknowledgedBatch): void {
    this.#acknowledged.push(batch)
  }

  /** A checkpoint note as some outsider saw it. */
  sawCheckpoint(note: string): void {
    const [, size = '0', root = ''] = note.split('\n')
    this.#checkpoints.set(Number(size), root)
  }

  /** What is wrong, one sentence each; empty where all promises hold. Call after a restart, while nothing is appended. */
  check(): string[] {
    const wrong: string[] = []
    using reader = LogReader.open({ folder: this.#folder })
    if (reader.size() < this.#size) wrong.push(`the log shrank from ${this.#size} to ${reader.size()} entries`)
    this.#readOn(reader, wrong)
    for (const { name, bodies } of this.#acknowledged.splice(0)) {
      const lost = bodies.filter((body) => !this.#seen.has(body)).length
      if (lost > 0) wrong.push(`${lost} of ${bodies.length} acknowledged entries of batch ${name} are lost`)
    }
    for (const { note } of reader.checkpoints()) this.sawCheckpoint(note)
    for (const [size, root] of this.#checkpoints) {
      if (size > this.#size) wrong.push(`a checkpoint covers ${size} entries, the log has ${this.#size}`)
      else if (size > 0 && this.#roots.get(size) !== root) wrong.push(`the checkpoint of ${size} entries is no prefix`)
    }
    return wrong
  }

  #readOn(reader: LogReader, wrong: string[]): void {
    for (const { index, body } of reader.entries({ from: this.#size })) {
      const key = body === undefined ? undefined : this.#key(body)
      if (key !== undefined) {
        const before = this.#seen.get(key)
        if (before !== undefined) wrong.push(`entry ${index} is entry ${before} again`)
        this.#seen.set(key, index)
      }
      const segment = reader.segment(index)
      if (segment === undefined) throw new Error(`entry ${index} has no segment`)
      const at = (index - segment.summary.first) * LEAF_BYTES
      this.#push(hashLeaf(segment.leaves.subarray(at, at + LEAF_BYTES)))
      // A transaction, and so a checkpoint, ends where a segment does.
      if (index === segment.summary.first + segment.summary.count - 1) this.#roots.set(this.#size, this.#root())
    }
  }

  /** Its own tree, from the definition: perfect subtrees of falling size. */
  #push(hash: Buffer): void {
    let node = hash
    for (let bits = this.#size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      const left = this.#peaks.pop()
      if (left !== undefined) node = hashNode(left, node)
    }
    this.#peaks.push(node)
    this.#size++
  }

  #root(): string {
    const root = this.#peaks.reduceRight((right, left) => hashNode(left, right))
    return root.toString('base64')
  }
}
