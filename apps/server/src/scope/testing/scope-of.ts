import { importRuns } from '@holdfast/capture'
import type { AgentId, LogEntry, Sha256, UnixNano } from '@holdfast/model'
import type { ScopeReport } from '@holdfast/observe'
import type { KeyReader } from '../../views/fold.ts'
import { foldable } from '../../views/foldable.ts'
import { foldAuthority } from '../fold-authority.ts'
import { ScopeQueries } from '../scope-queries.ts'

/** Keys and bytes in memory, in the order of a projection's file. */
export class MemoryStore implements KeyReader {
  readonly rows = new Map<string, Uint8Array>()

  get(key: string): Uint8Array | undefined {
    return this.rows.get(key)
  }

  scan({
    prefix,
    limit,
    reverse,
  }: {
    readonly prefix: string
    readonly limit: number
    readonly reverse?: boolean
  }): [string, Uint8Array][] {
    const found = [...this.rows].filter(([key]) => key.startsWith(prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return (reverse === true ? found.toReversed() : found).slice(0, limit)
  }
}

/** The entries that documents and records become, in the order given. */
export function entriesOf(contents: readonly unknown[]): readonly LogEntry[] {
  const groups = contents.flatMap((content, i) => {
    const bytes = new TextEncoder().encode(JSON.stringify(content))
    const read = importRuns({ file: `file-${i}.json`, bytes })
    if (read.rejectedTotal > 0) throw new Error(`${read.rejected[0]?.where}: ${read.rejected[0]?.why}`)
    return read.groups
  })
  const bodies = groups.flatMap(({ envelope, bytes, starts, ends, masks }) =>
    [...starts].map((start, i) => ({ envelope, body: bytes.slice(start, ends[i]), masks: masks.get(i) ?? [] })),
  )
  return bodies.map((body, index) => ({
    ...body,
    index,
    recordedAt: 1_790_000_000_000_000_000n as UnixNano, // in range
    bodyDigest: 'a'.repeat(64) as Sha256, // 64 hex digits
  }))
}

/** Folds the entries in batches of the given size. */
export function folded(entries: readonly LogEntry[], batch = 5): MemoryStore {
  const store = new MemoryStore()
  for (let from = 0; from < entries.length; from += batch) {
    const { puts } = foldAuthority(store, entries.slice(from, from + batch).map(foldable))
    for (const [key, bytes] of puts) store.rows.set(key, bytes)
  }
  return store
}

/** The report of an agent over documents and records, as the server would answer it. */
export function scopeOf(agent: AgentId | string, contents: readonly unknown[]): ScopeReport {
  const store = folded(entriesOf(contents)) as unknown as ConstructorParameters<typeof ScopeQueries>[0]['store'] // get and scan are all that is asked of it
  return new ScopeQueries({ store }).answer('getScope', { agent, query: {}, now: '1790000000000000000' })
}

const LISTS = [
  'unusedExcess',
  'inheritedOverreach',
  'justified',
  'undeclaredUse',
  'inScopeAnomalies',
  'undetermined',
  'withoutEffect',
] as const

/** `list: action on resources`, sorted; what was done without a grant as `gap: ...`. */
export function words(report: ScopeReport): readonly string[] {
  const rows = LISTS.flatMap((list) =>
    report[list].map(({ grant }) => `${list}: ${grant.action} on ${grant.resources.join(' ')}`),
  )
  const gaps = report.inventoryGaps.map(({ action, resource }) => `gap: ${action} on ${resource}`)
  return [...rows, ...gaps].toSorted()
}

export const AGENT = 'k8s:-/shop/cart'

/** The agent's own statement: which identity it acts as, and what it needs. */
export const stated = (plane: string, principal: string, needs: readonly object[] = [], from?: string) => ({
  holdfastAuthority: {
    agent: AGENT,
    identities: [{ plane, principal, ...(from === undefined ? {} : { from }) }],
    needs: needs.map((need) => ({ plane, ...need })),
  },
})
