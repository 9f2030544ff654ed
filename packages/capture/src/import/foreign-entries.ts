import type { AgentId, BodyEncoding, Channel, EntryGroup, Mask, TrustTier, UnixNano } from '@holdfast/model'
import { authorityRecord } from '../authority/record.ts'
import { changeRecord } from '../change/record.ts'
import { textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { falcoAgent, falcoEvent } from '../falco/event.ts'
import { MAX_RECORD_BYTES } from '../limits.ts'
import { maskSecrets } from '../masking/mask-secrets.ts'
import { agentNameOf } from '../otlp/identity.ts'
import { tetragonAgent, tetragonEvent, timeOf } from '../tetragon/event.ts'
import { MAX_GROUP_BYTES, MAX_GROUP_ENTRIES, MAX_TERM_CHARS } from './limits.ts'
import type { ImportArrival } from './run-entries.ts'

/** One JSON record of another system, as far as it must be known to be stored. */
export type ForeignEvent = {
  /** How the format is called in an import's result. */
  readonly format: string
  readonly channel: Channel
  readonly encoding: BodyEncoding
  /** Whose word it is, by that of whoever imports it: the credential says who that is. */
  readonly tier: TrustTier
  readonly agent: AgentId
  readonly agentName: string
  readonly at: UnixNano
}

/** Undefined for JSON of no other system that is known. */
export function foreignEvent(json: Json): ForeignEvent | undefined {
  const tetragon = tetragonEvent(json)
  if (tetragon !== undefined) {
    const at = timeOf(textField(tetragon.whole, 'time'))
    return {
      ...SENSOR,
      format: 'tetragon',
      channel: 'tetragon',
      encoding: 'tetragon-json',
      ...tetragonAgent(tetragon),
      at,
    }
  }
  const falco = falcoEvent(json)
  if (falco !== undefined) {
    const at = timeOf(textField(falco.whole, 'time'))
    return { ...SENSOR, format: 'falco', channel: 'falco', encoding: 'falco-json', ...falcoAgent(falco), at }
  }
  return changeRecord(json) ?? authorityRecord(json)
}

const SENSOR = { tier: 'kernel' } as const

/** Collects records of other systems into groups, one open group for each agent and format. */
export class ForeignEntries {
  accepted = 0
  readonly #arrival: ImportArrival
  readonly #groups: EntryGroup[] = []
  readonly #open = new Map<string, OpenGroup>()

  constructor(arrival: ImportArrival) {
    this.#arrival = arrival
  }

  /** Answers why the event was left out, where it was. `text` is the event as its file has it. */
  add(event: ForeignEvent, text: string): string | undefined {
    const bytes = new TextEncoder().encode(text)
    if (bytes.length > MAX_RECORD_BYTES) return `an event is larger than ${MAX_RECORD_BYTES} bytes`
    // The one choke point for credentials, here as on the way in over the network.
    const { listed: masks } = maskSecrets(bytes, event.encoding === 'declared-document' ? 'document' : 'json')
    const key = `${event.format}\n${event.tier}\n${event.agent}`
    let group = this.#open.get(key)
    if (group !== undefined && isFullWith(group, bytes.length)) {
      this.#groups.push(this.#close(group))
      group = undefined
    }
    group ??= { event, parts: [], masks: new Map(), bytes: 0, from: event.at, to: event.at }
    this.#open.set(key, group)
    if (masks.length > 0) group.masks.set(group.parts.length, masks)
    group.parts.push(bytes)
    group.bytes += bytes.length
    if (event.at < group.from) group.from = event.at
    if (event.at > group.to) group.to = event.at
    this.accepted++
    return undefined
  }

  /** Closes what is open. The collector is used up after it. */
  finish(): readonly EntryGroup[] {
    for (const group of this.#open.values()) this.#groups.push(this.#close(group))
    this.#open.clear()
    return this.#groups
  }

  #close({ event, parts, masks, bytes, from, to }: OpenGroup): EntryGroup {
    const all = new Uint8Array(bytes)
    const starts = new Uint32Array(parts.length)
    const ends = new Uint32Array(parts.length)
    let at = 0
    for (const [i, part] of parts.entries()) {
      all.set(part, at)
      starts[i] = at
      at += part.length
      ends[i] = at
    }
    return {
      envelope: {
        channel: event.channel,
        ...this.#arrival,
        tier: event.tier,
        encoding: event.encoding,
        clock: 'imported',
        agent: event.agent,
        agentName: agentNameOf(event.agentName),
        resource: new Uint8Array(0),
        scope: new Uint8Array(0),
        schemaUrl: '',
      },
      bytes: all,
      starts,
      ends,
      terms: [`agent:${event.agent}`.slice(0, MAX_TERM_CHARS)],
      masks,
      claimedFrom: from,
      claimedTo: to,
    }
  }
}

type OpenGroup = {
  readonly event: ForeignEvent
  readonly parts: Uint8Array[]
  readonly masks: Map<number, readonly Mask[]>
  bytes: number
  from: UnixNano
  to: UnixNano
}

function isFullWith(group: OpenGroup, bytes: number): boolean {
  return group.bytes + bytes > MAX_GROUP_BYTES || group.parts.length >= MAX_GROUP_ENTRIES
}
