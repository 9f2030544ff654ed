import {
  canonicalJson,
  CONTROL_AGENT,
  type ControlRecord,
  type EntryGroup,
  type Envelope,
  type UnixNano,
} from '@holdfast/model'

const ENVELOPE: Envelope = {
  channel: 'control',
  instance: 'holdfast',
  credential: 'holdfast',
  tier: 'boundary',
  encoding: 'control-json',
  clock: 'live',
  agent: CONTROL_AGENT,
  agentName: 'holdfast',
  resource: new Uint8Array(0),
  scope: new Uint8Array(0),
  schemaUrl: '',
}

/** One control record as a group of one entry; posted under `control:<kind>`. */
export function controlGroup(record: ControlRecord, now: UnixNano): EntryGroup {
  const bytes = Buffer.from(canonicalJson(record))
  return {
    envelope: ENVELOPE,
    bytes,
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(bytes.length),
    terms: [controlTerm(record.kind), `agent:${CONTROL_AGENT}`],
    masks: new Map(),
    claimedFrom: now,
    claimedTo: now,
  }
}

/** True where a control record of the groups is a gap. */
export function isGap(groups: readonly EntryGroup[]): boolean {
  return groups.some(({ terms }) => terms.includes(controlTerm('gap')))
}

export function controlTerm(kind: ControlRecord['kind']): string {
  return `control:${kind}`
}

/** What is said where the clock went back (FC14). */
export function clockStep(from: UnixNano, to: UnixNano): EntryGroup {
  const record: ControlRecord = {
    kind: 'gap',
    reason: 'clock-step',
    sender: 'holdfast',
    channel: 'control',
    records: 0,
    requests: 0,
    from: String(from),
    to: String(to),
    detail: 'the clock of this machine went back; the order of entries is that of the log',
  }
  return controlGroup(record, to)
}
