import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isIdentityKey, joinsOf } from '@holdfast/detect'
import type { Event } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { keys } from '../../apps/server/src/incidents/keys.ts'
import { Recorded, ROLE } from '../../packages/detect/src/signals/testing/recorded.ts'
import { percentile, round } from './figures.ts'

const BATCH = 1_000
const NOTHING = new Uint8Array(0)

/**
 * The join by identity alone: so many sessions of identities, each of which two conversations used, are noted as filing notes
 * them, and then each is asked for who shares it.
 */
export function identityJoin(identities: number, say: (line: object) => void): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-join-'))
  try {
    const [example] = new Recorded().call('s3:GetObject').events
    if (example === undefined) throw new Error('nothing was recorded')
    let noted = 0
    const waits: number[] = []
    let found = 0
    const asked = Math.min(identities, 100_000)
    {
      using store = ProjectionStore.open({ folder, name: 'bench', version: 1 })
      const begun = cpuMicros()
      for (let from = 0; from < 2 * identities; from += BATCH) {
        const puts = Array.from({ length: Math.min(BATCH, 2 * identities - from) }, (_, i) => {
          const n = from + i
          return joinsOf(callOf(example, n % identities))
            .filter(isIdentityKey)
            .map((key) => [keys.held(key, `conversation-${n}`), NOTHING] as const)
        }).flat()
        store.apply({ cursor: 0, puts: puts.toSorted(([a], [b]) => (a < b ? -1 : 1)), deletes: [] })
      }
      noted = cpuMicros() - begun
      for (let i = 0; i < asked; i += 1) {
        const from = performance.now()
        for (const key of joinsOf(callOf(example, (i * 7_919) % identities)).filter(isIdentityKey))
          found += store.scan({ prefix: keys.heldBy(key), limit: 64 }).length
        waits.push((performance.now() - from) * 1_000)
      }
    }
    say({
      part: 'join',
      identities,
      noteMicrosPerEvent: round(noted / (2 * identities)),
      eventsPerCpuSecond: Math.round((2 * identities) / (noted / 1_000_000)),
      lookupMicros: { p50: round(percentile(waits, 0.5)), p99: round(percentile(waits, 0.99)) },
      bytesPerIdentity: Math.round(statSync(join(folder, 'views', 'bench.db')).size / identities),
      residentMiB: Math.round(process.memoryUsage.rss() / 1_048_576),
    })
    return found === 2 * asked ? [] : [`${found} of ${2 * asked} conversations were found`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function callOf(example: Event, session: number): Event {
  const { body } = example
  if (body.kind !== 'api-call') throw new Error('the example is a call')
  return { ...example, body: { ...body, principal: { ...ROLE, session: `session-${session}` } } }
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
