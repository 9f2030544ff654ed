import type { RetrievedItem } from '@holdfast/detect'
import type { EventSummary } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import type { KeyReader } from '../views/fold.ts'
import { keys, partAt } from './keys.ts'
import { ITEMS_READ, VERSIONS_KEPT } from './limits.ts'

type VersionRow = readonly [version: string, claimedAt: string, event: string, entry: number]

/** How often one item of a corpus was retrieved, by day, and when each of its versions was first. */
type RetrievedDoc = {
  readonly days: readonly (readonly [day: number, count: number])[]
  readonly versions: readonly VersionRow[]
}

const DAY_NANOS = 86_400_000_000_000n

/** Counts a retrieval. The same in whatever order they come. */
export function noteRetrieval(
  { puts, reader }: { readonly puts: Map<string, Uint8Array>; readonly reader: KeyReader },
  { id, entry, claimedAt, agent, body }: EventSummary,
): void {
  if (body.kind !== 'context-item' || body.origin === undefined || claimedAt === 0n) return
  const key = keys.retrieved(agent.id, body.origin)
  const bytes = puts.get(key) ?? reader.get(key)
  const known: RetrievedDoc = bytes === undefined ? { days: [], versions: [] } : decode(bytes)
  const day = Number(claimedAt / DAY_NANOS)
  const days = new Map(known.days)
  days.set(day, (days.get(day) ?? 0) + 1)
  const version = body.version ?? body.statedDigest?.slice(0, 12) ?? '-'
  const doc: RetrievedDoc = {
    days: [...days].toSorted(([one], [other]) => one - other),
    versions: withVersion(known.versions, [version, claimedAt.toString(), id, entry]),
  }
  puts.set(key, encode(doc))
}

/** Of each version the first sighting; of more than are kept the earliest. */
function withVersion(known: readonly VersionRow[], row: VersionRow): readonly VersionRow[] {
  const same = known.find(([version]) => version === row[0])
  if (same !== undefined && byTime(same, row) <= 0) return known
  return [...known.filter((one) => one !== same), row].toSorted(byTime).slice(0, VERSIONS_KEPT)
}

function byTime(a: VersionRow, b: VersionRow): number {
  const [x, y] = [BigInt(a[1]), BigInt(b[1])]
  return x < y ? -1 : x > y ? 1 : a[3] - b[3]
}

/** What an agent retrieved until a time. */
export function retrievedBy(
  store: Pick<ProjectionStore, 'scan'>,
  agent: string,
  until: bigint,
): readonly RetrievedItem[] {
  const last = Number(until / DAY_NANOS)
  return store.scan({ prefix: keys.retrievedOf(agent), limit: ITEMS_READ }).map(([key, bytes]) => {
    const { days, versions } = decode<RetrievedDoc>(bytes)
    return {
      origin: partAt(key, 2),
      days: days.filter(([day]) => day <= last).map(([day, count]) => ({ day, count })),
      versions: versions
        .filter(([, claimedAt]) => BigInt(claimedAt) <= until)
        .map(([version, claimedAt, event, entry]) => ({
          version,
          claimedAt: BigInt(claimedAt),
          day: Number(BigInt(claimedAt) / DAY_NANOS),
          event,
          entry,
        })),
    }
  })
}
