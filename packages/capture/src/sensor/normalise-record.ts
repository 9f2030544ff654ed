import { hash } from 'node:crypto'
import { parseSpanId, parseTraceId, parseUnixNano } from '@holdfast/model'
import type { EventContext, KernelContextBasis, LogEntry, ProcessKey, SensorSource, UnixNano } from '@holdfast/model'
import { oneEvent } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { parseSource } from '../sensor-batch/source.ts'
import { sourceTag } from '../source-tag.ts'
import { kernelBody } from './kernel-body.ts'
import { readRecord } from './record.ts'
import type { SensorRecord } from './record.ts'

/** What an entry of encoding `sensor-record` means: always one event. Undefined where the bytes are no record. */
export function normaliseRecord(entry: LogEntry, body: Uint8Array): Normalised | undefined {
  const record = readRecord(body)
  const source = sourceOf(entry.envelope.resource)
  if (record === undefined || source === undefined) return undefined
  const boot = bootName(source.bootId)
  const keyOf = (pid: number, startNs: bigint): ProcessKey => `${boot}.${pid}.${startNs}`
  const isMasked = entry.masks.length > 0
  const machine = source.machine === 'aarch64' ? 'aarch64' : 'x86_64'
  const read = kernelBody(record, { keyOf, machine, isMasked, ...seccompOf(source) })
  const { channel, instance, credential, tier, clock, agent, agentName } = entry.envelope
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: 'sensor', instrumentation: 'holdfast sensor' },
      agent: { id: agent, name: agentName, instance: source.pod ?? source.container ?? `${record.pid}` },
      context: contextOf(record, source, keyOf),
    },
    start: wallTime(record.bootNs + BigInt(source.bootToWallNs)),
    // A record's number counts within one run of one sensor; the process before it makes the id readable.
    idPrefix: `kernel.${keyOf(record.pid, record.startNs)}.${sourceTag(entry.envelope)}.${startName(source)}.${record.number}`,
    isMasked,
  }
  return {
    events: [oneEvent(frame, read.body.kind, read.body)],
    dialect: 'sensor',
    mapped: read.isKnown ? 1 : 0,
    unmapped: read.isKnown ? [] : [`type ${record.type}`],
    cut: 0,
  }
}

function seccompOf({ seccomp: artifact, seccompMode }: SensorSource) {
  if (artifact === undefined) return {}
  return { seccomp: { artifact, mode: seccompMode === 'enforce' ? 'enforce' : 'monitor' } }
}

const BASES: readonly (KernelContextBasis | undefined)[] = [undefined, 'environment', 'lineage', 'run']

function contextOf(
  record: SensorRecord,
  source: SensorSource,
  keyOf: (pid: number, startNs: bigint) => ProcessKey,
): EventContext {
  const contextBasis = BASES[record.basis]
  const trace = contextBasis === undefined ? undefined : parseTraceId(record.trace)
  const span = trace === undefined ? undefined : parseSpanId(record.span)
  return {
    ...(record.isSetup ? { isSetup: true as const } : {}),
    ...(trace === undefined || contextBasis === undefined
      ? { session: `${source.agent}~${source.run ?? source.container ?? source.cgroup}` }
      : { trace, contextBasis }),
    ...(span === undefined ? {} : { span }),
    // A syscall set belongs to a cgroup and has no process.
    ...(record.pid === 0 ? {} : { process: keyOf(record.pid, record.startNs) }),
    ...(record.pid === 0 || record.ppid === 0 ? {} : { parentProcess: keyOf(record.ppid, record.parentStartNs) }),
  }
}

/** The first 8 hex digits of a boot id. */
function bootName(bootId: string): string {
  const digits = bootId.replaceAll('-', '').slice(0, 8).toLowerCase()
  return /^[0-9a-f]{8}$/.test(digits) ? digits : '00000000'
}

function startName({ sensor, start }: SensorSource): string {
  return hash('sha256', JSON.stringify([sensor, start]), 'hex').slice(0, 12)
}

function wallTime(ns: bigint): UnixNano {
  // Clocks that lie outside of the range cannot be honest; 0 stands for them, as for any claim that says nothing.
  return parseUnixNano(ns) ?? (parseUnixNano(0n) as UnixNano)
}

/** Entries of one segment share their envelope, and a storm has hundreds of thousands; the answer is the same without it. */
function sourceOf(resource: Uint8Array): SensorSource | undefined {
  if (resource === last.resource) return last.source
  last = { resource, source: parseSource(resource) }
  return last.source
}

let last: { readonly resource: Uint8Array | undefined; readonly source: SensorSource | undefined } = {
  resource: undefined,
  source: undefined,
}
