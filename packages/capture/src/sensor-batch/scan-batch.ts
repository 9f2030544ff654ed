import { parseAgentId, parseUnixNano, CONTROL_AGENT } from '@holdfast/model'
import type { AgentId, EntryGroup, SensorSource, UnixNano } from '@holdfast/model'
import { masksOf } from '../otlp/group-builder.ts'
import {
  ENCODINGS,
  ENTRY_HEADER_BYTES,
  GROUP_HEADER_BYTES,
  JOINT_BYTES,
  JOINT_TRACE_AT,
  RECORD_BOOT_NS_AT,
  RECORD_BYTES_AT,
  RECORD_FIXED_BYTES,
} from './layout.ts'
import {
  MAX_BATCH_ENTRIES,
  MAX_BATCH_GROUPS,
  MAX_EXCHANGE_BYTES,
  MAX_GROUP_TRACES,
  MAX_SENSOR_ENTRY_BYTES,
} from './limits.ts'
import { RecordMasker } from './mask-records.ts'
import { parseSource } from './source.ts'

export type SensorBatchInput = {
  /** Untrusted. Credentials in it are masked in place, and the groups refer to it: the caller gives it away. */
  readonly body: Uint8Array
  readonly instance: string
  readonly batch: BatchName
}

/** One batch of one run of a driver. */
export type BatchName = { readonly sensor: string; readonly start: string; readonly sequence: number }

/** Posted with a batch: by it the batch is known to be in the log. */
export function batchTerm({ sensor, start, sequence }: BatchName): string {
  return `batch:${sensor}/${start}/${sequence}`
}

/** Posted with every batch of one run of a driver. */
export function startTerm({ sensor, start }: Pick<BatchName, 'sensor' | 'start'>): string {
  return `sensor:${sensor}/${start}`
}

export type ScannedBatch =
  | { readonly status: 'scanned'; readonly groups: readonly EntryGroup[]; readonly entries: number }
  | { readonly status: 'malformed'; readonly message: string }

/**
 * Finds the entries of a sensor's batch (sensor/SPEC.md, S5) and what they are indexed by, without decoding them: no
 * object is made for an entry. Credentials are masked first. All of a batch is taken or nothing. Never throws.
 */
export function scanSensorBatch(input: SensorBatchInput): ScannedBatch {
  const scan = new BatchScan(input)
  const objection = scan.run()
  if (objection !== undefined) return { status: 'malformed', message: objection }
  return { status: 'scanned', groups: scan.groups(), entries: scan.entries }
}

/** A group as it is found, before the masks of the whole batch are known. */
type Found = {
  readonly encoding: (typeof ENCODINGS)[number]
  readonly resource: Uint8Array
  readonly source: SensorSource
  readonly agent: AgentId
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly traces: ReadonlySet<string>
  readonly claimedFrom: UnixNano
  readonly claimedTo: UnixNano
}

class BatchScan {
  entries = 0
  readonly #input: SensorBatchInput
  readonly #body: Uint8Array
  readonly #buffer: Buffer
  readonly #view: DataView
  readonly #masker: RecordMasker
  readonly #found: Found[] = []

  constructor(input: SensorBatchInput) {
    const { body } = input
    this.#input = input
    this.#body = body
    this.#buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    this.#masker = new RecordMasker(body)
  }

  /** What is wrong with the batch, if anything is. */
  run(): string | undefined {
    const { length } = this.#body
    for (let at = 0; at < length;) {
      if (at + GROUP_HEADER_BYTES > length) return `a group begins at ${at} and its header is cut off`
      if (this.#found.length === MAX_BATCH_GROUPS) return `more than ${MAX_BATCH_GROUPS} groups`
      const sourceBytes = this.#view.getUint32(at, true)
      const entryBytes = this.#view.getUint32(at + 4, true)
      const end = at + GROUP_HEADER_BYTES + sourceBytes + entryBytes
      if (end > length) return `the group at ${at} is cut off`
      const objection = this.#group(at, end)
      if (objection !== undefined) return `the group at ${at}: ${objection}`
      at = end
    }
    return this.#found.length === 0 ? 'it holds no group' : undefined
  }

  groups(): readonly EntryGroup[] {
    const masks = this.#masker.list()
    return this.#found.map((found, i) => this.#entryGroup(found, masks, i === 0 ? [batchTerm(this.#input.batch)] : []))
  }

  #group(at: number, end: number): string | undefined {
    const sourceFrom = at + GROUP_HEADER_BYTES
    const entriesFrom = sourceFrom + this.#view.getUint32(at, true)
    const count = this.#view.getUint32(at + 8, true)
    const encoding = ENCODINGS[this.#view.getUint32(at + 12, true)]
    if (encoding === undefined) return 'its encoding is unknown'
    if (count === 0 || this.entries + count > MAX_BATCH_ENTRIES) return `${count} entries are not taken`
    const resource = this.#body.subarray(sourceFrom, entriesFrom)
    const source = parseSource(resource)
    const agent = source === undefined ? undefined : parseAgentId(source.agent)
    if (source === undefined || agent === undefined || agent === CONTROL_AGENT) return 'its source is not understood'
    const { batch } = this.#input
    if (source.sensor !== batch.sensor || source.start !== batch.start) return 'its source names another sensor'
    const starts = new Uint32Array(count)
    const ends = new Uint32Array(count)
    const objection = this.#entries({ encoding, from: entriesFrom, to: end, starts, ends })
    if (objection !== undefined) return objection
    this.entries += count
    const times = this.#times(encoding, starts, source)
    const traces = encoding === 'sensor-record' ? this.#traces(starts) : new Set<string>()
    this.#found.push({ encoding, resource, source, agent, starts, ends, traces, ...times })
    return undefined
  }

  #entries(group: {
    readonly encoding: Found['encoding']
    readonly from: number
    readonly to: number
    readonly starts: Uint32Array
    readonly ends: Uint32Array
  }): string | undefined {
    const { encoding, to, starts, ends } = group
    let at = group.from
    for (let i = 0; i < starts.length; i += 1) {
      if (at + ENTRY_HEADER_BYTES > to) return `it ends before entry ${i}`
      const start = at + ENTRY_HEADER_BYTES
      const end = start + this.#view.getUint32(at, true)
      if (end > to) return `entry ${i} is cut off`
      const objection = encoding === 'sensor-record' ? this.#record(start, end) : this.#exchange(start, end)
      if (objection !== undefined) return `entry ${i} ${objection}`
      starts[i] = start
      ends[i] = end
      at = end
    }
    return at === to ? undefined : `${to - at} bytes follow its last entry`
  }

  #record(start: number, end: number): string | undefined {
    const bytes = end - start
    if (bytes < JOINT_BYTES + RECORD_FIXED_BYTES || bytes > MAX_SENSOR_ENTRY_BYTES) return `has ${bytes} bytes`
    if (this.#body[start] !== 1) return 'has a joint of another version'
    if (this.#view.getUint32(start + JOINT_BYTES + RECORD_BYTES_AT, true) !== bytes - JOINT_BYTES) {
      return 'states another size than it has'
    }
    this.#masker.record(start, end)
    return undefined
  }

  #exchange(start: number, end: number): string | undefined {
    if (end - start < 2 || end - start > MAX_EXCHANGE_BYTES) return `has ${end - start} bytes`
    this.#masker.json(start, end)
    return undefined
  }

  #times(
    encoding: Found['encoding'],
    starts: Uint32Array,
    source: SensorSource,
  ): Pick<Found, 'claimedFrom' | 'claimedTo'> {
    if (encoding !== 'sensor-record') return { claimedFrom: ZERO, claimedTo: ZERO }
    const offset = BigInt(source.bootToWallNs)
    let first = starts[0] ?? 0
    let last = first
    for (const start of starts) {
      if (this.#isBefore(start, first)) first = start
      if (this.#isBefore(last, start)) last = start
    }
    return { claimedFrom: this.#wallTime(first, offset), claimedTo: this.#wallTime(last, offset) }
  }

  /** Compares two boot times by their halves: a bigint for each record would be an object for each. */
  #isBefore(a: number, b: number): boolean {
    const at = JOINT_BYTES + RECORD_BOOT_NS_AT
    const high = this.#view.getUint32(a + at + 4, true) - this.#view.getUint32(b + at + 4, true)
    return high === 0 ? this.#view.getUint32(a + at, true) < this.#view.getUint32(b + at, true) : high < 0
  }

  #wallTime(start: number, offset: bigint): UnixNano {
    const bootNs = this.#view.getBigUint64(start + JOINT_BYTES + RECORD_BOOT_NS_AT, true)
    return parseUnixNano(bootNs + offset) ?? ZERO
  }

  /** Distinct trace ids of the joints. Records of one task follow each other, so that few make a string. */
  #traces(starts: Uint32Array): ReadonlySet<string> {
    const traces = new Set<string>()
    let last = -1
    for (const start of starts) {
      if (this.#body[start + 1] === 0 || traces.size === MAX_GROUP_TRACES) continue
      const at = start + JOINT_TRACE_AT
      if (last >= 0 && this.#buffer.compare(this.#buffer, at, at + 16, last, last + 16) === 0) continue
      last = at
      traces.add(this.#buffer.toString('hex', at, at + 16))
    }
    return traces
  }

  #entryGroup(found: Found, masks: Parameters<typeof masksOf>[0], terms: readonly string[]): EntryGroup {
    const { encoding, source, agent, starts, ends } = found
    const { batch, instance } = this.#input
    const isRecord = encoding === 'sensor-record'
    return {
      envelope: {
        channel: isRecord ? 'sensor' : 'tls',
        instance,
        credential: `sensor:${batch.sensor}`,
        tier: isRecord ? 'kernel' : 'boundary',
        encoding,
        clock: 'live',
        agent,
        agentName: source.agentName,
        resource: found.resource,
        scope: NO_BYTES,
        schemaUrl: '',
      },
      bytes: this.#body,
      starts,
      ends,
      terms: [
        ...terms,
        startTerm(batch),
        `agent:${agent}`.slice(0, MAX_TERM),
        ...(source.run === undefined ? [] : [`run:${source.run}`]),
        ...(source.container === undefined ? [] : [`container:${source.container}`]),
        ...[...found.traces].map((trace) => `trace:${trace}`),
      ],
      masks: masksOf(masks, starts, ends),
      claimedFrom: found.claimedFrom,
      claimedTo: found.claimedTo,
    }
  }
}

/** model/entry.ts bounds a term. */
const MAX_TERM = 300
const NO_BYTES = new Uint8Array(0)
const ZERO = 0n as UnixNano // the epoch is in range
