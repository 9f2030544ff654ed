import type { ExchangeOrigin } from '@holdfast/capture'
import type { SocketEnd } from '@holdfast/model'
import { FIELD_TAG, RECORD_OFFSET } from '../loader/record-layout.ts'
import { fieldOf, number64 } from '../record-layout.ts'
import type { TlsRecord } from './connections.ts'

/** What a driver knows beside the record. */
export type RecordFacts = {
  /** First 8 hex digits of the boot id. */
  readonly boot: string
  readonly bootToWallNs: bigint
  readonly contextOf: (records: Buffer, at: number) => Pick<ExchangeOrigin, 'trace' | 'span' | 'contextBasis'>
}

/** Reads the TLS record at `at` (SPEC S1, S2 type 32); undefined where its connection is missing. */
export function readTlsRecord(records: Buffer, at: number, facts: RecordFacts): TlsRecord | undefined {
  const connection = fieldOf(records, at, FIELD_TAG.connection)
  if (connection === undefined || connection.length < 24) return undefined
  const numbers = at + RECORD_OFFSET.numbers
  const pid = records.readUInt32LE(at + RECORD_OFFSET.pid)
  const process = `${facts.boot}.${pid}.${records.readBigUInt64LE(at + RECORD_OFFSET.startNs)}`
  const socket = connection.readBigUInt64LE(8)
  const library = records.readUInt32LE(numbers + 24)
  return {
    cgroup: number64(records, at + RECORD_OFFSET.cgroup),
    pid,
    connection: `${process}.${connection.readBigUInt64LE(0).toString(16)}.${connection.readUInt32LE(20).toString(16)}`,
    direction: records.readUInt32LE(numbers),
    offset: number64(records, numbers + 8),
    bytes: fieldOf(records, at, FIELD_TAG.data) ?? NOTHING,
    at: records.readBigUInt64LE(at + RECORD_OFFSET.bootNs) + facts.bootToWallNs,
    remote: endOfSocket(fieldOf(records, at, FIELD_TAG.remote)),
    socket: socket === 0n ? undefined : socket.toString(),
    origin: () => ({
      seenBy: library === 2 ? 'node-openssl' : 'openssl',
      process,
      ...parentOf(records, at, facts.boot),
      comm: textOf(records.subarray(at + RECORD_OFFSET.comm, at + RECORD_OFFSET.comm + 16)),
      ...facts.contextOf(records, at),
    }),
  }
}

const NOTHING = new Uint8Array(0)

function parentOf(records: Buffer, at: number, boot: string): { readonly parentProcess?: string } {
  const ppid = records.readUInt32LE(at + RECORD_OFFSET.ppid)
  const started = records.readBigUInt64LE(at + RECORD_OFFSET.parentStartNs)
  return ppid === 0 ? {} : { parentProcess: `${boot}.${ppid}.${started}` }
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** `u16 family, u16 port, address` (SPEC S1, tags 6 and 7) of an IP socket. */
function endOfSocket(field: Buffer | undefined): SocketEnd | undefined {
  if (field === undefined || field.length < 8) return undefined
  const family = field.readUInt16LE(0)
  const port = field.readUInt16LE(2)
  if (family === 2) return { address: field.subarray(4, 8).join('.'), port }
  if (family !== 10 || field.length < 20) return undefined
  const words = Array.from({ length: 8 }, (_, index) => field.readUInt16BE(4 + index * 2).toString(16))
  // The URL parser writes the shortest form of an address (RFC 5952).
  const address = new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1)
  return { address, port }
}
