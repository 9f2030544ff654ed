import type { AgentId, BodyEncoding, EntryGroup, Mask, UnixNano } from '@holdfast/model'
import { MAX_TERMS_PER_REQUEST } from '../limits.ts'
import { identifyAgent } from './identity.ts'
import type { Arrival } from './scan.ts'
import { TermCollector } from './terms.ts'

const NO_BYTES = new Uint8Array(0)
const NO_MASKS: ReadonlyMap<number, readonly Mask[]> = new Map()

/** The bytes of a resource or scope as received, or none. */
export type Part = { readonly from: number; readonly to: number } | undefined

/** Collects the records of one request group by group. Offsets go to growing typed arrays that all groups share. */
export class GroupBuilder {
  readonly groups: EntryGroup[] = []
  accepted = 0
  termsDropped = 0
  /** Terms of the group being read. */
  terms: TermCollector
  readonly #body: Uint8Array
  readonly #encoding: BodyEncoding
  readonly #arrival: Arrival
  readonly #masks: readonly Mask[]
  #starts = new Uint32Array(1_024)
  #ends = new Uint32Array(1_024)
  #count = 0
  #termCount = 0

  constructor(body: Uint8Array, encoding: BodyEncoding, arrival: Arrival, masks: readonly Mask[]) {
    this.#body = body
    this.#encoding = encoding
    this.#arrival = arrival
    this.#masks = masks
    this.terms = new TermCollector(body, MAX_TERMS_PER_REQUEST)
  }

  /** Records in the group being read. */
  get count(): number {
    return this.#count
  }

  addRecord(from: number, to: number): void {
    if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts)
      this.#ends = grown(this.#ends)
    }
    this.#starts[this.#count] = from
    this.#ends[this.#count] = to
    this.#count += 1
  }

  /** Forgets the records since the last {@link close}. */
  discard(): void {
    if (this.#count === 0 && this.terms.size === 0 && this.terms.agentName === '') return
    this.#count = 0
    this.terms = new TermCollector(this.#body, this.#termsLeft())
  }

  /** Ends the group being read and begins the next one. */
  close(group: {
    readonly resource: Uint8Array
    readonly scope: Uint8Array
    readonly schemaUrl: string
    readonly identity: ReadonlyMap<string, string>
    readonly claimedFrom: UnixNano
    readonly claimedTo: UnixNano
  }): void {
    if (this.#count === 0) return this.discard()
    const { agent, agentName } = identifyAgent(group.identity, this.terms.agentName)
    const starts = this.#starts.slice(0, this.#count)
    const ends = this.#ends.slice(0, this.#count)
    this.groups.push({
      envelope: this.#envelope({ ...group, agent, agentName }),
      bytes: this.#body,
      starts,
      ends,
      terms: [`agent:${agent}`.slice(0, 300), ...this.terms.list()],
      masks: masksOf(this.#masks, starts, ends),
      claimedFrom: group.claimedFrom,
      claimedTo: group.claimedTo,
    })
    this.accepted += this.#count
    this.termsDropped += this.terms.dropped
    this.#termCount += this.terms.size
    this.discard()
  }

  #termsLeft(): number {
    return Math.max(0, MAX_TERMS_PER_REQUEST - this.#termCount)
  }

  #envelope(group: {
    readonly resource: Uint8Array
    readonly scope: Uint8Array
    readonly schemaUrl: string
    readonly agent: AgentId
    readonly agentName: string
  }): EntryGroup['envelope'] {
    return {
      channel: 'otlp',
      instance: this.#arrival.instance,
      credential: this.#arrival.credential,
      tier: this.#arrival.tier,
      encoding: this.#encoding,
      clock: 'live',
      agent: group.agent,
      agentName: group.agentName,
      resource: group.resource,
      scope: group.scope,
      schemaUrl: group.schemaUrl,
    }
  }
}

/** The bytes `[part.from, part.to)` of `body`, without a copy. */
export function partOf(body: Uint8Array, part: Part): Uint8Array {
  return part === undefined ? NO_BYTES : body.subarray(part.from, part.to)
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}

/** Which masks lie in which record, with offsets of the record. Both lists are in ascending order. */
export function masksOf(
  masks: readonly Mask[],
  starts: Uint32Array,
  ends: Uint32Array,
): ReadonlyMap<number, readonly Mask[]> {
  const first = starts[0]
  const last = ends[ends.length - 1]
  if (masks.length === 0 || first === undefined || last === undefined) return NO_MASKS
  const byRecord = new Map<number, Mask[]>()
  let record = 0
  for (let i = firstAtOrAfter(masks, first); i < masks.length; i += 1) {
    const mask = masks[i]
    if (mask === undefined || mask.start >= last) break
    while (record < ends.length && (ends[record] ?? 0) <= mask.start) record += 1
    const start = starts[record]
    if (start === undefined) break
    if (mask.start < start) continue
    const list = byRecord.get(record) ?? []
    list.push({ rule: mask.rule, start: mask.start - start, bytes: mask.bytes })
    byRecord.set(record, list)
  }
  return byRecord
}

function firstAtOrAfter(masks: readonly Mask[], offset: number): number {
  let low = 0
  let high = masks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((masks[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}
