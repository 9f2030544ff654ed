/**
 * WebAssembly kernels that hash four messages at once, one in each lane of a SIMD register (FIPS 180-4). Their bytes are
 * made here, so that there is no binary to trust. For leaves and nodes measured at a fifth of the time of one
 * `crypto.hash` call for each message, where the call costs more than the hashing.
 */

const K = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]
/** What the eight words of the state are before the first block. */
export const INITIAL: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

export const LANES = 4
/** What every module begins with, and its version. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

// Numbers, of which sha256Module uses three: input address, end of input, output address; then 128-bit locals.
const INPUT = 0
const END = 1
const OUTPUT = 2
/** In sha256BlocksModule 0 to 3 are the addresses of the lanes. */
const BLOCKS = 4
const W = 5
const STATE = W + 16
const HELD = STATE + 8
const T1 = HELD + 8
const T2 = T1 + 1
const LOCALS_128 = 16 + 8 + 8 + 2

/**
 * The bytes of a module that exports `memory` (of `pages`, one page is 64 KiB) and `run(input, end, output)`: from
 * `input` to `end`, four messages of `stride` bytes in each step, to 32-byte hashes at `output`. Each hashed message is
 * `prefix` and then the `stride` bytes, 56 to 118 bytes together. `input` is the address one byte before the first
 * message: the prefix stands in that byte's place, whatever is in it.
 */
export function sha256Module(options: {
  readonly prefix: number
  readonly stride: number
  readonly pages: number
}): Uint8Array {
  return moduleOf({ parameters: 3, pages: options.pages, code: body(options) })
}

/**
 * The bytes of a module that exports `memory` (of `pages`) and `run(a, b, c, d, blocks)`: takes `blocks` blocks of 64
 * bytes from each of the four addresses into the four states at address 0, where word i of lane j lies at 16i + 4j in
 * the byte order of the machine. Whoever calls has padded the messages and set the states. `blocks` is at least 1.
 */
export function sha256BlocksModule(pages: number): Uint8Array {
  const code: number[] = []
  for (let i = 0; i < 8; i++) code.push(0x41, 0x00, ...simd(0x00), 0x04, ...leb(16 * i), ...set(STATE + i))
  code.push(0x03, 0x40)
  for (let t = 0; t < 16; t++) {
    const loaded = [...constant(0)]
    for (let lane = 0; lane < LANES; lane++) {
      loaded.unshift(0x20, lane)
      loaded.push(...simd(0x56), 0x00, ...leb(4 * t), lane)
    }
    code.push(...loaded, ...byteSwap(), ...set(W + t))
  }
  code.push(...compress())
  for (let lane = 0; lane < LANES; lane++) code.push(...advance(lane, 64))
  code.push(0x20, BLOCKS, 0x41, 0x01, 0x6b, 0x22, BLOCKS, 0x0d, 0x00, 0x0b)
  for (let i = 0; i < 8; i++) code.push(0x41, 0x00, ...get(STATE + i), ...simd(0x0b), 0x04, ...leb(16 * i))
  return moduleOf({ parameters: 5, pages, code })
}

function moduleOf(made: {
  readonly parameters: number
  readonly pages: number
  readonly code: readonly number[]
}): Uint8Array {
  const { parameters, pages } = made
  // Two groups of locals, numbers up to W and the 128-bit ones; the code ends with `end`.
  const code = [0x02, ...leb(W - parameters), 0x7f, ...leb(LOCALS_128), 0x7b, ...made.code, 0x0b]
  const name = (text: string) => vector([...Buffer.from(text)], text.length)
  const numbers = Array.from({ length: parameters }, () => 0x7f)
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, vector([0x60, ...vector(numbers, parameters), 0x00], 1)),
    ...section(3, vector([0x00], 1)),
    ...section(5, vector([0x00, ...leb(pages)], 1)),
    ...section(7, vector([...name('memory'), 0x02, 0x00, ...name('run'), 0x00, 0x00], 2)),
    ...section(10, vector([...leb(code.length), ...code], 1)),
  ])
}

function body({ prefix, stride }: { readonly prefix: number; readonly stride: number }): number[] {
  const out: number[] = []
  // loop { ... input += 4 * stride; output += 128; br_if (input < end) }
  out.push(0x03, 0x40)
  const rounds = compress()
  for (let i = 0; i < 8; i++) out.push(...constant(INITIAL[i] ?? 0), ...set(STATE + i))
  for (let blockAt = 0; blockAt < 2; blockAt++) {
    for (let t = 0; t < 16; t++) out.push(...messageWord(blockAt * 16 + t, { prefix, stride }), ...set(W + t))
    out.push(...rounds)
  }
  for (let i = 0; i < 8; i++) out.push(...storeWord(i))
  out.push(...advance(INPUT, LANES * stride), ...advance(OUTPUT, LANES * 32))
  out.push(0x20, INPUT, 0x20, END, 0x49, 0x0d, 0x00, 0x0b)
  return out
}

/** Word `t` of the padded message in all four lanes. Message byte 0 is the prefix, so word t begins at data byte 4t - 1. */
function messageWord(t: number, { prefix, stride }: { readonly prefix: number; readonly stride: number }): number[] {
  const length = stride + 1
  if (t === 31) return constant(length * 8)
  if (4 * t > length) return constant(0)
  if (4 * t === length) return constant(0x80000000)
  const loaded = [...constant(0)]
  for (let lane = 0; lane < LANES; lane++) {
    // v128.load32_lane takes address and vector: the address has to come first on the stack.
    loaded.unshift(0x20, INPUT)
    loaded.push(...simd(0x56), 0x00, ...leb(lane * stride + 4 * t), lane)
  }
  const swapped = [...loaded, ...byteSwap()]
  const kept = Math.min(4, length - 4 * t)
  const mask = kept === 4 ? 0xffffffff : (0xffffffff << (8 * (4 - kept))) >>> 0
  const padding = kept === 4 ? 0 : (0x80 << (8 * (3 - kept))) >>> 0
  if (t === 0)
    return [...swapped, ...constant(0x00ffffff), ...simd(0x4e), ...constant((prefix << 24) >>> 0), ...simd(0x50)]
  if (kept === 4) return swapped
  return [...swapped, ...constant(mask), ...simd(0x4e), ...constant(padding), ...simd(0x50)]
}

/** One block: 64 rounds over the schedule in W, which is extended in place. */
function compress(): number[] {
  const out: number[] = []
  for (let i = 0; i < 8; i++) out.push(...get(STATE + i), ...set(HELD + i))
  for (let t = 0; t < 64; t++) {
    if (t >= 16) out.push(...extend(t))
    // The eight working variables rotate through the same locals instead of being moved.
    const at = (i: number) => STATE + ((i + 64 - t) & 7)
    const [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)]
    out.push(...get(h), ...sigma(e, [6, 11, 25]), ...add(), ...get(f), ...get(g), ...get(e), ...simd(0x52), ...add())
    out.push(...constant(K[t] ?? 0), ...add(), ...get(W + (t & 15)), ...add(), ...set(T1))
    out.push(...get(d), ...get(T1), ...add(), ...set(d))
    // maj(a, b, c): where b and c agree it is b, else a.
    out.push(
      ...sigma(a, [2, 13, 22]),
      ...get(a),
      ...get(b),
      ...get(b),
      ...get(c),
      ...simd(0x51),
      ...simd(0x52),
      ...add(),
    )
    out.push(...get(T1), ...add(), ...set(h))
  }
  for (let i = 0; i < 8; i++) out.push(...get(STATE + i), ...get(HELD + i), ...add(), ...set(STATE + i))
  return out
}

function extend(t: number): number[] {
  const w = (back: number) => W + ((t - back) & 15)
  return [
    ...get(w(16)),
    ...smallSigma(w(15), [7, 18, 3]),
    ...add(),
    ...get(w(7)),
    ...add(),
    ...smallSigma(w(2), [17, 19, 10]),
    ...add(),
    ...set(W + (t & 15)),
  ]
}

function sigma(local: number, [x, y, z]: readonly [number, number, number]): number[] {
  return [...rotate(local, x), ...rotate(local, y), ...simd(0x51), ...rotate(local, z), ...simd(0x51)]
}

function smallSigma(local: number, [x, y, shift]: readonly [number, number, number]): number[] {
  const shifted = [...get(local), 0x41, ...sleb(shift), ...simd(0xad)]
  return [...rotate(local, x), ...rotate(local, y), ...simd(0x51), ...shifted, ...simd(0x51)]
}

function rotate(local: number, by: number): number[] {
  const right = [...get(local), 0x41, ...sleb(by), ...simd(0xad)]
  const left = [...get(local), 0x41, ...sleb(32 - by), ...simd(0xab)]
  return [...right, ...left, ...simd(0x50)]
}

/** Word `i` of all four states, big-endian, to where each lane's hash lies. */
function storeWord(i: number): number[] {
  const out = [...get(STATE + i), ...byteSwap(), ...set(T2)]
  for (let lane = 0; lane < LANES; lane++) {
    out.push(0x20, OUTPUT, ...get(T2), ...simd(0x5a), 0x00, ...leb(lane * 32 + i * 4), lane)
  }
  return out
}

/** Reverses the bytes of each lane of the vector on the stack. */
function byteSwap(): number[] {
  const order = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]
  // A shuffle takes two vectors; the second is not used.
  return [...constant(0), ...simd(0x0d), ...order]
}

function advance(local: number, by: number): number[] {
  return [0x20, local, 0x41, ...sleb(by), 0x6a, 0x21, local]
}

function constant(word: number): number[] {
  const bytes = [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]
  return [...simd(0x0c), ...bytes, ...bytes, ...bytes, ...bytes]
}

function get(local: number): number[] {
  return [0x20, ...leb(local)]
}

function set(local: number): number[] {
  return [0x21, ...leb(local)]
}

function add(): number[] {
  return simd(0xae)
}

function simd(opcode: number): number[] {
  return [0xfd, ...leb(opcode)]
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content]
}

function vector(content: readonly number[], count: number): number[] {
  return [...leb(count), ...content]
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const out: number[] = []
  for (let left = value; ;) {
    const low = left & 127
    left >>>= 7
    out.push(left === 0 ? low : low | 128)
    if (left === 0) return out
  }
}

/** Signed LEB128 of a number from 0 up. */
function sleb(value: number): number[] {
  const bytes = leb(value)
  const last = bytes.at(-1) ?? 0
  if ((last & 64) === 0) return bytes
  return [...bytes.slice(0, -1), last | 128, 0]
}
