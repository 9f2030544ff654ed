import {
  MAX_ENVELOPE_BYTES_PER_REQUEST,
  MAX_RECORD_BYTES,
  MAX_RECORDS_PER_REQUEST,
  MAX_RESOURCE_BYTES,
} from '../limits.ts'
import type { MaskList } from '../masking/mask-writer.ts'
import type { AttributeReader } from './attribute-reader.ts'
import { GroupBuilder, partOf } from './group-builder.ts'
import type { Part } from './group-builder.ts'
import { IDENTITY_ATTRIBUTES } from './identity.ts'
import { RecordReader } from './record-reader.ts'
import { Rejections } from './rejections.ts'
import type { Scanned, ScanInput } from './scan.ts'
import { BAD, END, LEN, WireCursor } from './wire.ts'

/**
 * One pass over `ExportTraceServiceRequest` or `ExportLogsServiceRequest`
 * (github.com/open-telemetry/opentelemetry-proto, `trace/v1/trace.proto`, `logs/v1/logs.proto`). No object and no
 * string is made for a record. Untrusted bytes: never throws.
 */
export function scanProto(input: ScanInput, masks: MaskList): Scanned {
  return new ProtoScan(input, masks).run()
}

/** Pieces of one resource or scope that are put together; encoders send one. */
const MAX_PIECES = 16
const TOO_MANY_PIECES = 'a resource or scope is sent in too many pieces'

/** Owns where the request is being read; the record reader moves the same cursor. */
class ProtoScan {
  readonly #cursor: WireCursor
  readonly #body: Uint8Array
  readonly #builder: GroupBuilder
  readonly #rejections = new Rejections()
  readonly #masksUnlisted: number
  readonly #record: RecordReader
  readonly #attributes: AttributeReader
  #records = 0
  #containers = 0
  #envelopeBytes = 0

  constructor(input: ScanInput, masks: MaskList) {
    const encoding = input.signal === 'traces' ? 'otlp-span-proto' : 'otlp-log-proto'
    this.#body = input.body
    this.#cursor = new WireCursor(input.body)
    this.#record = new RecordReader(this.#cursor, input.signal)
    this.#attributes = this.#record.attributes
    this.#builder = new GroupBuilder(input.body, encoding, input.arrival, masks.listed)
    this.#masksUnlisted = masks.unlisted
  }

  run(): Scanned {
    const cursor = this.#cursor
    const limit = this.#body.length
    for (;;) {
      const field = cursor.next(limit)
      if (field === END) break
      if (field === BAD) return malformed('request', cursor.fault)
      if (field !== 1) continue
      if (cursor.wire !== LEN) return malformed('request', 'field 1 is not a message')
      const fault = this.#resourceRecords(cursor.from, cursor.to)
      if (fault !== undefined) return malformed('request', fault)
    }
    return {
      status: 'scanned',
      groups: this.#builder.groups,
      accepted: this.#builder.accepted,
      rejected: this.#rejections.list(),
      attributesOverLimit: this.#record.attributesOverLimit,
      termsDropped: this.#builder.termsDropped,
      masksUnlisted: this.#masksUnlisted,
    }
  }

  /** `ResourceSpans` or `ResourceLogs`. The resource may stand after the scopes, so it is looked for first. */
  #resourceRecords(from: number, to: number): string | undefined {
    const cursor = this.#cursor
    const resources: Part[] = []
    let schemaUrl: Part
    const fault = this.#countContainer()
    if (fault !== undefined) return fault
    cursor.pos = from
    for (;;) {
      const field = cursor.next(to)
      if (field === END) break
      if (field === BAD) return cursor.fault
      if (field > 3) continue
      if (cursor.wire !== LEN) return `field ${field} of a resource is not length-delimited`
      if (field === 1 && resources.push({ from: cursor.from, to: cursor.to }) > MAX_PIECES) return TOO_MANY_PIECES
      if (field === 3) schemaUrl = { from: cursor.from, to: cursor.to }
    }
    const resource = this.#merged(resources)
    const identity = new Map<string, string>()
    for (const part of resources) {
      const fault = this.#identity(part, identity)
      if (fault !== undefined) return fault
    }
    cursor.pos = from
    for (;;) {
      const field = cursor.next(to)
      if (field === END) break
      if (field !== 2) continue
      const fault = this.#scopeRecords(cursor.from, cursor.to, { resource, identity, schemaUrl })
      if (fault !== undefined) return fault
    }
    cursor.pos = to
    return undefined
  }

  #scopeRecords(
    from: number,
    to: number,
    around: { readonly resource: Uint8Array; readonly identity: ReadonlyMap<string, string>; readonly schemaUrl: Part },
  ): string | undefined {
    const cursor = this.#cursor
    const scopes: Part[] = []
    let schemaUrl = around.schemaUrl
    const fault = this.#countContainer()
    if (fault !== undefined) return fault
    this.#record.resetTimes()
    cursor.pos = from
    for (;;) {
      const field = cursor.next(to)
      if (field === END) break
      if (field === BAD) return cursor.fault
      if (field > 3) continue
      if (cursor.wire !== LEN) return `field ${field} of a scope is not length-delimited`
      if (field === 2) this.#takeRecord(cursor.from, cursor.to)
      else if (field === 3) schemaUrl = { from: cursor.from, to: cursor.to }
      else if (scopes.push({ from: cursor.from, to: cursor.to }) > MAX_PIECES) return TOO_MANY_PIECES
    }
    for (const part of scopes) {
      const fault = this.#checkScope(part)
      if (fault !== undefined) return fault
    }
    this.#close(around, this.#merged(scopes), schemaUrl)
    cursor.pos = to
    return undefined
  }

  #close(
    around: { readonly resource: Uint8Array; readonly identity: ReadonlyMap<string, string> },
    scope: Uint8Array,
    schemaUrl: Part,
  ): void {
    const size = around.resource.length + scope.length
    const reason =
      around.resource.length > MAX_RESOURCE_BYTES || scope.length > MAX_RESOURCE_BYTES
        ? `the resource or scope is larger than ${MAX_RESOURCE_BYTES} bytes`
        : this.#envelopeBytes + size > MAX_ENVELOPE_BYTES_PER_REQUEST
          ? 'the resources of the request are too large together'
          : undefined
    if (reason !== undefined) {
      if (this.#builder.count > 0) this.#rejections.add(reason, this.#builder.count)
      return this.#builder.discard()
    }
    if (this.#builder.count > 0) this.#envelopeBytes += size
    this.#builder.close({
      resource: around.resource,
      scope,
      schemaUrl: Buffer.from(partOf(this.#body, schemaUrl)).toString('utf8').slice(0, 1_024),
      identity: around.identity,
      ...this.#record.times(),
    })
  }

  /** A request of empty resources and scopes would cost far more than its bytes; none honest has more than records. */
  #countContainer(): string | undefined {
    this.#containers += 1
    return this.#containers > 2 * MAX_RECORDS_PER_REQUEST ? 'it holds too many resources and scopes' : undefined
  }

  #takeRecord(from: number, to: number): void {
    this.#records += 1
    if (this.#records > MAX_RECORDS_PER_REQUEST) {
      this.#rejections.add(`more than ${MAX_RECORDS_PER_REQUEST} records in one request`)
      return
    }
    if (to - from > MAX_RECORD_BYTES) return this.#rejections.add(`a record is larger than ${MAX_RECORD_BYTES} bytes`)
    const fault = this.#record.read(from, to, this.#builder.terms)
    if (fault !== undefined) this.#rejections.add(fault)
    else this.#builder.addRecord(from, to)
    // A record that is malformed leaves the cursor inside it.
    this.#cursor.pos = to
  }

  #checkScope(part: Part): string | undefined {
    const cursor = this.#cursor
    if (part === undefined) return undefined
    cursor.pos = part.from
    for (;;) {
      const field = cursor.next(part.to)
      if (field === END) return undefined
      if (field === BAD) return cursor.fault
      if (field === 3 && (cursor.wire !== LEN || !this.#attributes.keyValue(cursor.from, cursor.to, 1))) {
        return cursor.fault === '' ? 'a scope attribute is malformed' : cursor.fault
      }
    }
  }

  /** Reads the attributes of a resource that say whose it is, and its conversation if it names one. */
  #identity(part: Part, identity: Map<string, string>): string | undefined {
    const cursor = this.#cursor
    const read = this.#attributes
    if (part === undefined) return undefined
    cursor.pos = part.from
    for (;;) {
      const field = cursor.next(part.to)
      if (field === END) return undefined
      if (field === BAD) return cursor.fault
      if (field !== 1) continue
      if (cursor.wire !== LEN || !this.#attributes.keyValue(cursor.from, cursor.to, 1)) {
        return cursor.fault === '' ? 'a resource attribute is malformed' : cursor.fault
      }
      if (read.textFrom < 0 || read.keyTo - read.keyFrom > 64) continue
      const key = utf8(this.#body, read.keyFrom, read.keyTo)
      if (IDENTITY_ATTRIBUTES.has(key)) {
        identity.set(key, utf8(this.#body, read.textFrom, Math.min(read.textTo, read.textFrom + 1_024)))
      }
    }
  }

  /** Parts of one message that was sent in pieces: protobuf defines their concatenation as the merged message. */
  #merged(parts: readonly Part[]): Uint8Array {
    if (parts.length <= 1) return partOf(this.#body, parts[0])
    return Buffer.concat(parts.map((part) => partOf(this.#body, part)))
  }
}

function malformed(where: string, fault: string): Scanned {
  return { status: 'malformed', message: `${where} is not OTLP protobuf: ${fault}` }
}

function utf8(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
}
