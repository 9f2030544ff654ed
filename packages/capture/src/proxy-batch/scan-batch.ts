import { CONTROL_AGENT, parseUnixNanoText } from '@holdfast/model'
import type { BodyEncoding, EntryGroup, UnixNano } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { MAX_TERM_CHARS } from '../limits.ts'
import { masksOf } from '../otlp/group-builder.ts'
import { identifyAgent } from '../otlp/identity.ts'
import { batchTerm } from '../sensor-batch/scan-batch.ts'
import type { BatchName } from '../sensor-batch/scan-batch.ts'
import { RecordMasker } from '../sensor-batch/mask-records.ts'
import {
  EXCHANGE_HEAD_BYTES,
  MAX_PROXY_ENTRIES,
  MAX_PROXY_ENTRY_BYTES,
  MAX_PROXY_HEADER_BYTES,
  MAX_PROXY_TERMS,
} from './limits.ts'
import { parseProxyHeader } from './source.ts'
import type { ProxyHeader, ProxyKind, ProxySource } from './source.ts'

export type ProxyBatchInput = {
  /** Untrusted. Credentials in it are masked in place, and the group refers to it: the caller gives it away. */
  readonly body: Uint8Array
  readonly batch: BatchName
  readonly kind: ProxyKind
  /** The credential that was presented; never the secret. */
  readonly credential: string
}

export type ScannedProxyBatch =
  | {
      readonly status: 'scanned'
      /** One, or none where the batch tells of a loss alone. */
      readonly groups: readonly EntryGroup[]
      readonly entries: number
      readonly header: ProxyHeader
    }
  | { readonly status: 'malformed'; readonly message: string }

const ENCODINGS: Readonly<Record<ProxyKind, BodyEncoding>> = {
  'mcp-proxy': 'mcp-message',
  'llm-proxy': 'http-exchange',
}

/** Finds the entries of a proxy's batch and what they are indexed by; credentials are masked first. Never throws. */
export function scanProxyBatch(input: ProxyBatchInput): ScannedProxyBatch {
  const { body, batch, kind } = input
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const headerBytes = buffer.length < 4 ? 0 : buffer.readUInt32LE(0)
  if (headerBytes === 0 || headerBytes > MAX_PROXY_HEADER_BYTES || 4 + headerBytes > buffer.length)
    return malformed('its header is cut off or too long')
  const masker = new RecordMasker(body)
  masker.json(4, 4 + headerBytes)
  const header = parseProxyHeader(parseJsonText(buffer.toString('utf8', 4, 4 + headerBytes)))
  if (header === undefined) return malformed('its header is not understood')
  if (header.source.kind !== kind || header.source.start !== batch.start)
    return malformed('its header names another proxy')
  const starts: number[] = []
  const ends: number[] = []
  for (let at = 4 + headerBytes; at < buffer.length;) {
    const from = at + 4
    const to = from > buffer.length ? from : from + buffer.readUInt32LE(at)
    if (to > buffer.length) return malformed(`the entry at ${at} is cut off`)
    if (to === from || to - from > MAX_PROXY_ENTRY_BYTES)
      return malformed(`an entry of ${to - from} bytes is not taken`)
    if (starts.length === MAX_PROXY_ENTRIES) return malformed(`more than ${MAX_PROXY_ENTRIES} entries`)
    masker.json(from, to)
    starts.push(from)
    ends.push(to)
    at = to
  }
  if (starts.length === 0) {
    return header.lost === undefined
      ? malformed('it holds no entry')
      : { status: 'scanned', groups: [], entries: 0, header }
  }
  const group = groupOf(input, header, { starts: Uint32Array.from(starts), ends: Uint32Array.from(ends), masker })
  if (group === undefined) return malformed('an entry is not of its kind, or names the product itself')
  return { status: 'scanned', groups: [group], entries: starts.length, header }
}

/** Whose messages a proxy sees, as the environment of the proxy claims. */
export function proxyAgent({ attributes }: Pick<ProxySource, 'attributes'>): ReturnType<typeof identifyAgent> {
  return identifyAgent(new Map(Object.entries(attributes)), '')
}

type Places = { readonly starts: Uint32Array; readonly ends: Uint32Array; readonly masker: RecordMasker }

function groupOf(
  { body, batch, kind, credential }: ProxyBatchInput,
  { source }: ProxyHeader,
  { starts, ends, masker }: Places,
): EntryGroup | undefined {
  const { agent, agentName } = proxyAgent(source)
  const terms = new Set([batchTerm(batch), `agent:${agent}`])
  if (source.run !== undefined) terms.add(`run:${source.run}`)
  let claimed: { readonly from: UnixNano; readonly to: UnixNano } | undefined
  for (const [i, start] of starts.entries()) {
    const told = TOLD[kind](Buffer.from(body.buffer, body.byteOffset + start, (ends[i] ?? start) - start))
    if (told === undefined) return undefined
    for (const term of told.terms) if (terms.size < MAX_PROXY_TERMS) terms.add(term)
    const { at } = told
    claimed = {
      from: claimed === undefined || at < claimed.from ? at : claimed.from,
      to: claimed === undefined || at > claimed.to ? at : claimed.to,
    }
  }
  if (claimed === undefined || agent === CONTROL_AGENT) return undefined
  return {
    envelope: {
      channel: kind,
      instance: 'proxy',
      credential,
      tier: 'boundary',
      encoding: ENCODINGS[kind],
      clock: 'live',
      agent,
      agentName,
      resource: Buffer.from(JSON.stringify(source)),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bytes: body,
    starts,
    ends,
    terms: [...terms].map((term) => term.slice(0, 300)),
    masks: masksOf(masker.list(), starts, ends),
    claimedFrom: claimed.from,
    claimedTo: claimed.to,
  }
}

type Told = { readonly at: UnixNano; readonly terms: readonly string[] }

/** What an entry of each kind is found by. Undefined for what is none. */
const TOLD: Readonly<Record<ProxyKind, (entry: Buffer) => Told | undefined>> = {
  'mcp-proxy': (entry) => {
    const frame = parseJsonText(entry.toString('utf8', 0, Math.max(0, entry.indexOf(0x0a))))
    const at = parseUnixNanoText(textField(frame, 'at') ?? '')
    const calls = field(frame, 'calls')
    if (at === undefined || !isJsonArray(calls)) return undefined
    return {
      at,
      terms: [
        ...term('trace', textField(frame, 'trace')),
        ...calls.flatMap((call) => [
          ...term('trace', textField(call, 'trace')),
          ...term('call', textField(call, 'callId')),
          ...(textField(call, 'method') === 'tools/call' ? term('tool', textField(call, 'subject')) : []),
        ]),
      ],
    }
  },
  'llm-proxy': (entry) => {
    // The head is enough, and a body may have megabytes.
    const head = entry.toString('latin1', 0, EXCHANGE_HEAD_BYTES)
    const at = parseUnixNanoText(/^\{"version":1,[^{}]{0,400}?"startedAt":"(\d{1,20})"/.exec(head)?.[1] ?? '')
    const stated = /\["traceparent","[0-9a-f]{2}-([0-9a-f]{32})-/.exec(head)?.[1]
    const origin = /"origin":\{[^{}]{0,2000}?"trace":"([0-9a-f]{32})"/.exec(head)?.[1]
    return at === undefined ? undefined : { at, terms: term('trace', stated ?? origin) }
  },
}

function term(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${name}:${value.slice(0, MAX_TERM_CHARS)}`]
}

function malformed(message: string): ScannedProxyBatch {
  return { status: 'malformed', message }
}
