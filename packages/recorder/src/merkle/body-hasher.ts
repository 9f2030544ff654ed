import { hash } from 'node:crypto'
import { HASH_BYTES } from './hash.ts'
import { instantiate } from './instantiate.ts'
import { INITIAL, LANES, sha256BlocksModule } from './wasm-sha256.ts'

/** Where bodies lie, and what is hashed around each: `salt` before it, `suffix` of its number behind it. */
export type Bodies = {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly salt: Buffer
  readonly suffixes: ReadonlyMap<number, string>
}

/** Memory of the kernel: the states, then messages. As much as a core's second cache holds beside other work. */
const PAGES = 5
const MEMORY_BYTES = PAGES * 65_536
const BLOCK_BYTES = 64
const STATE_WORDS = 8
const MESSAGES_AT = STATE_WORDS * LANES * 4
/** What padding adds at least: one byte that ends the message and eight of its length. */
const PADDING_BYTES = 9
/** Larger messages are hashed with one call each, which then costs nothing beside the hashing. */
const MAX_MESSAGE_BYTES = 32 * 1024
/** With fewer, most lanes would run empty. */
const MIN_FOR_KERNEL = 4

type Run = (a: number, b: number, c: number, d: number, blocks: number) => void

/** SHA-256 of salted bodies into `output`, 32 bytes each. `isKernelUsed` is for comparing both ways. */
export function hashBodies(bodies: Bodies, output: Buffer, isKernelUsed: boolean = isKernelFaster()): void {
  const count = bodies.starts.length
  if (!isKernelUsed || count < MIN_FOR_KERNEL) {
    for (let i = 0; i < count; i++) hashOne(bodies, i, output)
    return
  }
  kernel ??= new Kernel()
  kernel.hash(bodies, output)
}

let kernel: Kernel | undefined

/**
 * Hands messages of different lengths to the four lanes: each step runs as many blocks as the lane that ends first has
 * left, and a lane that has ended takes the next message.
 */
class Kernel {
  readonly #memory: Buffer
  readonly #run: Run
  readonly #state: Uint32Array
  /** Address and blocks of the messages in memory, and their number among the bodies. */
  readonly #addresses = new Uint32Array(MEMORY_BYTES / BLOCK_BYTES)
  readonly #blocks = new Uint32Array(MEMORY_BYTES / BLOCK_BYTES)
  readonly #numbers = new Uint32Array(MEMORY_BYTES / BLOCK_BYTES)
  #held = 0
  #end = MESSAGES_AT

  constructor() {
    const { memory, run } = instantiate<Run>(sha256BlocksModule(PAGES))
    this.#memory = Buffer.from(memory)
    this.#run = run
    this.#state = new Uint32Array(memory, 0, STATE_WORDS * LANES)
  }

  hash(bodies: Bodies, output: Buffer): void {
    const { starts, ends, suffixes } = bodies
    this.#clear()
    for (let i = 0; i < starts.length; i++) {
      const suffix = suffixes.size === 0 ? '' : (suffixes.get(i) ?? '')
      // starts and ends have equal lengths.
      const bytes = bodies.salt.length + (ends[i] as number) - (starts[i] as number) + Buffer.byteLength(suffix)
      const padded = Math.ceil((bytes + PADDING_BYTES) / BLOCK_BYTES) * BLOCK_BYTES
      if (padded > MAX_MESSAGE_BYTES) {
        hashOne(bodies, i, output)
        continue
      }
      if (this.#end + padded > MEMORY_BYTES) {
        this.#hashHeld(output)
        this.#clear()
      }
      this.#place(bodies, i, { suffix, bytes, padded })
    }
    this.#hashHeld(output)
  }

  #clear(): void {
    this.#held = 0
    this.#end = MESSAGES_AT
  }

  /** Salt, body, suffix and padding (FIPS 180-4, section 5.1.1) behind the messages that are there. */
  #place(
    { bytes: source, starts, ends, salt }: Bodies,
    i: number,
    message: { readonly suffix: string; readonly bytes: number; readonly padded: number },
  ): void {
    const memory = this.#memory
    const from = this.#end
    const to = from + message.bytes
    const end = from + message.padded
    salt.copy(memory, from)
    const start = starts[i] as number // the caller counts i up to the number of starts
    const stop = ends[i] as number
    if (Buffer.isBuffer(source)) source.copy(memory, from + salt.length, start, stop)
    else memory.set(source.subarray(start, stop), from + salt.length)
    if (message.suffix !== '') memory.write(message.suffix, from + salt.length + stop - start)
    memory[to] = 0x80
    for (let at = to + 1; at < end - 4; at++) memory[at] = 0
    memory.writeUInt32BE(message.bytes * 8, end - 4)
    this.#addresses[this.#held] = from
    this.#blocks[this.#held] = message.padded / BLOCK_BYTES
    this.#numbers[this.#held] = i
    this.#held++
    this.#end = end
  }

  #hashHeld(output: Buffer): void {
    const run = this.#run
    // Message, next address and blocks left of each lane. A lane without a message reads what lies at address 0.
    const messages = [-1, -1, -1, -1]
    const at = [0, 0, 0, 0]
    const left = [0, 0, 0, 0]
    let next = 0
    for (;;) {
      let step = Number.POSITIVE_INFINITY
      for (let lane = 0; lane < LANES; lane++) {
        if (left[lane] === 0 && next < this.#held) {
          messages[lane] = this.#numbers[next] ?? 0
          at[lane] = this.#addresses[next] ?? 0
          left[lane] = this.#blocks[next] ?? 0
          next++
          for (let word = 0; word < STATE_WORDS; word++) this.#state[word * LANES + lane] = INITIAL[word] ?? 0
        }
        const blocks = left[lane] ?? 0
        if (blocks > 0 && blocks < step) step = blocks
      }
      if (step === Number.POSITIVE_INFINITY) return
      run(at[0] ?? 0, at[1] ?? 0, at[2] ?? 0, at[3] ?? 0, step)
      for (let lane = 0; lane < LANES; lane++) {
        const blocks = left[lane] ?? 0
        if (blocks === 0) continue
        left[lane] = blocks - step
        at[lane] = blocks === step ? 0 : (at[lane] ?? 0) + step * BLOCK_BYTES
        if (blocks === step) this.#emit(lane, output, (messages[lane] ?? 0) * HASH_BYTES)
      }
    }
  }

  #emit(lane: number, output: Buffer, at: number): void {
    for (let word = 0; word < STATE_WORDS; word++) {
      output.writeUInt32BE(this.#state[word * LANES + lane] ?? 0, at + word * 4)
    }
  }
}

let scratch: Buffer = Buffer.allocUnsafe(64 * 1024)

/** A `binary` answer was measured at half the cost of a `buffer` one, which allocates outside the heap for every call. */
function hashOne({ bytes, starts, ends, salt, suffixes }: Bodies, i: number, output: Buffer): void {
  const start = starts[i] as number // the caller counts i up to the number of starts
  const end = ends[i] as number
  const suffix = suffixes.get(i) ?? ''
  const suffixAt = salt.length + end - start
  const total = suffixAt + Buffer.byteLength(suffix)
  if (total > scratch.length) scratch = Buffer.allocUnsafe(total)
  salt.copy(scratch)
  if (Buffer.isBuffer(bytes)) bytes.copy(scratch, salt.length, start, end)
  else scratch.set(bytes.subarray(start, end), salt.length)
  if (suffix !== '') scratch.write(suffix, suffixAt)
  output.write(hash('sha256', scratch.subarray(0, total), 'binary'), i * HASH_BYTES, 'latin1')
}

/** Bytes a millisecond that only processors with SHA instructions reach: those do 1 to 2 GB/s, others up to 0.5. */
const SHA_INSTRUCTIONS_RATE = 700_000
const PROBE_BYTES = 64 * 1024
const PROBES = 5
let isFaster: boolean | undefined

/** False where the processor hashes by itself: one call for each body is then the faster way. Asked once, within 2 ms. */
function isKernelFaster(): boolean {
  if (isFaster !== undefined) return isFaster
  const probe = Buffer.alloc(PROBE_BYTES)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < PROBES; i++) {
    const begun = performance.now()
    hash('sha256', probe, 'binary')
    best = Math.min(best, performance.now() - begun)
  }
  isFaster = PROBE_BYTES / best < SHA_INSTRUCTIONS_RATE
  return isFaster
}
