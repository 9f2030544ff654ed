import { hash } from 'node:crypto'
import { instantiate } from './instantiate.ts'
import { LANES, sha256Module } from './wasm-sha256.ts'

/** Where messages lie and where their hashes go; each message is the `prefix` byte and then `stride` bytes. */
export type HashRun = {
  readonly prefix: number
  readonly input: Buffer
  readonly inputAt: number
  /** 55 to 117. */
  readonly stride: number
  readonly count: number
  readonly output: Buffer
  readonly outputAt: number
}

/** Messages handed to the kernel at once: keeps its memory at 256 KiB, within a core's second cache. */
const CHUNK = 1024
const OUTPUT_AT = 192 * 1024
const PAGES = 4
/** Below this the copy in and out costs as much as the calls that it saves. */
const MIN_FOR_KERNEL = 3

type Kernel = { readonly memory: Buffer; readonly run: (input: number, end: number, output: number) => void }

/** Made when first used; there are two, for leaves and for nodes. */
const kernels = new Map<string, Kernel>()
const scratch = Buffer.alloc(128)

/** Writes `count` SHA-256 hashes of 32 bytes each. A hash may land at or before its own message in the same buffer. */
export function hashRun(run: HashRun): void {
  if (run.count < MIN_FOR_KERNEL) return hashOneByOne(run)
  const { prefix, input, stride, count, output } = run
  const { memory, run: hashInLanes } = kernelFor(prefix, stride)
  for (let done = 0; done < count; done += CHUNK) {
    const some = Math.min(CHUNK, count - done)
    const from = run.inputAt + done * stride
    input.copy(memory, 1, from, from + some * stride)
    // The last step may hash up to three messages of old bytes; their hashes are not copied out.
    hashInLanes(0, Math.ceil(some / LANES) * LANES * stride, OUTPUT_AT)
    memory.copy(output, run.outputAt + done * 32, OUTPUT_AT, OUTPUT_AT + some * 32)
  }
}

/** A `binary` answer was measured at half the cost of a `buffer` one, which allocates outside the heap for every call. */
function hashOneByOne({ prefix, input, inputAt, stride, count, output, outputAt }: HashRun): void {
  const message = scratch.subarray(0, stride + 1)
  message[0] = prefix
  for (let i = 0; i < count; i++) {
    input.copy(message, 1, inputAt + i * stride, inputAt + (i + 1) * stride)
    output.write(hash('sha256', message, 'binary'), outputAt + i * 32, 'latin1')
  }
}

function kernelFor(prefix: number, stride: number): Kernel {
  const name = `${prefix}/${stride}`
  const known = kernels.get(name)
  if (known !== undefined) return known
  const { memory, run } = instantiate<Kernel['run']>(sha256Module({ prefix, stride, pages: PAGES }))
  const kernel = { memory: Buffer.from(memory), run }
  kernels.set(name, kernel)
  return kernel
}
