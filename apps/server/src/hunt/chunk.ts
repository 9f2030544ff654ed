import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { NAME_CHARACTERS } from './limits.ts'
import { type HuntEvent, STORED_FIELDS, type StoredField } from './hunt-row.ts'

/** Names of one column and, for each event, which of them it has: 0 for none, else the place in `names` counted from 1. */
export type Column = { readonly names: readonly string[]; readonly codes: Uint16Array }

/** A run of events in log order, by columns. Times are whole seconds and the nanoseconds within. */
export type Chunk = {
  readonly rows: number
  readonly entries: Uint32Array
  readonly parts: Uint32Array
  readonly claimedSeconds: Uint32Array
  readonly claimedNanos: Uint32Array
  readonly recordedSeconds: Uint32Array
  readonly recordedNanos: Uint32Array
  readonly labels: Column
  readonly columns: ReadonlyMap<StoredField, Column>
}

const SECOND = 1_000_000_000n
const NUMBERS = ['entries', 'parts', 'claimedSeconds', 'claimedNanos', 'recordedSeconds', 'recordedNanos'] as const
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Columns of events; at most 65,535 of them, so that no column has more names than a code can tell. */
export function chunkOf(events: readonly HuntEvent[]): Chunk {
  const rows = events.length
  const numbers = (of: (event: HuntEvent) => number): Uint32Array => {
    // Uint32Array.from would make an iterator and a list of it first.
    const all = new Uint32Array(rows)
    for (const [row, event] of events.entries()) all[row] = of(event)
    return all
  }
  return {
    rows,
    entries: numbers(({ entry }) => entry),
    parts: numbers(({ part }) => part),
    claimedSeconds: numbers(({ claimedAt }) => secondsOf(claimedAt)),
    claimedNanos: numbers(({ claimedAt }) => Number(claimedAt % SECOND)),
    recordedSeconds: numbers(({ recordedAt }) => secondsOf(recordedAt)),
    recordedNanos: numbers(({ recordedAt }) => Number(recordedAt % SECOND)),
    labels: columnOf(events, ({ label }) => label),
    columns: new Map(STORED_FIELDS.map((field) => [field, columnOf(events, ({ values }) => values[field])])),
  }
}

/** Seconds fit 32 bits until 2106; a claim beyond is kept as that year's. */
function secondsOf(time: bigint): number {
  const seconds = Number(time / SECOND)
  return Math.min(seconds, 0xff_ff_ff_ff)
}

function columnOf(events: readonly HuntEvent[], of: (event: HuntEvent) => string | undefined): Column {
  const places = new Map<string, number>()
  const codes = new Uint16Array(events.length)
  // Neighbours mostly agree.
  let last: string | undefined
  let lastPlace = 0
  for (let row = 0; row < events.length; row++) {
    const event = events[row]
    const name = event === undefined ? undefined : of(event)
    if (name === undefined || name === '') continue
    if (name === last) {
      codes[row] = lastPlace
      continue
    }
    let place = places.get(name)
    if (place === undefined) {
      place = places.size + 1
      places.set(name, place)
    }
    codes[row] = place
    last = name
    lastPlace = place
  }
  // Cut where the names are stored: what they differ in past the cut is told by their events.
  return { names: [...places.keys()].map((name) => name.slice(0, NAME_CHARACTERS)), codes }
}

/** The chunks one after the other, as one. */
export function mergedChunk(chunks: readonly Chunk[]): Chunk {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
  const numbers = (name: (typeof NUMBERS)[number]): Uint32Array => {
    const all = new Uint32Array(rows)
    let at = 0
    for (const chunk of chunks) {
      all.set(chunk[name], at)
      at += chunk.rows
    }
    return all
  }
  return {
    rows,
    entries: numbers('entries'),
    parts: numbers('parts'),
    claimedSeconds: numbers('claimedSeconds'),
    claimedNanos: numbers('claimedNanos'),
    recordedSeconds: numbers('recordedSeconds'),
    recordedNanos: numbers('recordedNanos'),
    labels: mergedColumn(chunks.map(({ labels }) => labels)),
    columns: new Map(
      STORED_FIELDS.map((field) => [field, mergedColumn(chunks.flatMap(({ columns }) => columns.get(field) ?? []))]),
    ),
  }
}

function mergedColumn(columns: readonly Column[]): Column {
  const places = new Map<string, number>()
  const codes = new Uint16Array(columns.reduce((sum, column) => sum + column.codes.length, 0))
  let at = 0
  for (const { names, codes: own } of columns) {
    const place = names.map((name) => {
      const known = places.get(name)
      if (known !== undefined) return known
      places.set(name, places.size + 1)
      return places.size
    })
    for (const code of own) codes[at++] = code === 0 ? 0 : (place[code - 1] ?? 0)
  }
  return { names: [...places.keys()], codes }
}

/** A four-byte length, names as JSON of that length, then the columns in the order of their names; compressed whole. */
export function encodeChunk(chunk: Chunk): Uint8Array {
  const columns = [chunk.labels, ...STORED_FIELDS.map((field) => chunk.columns.get(field) ?? EMPTY)]
  const names = Buffer.from(JSON.stringify([chunk.rows, ...columns.map((column) => column.names)]))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(names.length)
  const arrays = [...NUMBERS.map((name) => chunk[name]), ...columns.map(({ codes }) => codes)]
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return zstdCompressSync(Buffer.concat([length, names, ...parts]), COMPRESSION)
}

const EMPTY: Column = { names: [], codes: new Uint16Array(0) }

/** What {@link encodeChunk} wrote. The bytes are our own: others throw. */
export function decodeChunk(bytes: Uint8Array): Chunk {
  const whole = zstdDecompressSync(bytes)
  let at = 4 + whole.readUInt32LE(0)
  // Written by encodeChunk of this version of the projection; another version's file is thrown away at open.
  const [rows, labelNames, ...names] = JSON.parse(whole.toString('utf8', 4, at)) as [number, ...string[][]]
  const cut = (size: number): ArrayBuffer => {
    // A copy of its own begins where a typed array may.
    const part = Uint8Array.from(whole.subarray(at, at + rows * size)).buffer
    at += rows * size
    return part
  }
  const numbers = NUMBERS.map(() => new Uint32Array(cut(4)))
  const number = (i: number): Uint32Array => numbers[i] ?? new Uint32Array(rows)
  const labels = { names: labelNames ?? [], codes: new Uint16Array(cut(2)) }
  const columns = new Map(
    STORED_FIELDS.map((field, i) => [field, { names: names[i] ?? [], codes: new Uint16Array(cut(2)) }]),
  )
  return {
    rows,
    entries: number(0),
    parts: number(1),
    claimedSeconds: number(2),
    claimedNanos: number(3),
    recordedSeconds: number(4),
    recordedNanos: number(5),
    labels,
    columns,
  }
}

/** Bytes that a decoded chunk takes, about. */
export function chunkBytes({ rows, labels, columns }: Chunk): number {
  const names = [labels, ...columns.values()].reduce((sum, column) => sum + column.names.length, 0)
  return rows * (NUMBERS.length * 4 + (STORED_FIELDS.length + 1) * 2) + names * 60
}

/** Ids of a chunk's events, apart from what is counted: they are read for rows that are shown. */
export function encodeIds(ids: readonly string[]): Uint8Array {
  return zstdCompressSync(Buffer.from(JSON.stringify(ids)), COMPRESSION)
}

export function decodeIds(bytes: Uint8Array): readonly string[] {
  return JSON.parse(zstdDecompressSync(bytes).toString()) as string[] // written by encodeIds
}
