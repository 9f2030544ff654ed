import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { agentIdOf, type EntryGroup, type Mask, type UnixNano } from '@holdfast/model'

export type GroupOptions = {
  readonly service?: string
  readonly terms?: readonly string[]
  readonly masks?: ReadonlyMap<number, readonly Mask[]>
  readonly claimedAt?: bigint
  readonly resource?: string
}

/** A group of entries with these bodies, as a listener would hand it over. */
export function groupOf(bodies: readonly string[], options: GroupOptions = {}): EntryGroup {
  const service = options.service ?? 'support'
  const parts = bodies.map((body) => Buffer.from(body))
  const ends = Uint32Array.from(parts.map((_, i) => parts.slice(0, i + 1).reduce((sum, part) => sum + part.length, 0)))
  const claimedAt = (options.claimedAt ?? 1_700_000_000_000_000_000n) as UnixNano // any 64 bits are
  return {
    envelope: {
      channel: 'otlp',
      instance: 'http:4318',
      credential: 'loopback',
      tier: 'self-reported',
      encoding: 'otlp-span-proto',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'box', service }),
      agentName: service,
      resource: Buffer.from(options.resource ?? `resource of ${service}`),
      scope: Buffer.from('scope'),
      schemaUrl: '',
    },
    bytes: Buffer.concat(parts),
    starts: Uint32Array.from(ends, (end, i) => end - (parts[i]?.length ?? 0)),
    ends,
    terms: options.terms ?? [],
    masks: options.masks ?? new Map(),
    claimedFrom: claimedAt,
    claimedTo: claimedAt,
  }
}

/** A folder that is removed at the end of its scope. */
export function scratchFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-recorder-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A clock that advances one microsecond with each reading. */
export function steadyClock(from = 1_790_000_000_000_000_000n): () => UnixNano {
  let now = from
  return () => {
    now += 1000n
    return now as UnixNano // any 64 bits are
  }
}
