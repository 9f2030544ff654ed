import { hash } from 'node:crypto'
import type { Event, EventBody, LogEntry } from '@holdfast/model'
import { isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { contentOf } from '../dialects/content.ts'
import { writeBodies } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'
import { readAuthority } from './record.ts'
import type { AuthorityReading } from './reading.ts'

/**
 * What one record of an authority's audit log means: who asked, for what, on what, and whether it was let. Undefined
 * where the bytes are no such record.
 */
export function normaliseAuthority(entry: LogEntry, bytes: Uint8Array): Normalised | undefined {
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  const read = json === undefined ? undefined : readAuthority(json)
  if (json === undefined || read === undefined) return undefined
  const isMasked = entry.masks.length > 0
  const { channel, instance, credential, tier, clock, agent, agentName } = entry.envelope
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: read.format, instrumentation: '' },
      agent: { id: agent, name: agentName },
      context: contextOf(read, agent),
    },
    start: read.at,
    // One record by its own name, whichever way it came; without one, by its bytes.
    idPrefix: `authority.${sourceTag(entry.envelope)}.${hash('sha256', read.recordId === undefined ? bytes : `${read.format} ${read.recordId}`, 'hex').slice(0, 24)}`,
    isMasked,
  }
  const bodies = bodiesOf(read, isMasked)
  const unmapped = isJsonObject(json) ? Object.keys(json).filter((key) => !read.fields.includes(key)) : []
  return {
    events: writeBodies(bodies, frame),
    dialect: read.format,
    mapped: read.fields.length,
    unmapped: unmapped.toSorted(),
    cut: 0,
  }
}

function bodiesOf(read: AuthorityReading, isMasked: boolean): readonly EventBody[] {
  const held = (value: Json | undefined): Extract<EventBody, { readonly kind: 'api-call' }>['request'] =>
    value === undefined ? { state: 'not-captured', reason: 'instrumentation-omits' } : contentOf({ value }, isMasked)
  const { plane, principal } = read
  const calls = read.calls.map((call): EventBody => ({
    kind: 'api-call',
    plane,
    principal,
    ...call,
    request: held(read.request),
    response: held(read.response),
  }))
  const changes = read.changes.map((change): EventBody => ({ kind: 'change', ...change }))
  if (calls.length + changes.length > 0) return [...calls, ...changes]
  return [{ kind: 'step', name: `${read.format} record of an earlier stage`, mapped: true, unmapped: [] }]
}

/** Sessions of one principal stand together; nothing here joins an agent's own records by time. */
function contextOf({ principal }: AuthorityReading, agent: string): Event['context'] {
  return { session: `${agent}~${(principal.session ?? principal.credential ?? '-').slice(0, 256)}` }
}
