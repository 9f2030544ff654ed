import type { UnixNano } from '@holdfast/model'
import { parseUnixNano } from '@holdfast/model'
import {
  MAX_ENVELOPE_BYTES_PER_REQUEST,
  MAX_RECORD_BYTES,
  MAX_RECORDS_PER_REQUEST,
  MAX_RESOURCE_BYTES,
} from '../limits.ts'
import type { MaskList } from '../masking/mask-writer.ts'
import { GroupBuilder, partOf } from './group-builder.ts'
import type { Part } from './group-builder.ts'
import { FOUND, JsonCursor } from './json-cursor.ts'
import { JsonRecordReader, nameOf } from './json-record-reader.ts'
import { resourceAttributes } from './json-resource.ts'
import { Rejections } from './rejections.ts'
import type { Scanned, ScanInput } from './scan.ts'
import { END } from './wire.ts'

/**
 * One pass over OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): validates the text and
 * finds where each record, resource and scope stands, without parsing the whole. Untrusted bytes: never throws.
 * Of a key given twice the last one counts, as in `JSON.parse`.
 */
export function scanJson(input: ScanInput, masks: MaskList): Scanned {
  return new JsonScan(input, masks).run()
}

const NAMES = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', records: 'spans' },
  logs: { resources: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords' },
} as const

/** The records of one scope, kept until the resource is known, which may stand behind them. */
type ScopeRecords = {
  readonly scope: Part
  readonly schemaUrl: string
  readonly records: readonly number[]
}

/** What the records of all scopes of one resource share. */
type Around = {
  readonly resourceBytes: Uint8Array
  readonly identity: ReadonlyMap<string, string>
  readonly schemaUrl: string
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

class JsonScan {
  readonly #cursor: JsonCursor
  readonly #body: Uint8Array
  readonly #builder: GroupBuilder
  readonly #record: JsonRecordReader
  readonly #names: (typeof NAMES)['traces' | 'logs']
  readonly #rejections = new Rejections()
  readonly #masksUnlisted: number
  #records = 0
  #envelopeBytes = 0
  #containers = 0
  #fault = ''

  constructor(input: ScanInput, masks: MaskList) {
    this.#body = input.body
    this.#cursor = new JsonCursor(input.body)
    this.#record = new JsonRecordReader(this.#cursor, input.signal)
    this.#names = NAMES[input.signal]
    const encoding = input.signal === 'traces' ? 'otlp-span-json' : 'otlp-log-json'
    this.#builder = new GroupBuilder(input.body, encoding, input.arrival, masks.listed)
    this.#masksUnlisted = masks.unlisted
  }

  run(): Scanned {
    const cursor = this.#cursor
    const isRead =
      cursor.isObject() &&
      this.#object(1, (name) => (name === this.#names.resources ? this.#array(2, () => this.#resource()) : undefined))
    if (!isRead) {
      const fault = this.#fault === '' ? cursor.fault : this.#fault
      return this.#malformed(fault === '' ? 'it is not an object' : fault)
    }
    cursor.peek()
    if (cursor.pos < this.#body.length) return this.#malformed('something follows the object')
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

  /** Reads the members of the object at the cursor; `visit` answers undefined for one that is to be skipped. */
  #object(depth: number, visit: (name: string) => boolean | undefined): boolean {
    const cursor = this.#cursor
    if (!cursor.isObject()) return cursor.skipValue(depth - 1)
    cursor.enter()
    for (let isFirst = true; ; isFirst = false) {
      const step = cursor.nextMember(isFirst)
      if (step !== FOUND) return step === END
      const isRead = visit(nameOf(cursor)) ?? cursor.skipValue(depth)
      if (!isRead) return false
    }
  }

  #array(depth: number, visit: () => boolean): boolean {
    const cursor = this.#cursor
    // `null` is proto3's absent list; records under anything else would be answered for and lost.
    if (!cursor.isArray()) return cursor.isNull() ? cursor.skipValue(depth - 1) : this.#refuse('a list is not an array')
    cursor.enter()
    for (let isFirst = true; ; isFirst = false) {
      const step = cursor.nextElement(isFirst)
      if (step !== FOUND) return step === END
      if (!visit()) return false
    }
  }

  #resource(): boolean {
    if (!this.#countContainer()) return false
    let resource: Part
    let schemaUrl = ''
    let scopes: ScopeRecords[] = []
    const isRead = this.#object(3, (name) => {
      if (name === this.#names.scopes) {
        scopes = []
        return this.#array(4, () => this.#scope(scopes))
      }
      if (name === 'schemaUrl') return this.#string((text) => (schemaUrl = text))
      if (name === 'resource') return this.#part(3, (part) => (resource = part))
      return undefined
    })
    if (!isRead) return false
    const resourceBytes = partOf(this.#body, resource)
    const identity = resourceBytes.length > MAX_RESOURCE_BYTES ? NO_ATTRIBUTES : resourceAttributes(resourceBytes)
    for (const scope of scopes) this.#closeGroup(scope, { resourceBytes, identity, schemaUrl })
    return true
  }

  #scope(into: ScopeRecords[]): boolean {
    if (!this.#countContainer()) return false
    let scope: Part
    let schemaUrl = ''
    let records: number[] = []
    const isRead = this.#object(5, (name) => {
      if (name === this.#names.records) {
        records = []
        return this.#array(6, () => this.#takeRecord(records))
      }
      if (name === 'schemaUrl') return this.#string((text) => (schemaUrl = text))
      if (name === 'scope') return this.#part(5, (part) => (scope = part))
      return undefined
    })
    if (records.length > 0) into.push({ scope, schemaUrl, records })
    return isRead
  }

  /** A request of empty resources and scopes would cost far more than its bytes; none honest has more than records. */
  #countContainer(): boolean {
    this.#containers += 1
    return this.#containers <= 2 * MAX_RECORDS_PER_REQUEST || this.#refuse('it holds too many resources and scopes')
  }

  #refuse(fault: string): false {
    this.#fault = fault
    return false
  }

  /** Validates one record; its bounds are noted, what it is indexed by is read once its group is known. */
  #takeRecord(records: number[]): boolean {
    const cursor = this.#cursor
    cursor.peek()
    const from = cursor.pos
    if (!cursor.skipValue(6)) return false
    this.#records += 1
    if (this.#records > MAX_RECORDS_PER_REQUEST) {
      this.#rejections.add(`more than ${MAX_RECORDS_PER_REQUEST} records in one request`)
    } else if (cursor.pos - from > MAX_RECORD_BYTES) {
      this.#rejections.add(`a record is larger than ${MAX_RECORD_BYTES} bytes`)
    } else {
      records.push(from, cursor.pos)
    }
    return true
  }

  #closeGroup(group: ScopeRecords, around: Around): void {
    const { resourceBytes, identity } = around
    const scopeBytes = partOf(this.#body, group.scope)
    const size = resourceBytes.length + scopeBytes.length
    const records = group.records.length / 2
    if (resourceBytes.length > MAX_RESOURCE_BYTES || scopeBytes.length > MAX_RESOURCE_BYTES) {
      return this.#rejections.add(`the resource or scope is larger than ${MAX_RESOURCE_BYTES} bytes`, records)
    }
    if (this.#envelopeBytes + size > MAX_ENVELOPE_BYTES_PER_REQUEST) {
      return this.#rejections.add('the resources of the request are too large together', records)
    }
    this.#envelopeBytes += size
    const { claimedFrom, claimedTo } = this.#indexRecords(group.records)
    this.#builder.close({
      resource: resourceBytes,
      scope: scopeBytes,
      schemaUrl: (group.schemaUrl === '' ? around.schemaUrl : group.schemaUrl).slice(0, 1_024),
      identity,
      claimedFrom,
      claimedTo,
    })
  }

  #indexRecords(records: readonly number[]): { claimedFrom: UnixNano; claimedTo: UnixNano } {
    const cursor = this.#cursor
    const resumeAt = cursor.pos
    let earliest: bigint | undefined
    let latest = 0n
    for (let i = 0; i + 1 < records.length; i += 2) {
      const from = records[i] ?? 0
      const to = records[i + 1] ?? 0
      cursor.pos = from
      const read = this.#record.read(this.#builder.terms)
      if (read.fault !== undefined) {
        this.#rejections.add(read.fault)
        continue
      }
      this.#builder.addRecord(from, to)
      if (read.time === 0n) continue
      if (earliest === undefined || read.time < earliest) earliest = read.time
      if (read.time > latest) latest = read.time
    }
    cursor.pos = resumeAt
    return { claimedFrom: inRange(earliest ?? 0n), claimedTo: inRange(latest) }
  }

  #string(take: (text: string) => void): boolean | undefined {
    const cursor = this.#cursor
    if (!cursor.isString()) return undefined
    if (!cursor.readString()) return false
    take(cursor.text(4_096) ?? '')
    return true
  }

  /** Notes where the object at the cursor stands; anything else counts as absent. */
  #part(depth: number, take: (part: Part) => void): boolean {
    const cursor = this.#cursor
    const isObject = cursor.isObject()
    const from = cursor.pos
    const isRead = cursor.skipValue(depth)
    take(isObject ? { from, to: cursor.pos } : undefined)
    return isRead
  }

  #malformed(fault: string): Scanned {
    return { status: 'malformed', message: `request is not OTLP JSON: ${fault}` }
  }
}

function inRange(time: bigint): UnixNano {
  // The record reader answers times of 64 bits only.
  return parseUnixNano(time) ?? (0n as UnixNano)
}
