import type { SensorSource } from '@holdfast/model'
import { isJsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { MAX_SOURCE_BYTES } from './limits.ts'

const MAX_TEXT = 256
const REQUIRED = [
  'sensor',
  'start',
  'host',
  'bootId',
  'bootToWallNs',
  'cgroup',
  'cgroupPath',
  'agent',
  'agentName',
] as const
const OPTIONAL = [
  'run',
  'container',
  'runtime',
  'pod',
  'namespace',
  'workload',
  'machine',
  'seccomp',
  'seccompMode',
] as const
/** Paths of nested containers are longer than names; a path of the kernel is at most this long. */
const MAX_PATH = 4_096
/** An agent id holds up to three names (model/ids.ts). */
const MAX_AGENT = 3 * MAX_TEXT + 8

/** Whose records a group holds; undefined unless the bytes are a source of sensor/SPEC.md, S5. Untrusted. */
export function parseSource(bytes: Uint8Array): SensorSource | undefined {
  if (bytes.length > MAX_SOURCE_BYTES) return undefined
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  if (!isJsonObject(json)) return undefined
  const texts = new Map<string, string>()
  for (const key of [...REQUIRED, ...OPTIONAL]) {
    const value = json[key]
    if (value === undefined) continue
    if (typeof value !== 'string' || !value.isWellFormed()) return undefined
    if (value.length > (key === 'cgroupPath' ? MAX_PATH : key === 'agent' ? MAX_AGENT : MAX_TEXT)) return undefined
    texts.set(key, value)
  }
  if (REQUIRED.some((key) => !texts.has(key))) return undefined
  // Decimal numbers, so that they may be made bigints of.
  if (!/^-?\d{1,20}$/.test(texts.get('bootToWallNs') ?? '') || !/^\d{1,20}$/.test(texts.get('cgroup') ?? ''))
    return undefined
  return Object.fromEntries(texts) as SensorSource // every required key is there, and each is a text
}
