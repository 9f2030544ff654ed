import { crc32 } from 'node:zlib'

const MAGIC = 0x50534648
/** Magic, bytes, sequence, checksum of the body, entries, the 16 characters of the start, checksum of what is before it. */
export const FRAME_BYTES = 48
const START_CHARACTERS = 16
const HEAD_CHECKED_BYTES = 40

/** One batch that waits for its acknowledgement. */
export type Spooled = {
  /** The run of the driver that made it. */
  readonly start: string
  readonly sequence: number
  readonly entries: number
  readonly body: Buffer
}

/** What stands before a body. `end` is where the body ends, which may be behind the end of the file. */
export type FrameHead = Omit<Spooled, 'body'> & { readonly end: number; readonly bodyChecksum: number }

export function frameHead({ start, sequence, entries, body }: Spooled): Buffer {
  const head = Buffer.alloc(FRAME_BYTES)
  head.writeUInt32LE(MAGIC, 0)
  head.writeUInt32LE(body.length, 4)
  head.writeBigUInt64LE(BigInt(sequence), 8)
  head.writeUInt32LE(crc32(body), 16)
  head.writeUInt32LE(entries, 20)
  head.write(start.padEnd(START_CHARACTERS), 24, 'latin1')
  head.writeUInt32LE(crc32(head.subarray(0, HEAD_CHECKED_BYTES)), HEAD_CHECKED_BYTES)
  return head
}

/** Undefined where no whole head lies at `at`, or not as it was written. */
export function readHead(bytes: Buffer, at: number): FrameHead | undefined {
  if (at + FRAME_BYTES > bytes.length || bytes.readUInt32LE(at) !== MAGIC) return undefined
  const checked = bytes.subarray(at, at + HEAD_CHECKED_BYTES)
  if (crc32(checked) !== bytes.readUInt32LE(at + HEAD_CHECKED_BYTES)) return undefined
  return {
    start: checked.toString('latin1', 24, 24 + START_CHARACTERS).trimEnd(),
    sequence: Number(checked.readBigUInt64LE(8)),
    entries: checked.readUInt32LE(20),
    end: at + FRAME_BYTES + checked.readUInt32LE(4),
    bodyChecksum: checked.readUInt32LE(16),
  }
}

/** Where the next head begins at or after `from`; the end of the bytes where none does. */
function nextHead(bytes: Buffer, from: number): number {
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(MAGIC)
  for (let at = bytes.indexOf(magic, from); at >= 0; at = bytes.indexOf(magic, at + 1))
    if (readHead(bytes, at) !== undefined) return at
  return bytes.length
}

/** A stretch of a file in which nothing can be read. */
export type Hole = { readonly from: number; readonly to: number; readonly entries: number }

/**
 * Looks through a file: where its last whole batch ends, and which stretches cannot be read. A damaged body costs its own
 * batch, whose head says how many entries that were; a damaged head costs all up to the next one, counted as one entry.
 */
export function inspectFrames(bytes: Buffer): { readonly end: number; readonly holes: readonly Hole[] } {
  const holes: Hole[] = []
  let end = 0
  for (let at = 0; at < bytes.length;) {
    const head = readHead(bytes, at)
    if (head !== undefined && isWhole(bytes, at, head)) {
      at = head.end
      end = at
      continue
    }
    const to = head !== undefined && head.end <= bytes.length ? head.end : nextHead(bytes, at + 1)
    holes.push({ from: at, to, entries: head?.entries ?? 1 })
    at = to
  }
  return { end, holes }
}

function isWhole(bytes: Buffer, at: number, head: FrameHead): boolean {
  return head.end <= bytes.length && crc32(bytes.subarray(at + FRAME_BYTES, head.end)) === head.bodyChecksum
}
