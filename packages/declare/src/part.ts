import { outranks, type Component, type Sight, type Sighting, type TrustTier } from '@holdfast/model'
import { DETAIL_NAMES, DETAIL_VALUES } from './limits.ts'

/** From when to when something was sighted, with the log positions that prove both ends. */
export type Span = {
  readonly first: bigint
  readonly firstEntry: number
  readonly last: bigint
  readonly lastEntry: number
}

/** One component of an agent over all time: which it is, what is known of it, and where the ends are. */
export type Part = {
  readonly id: string
  readonly component: Component
  /** Values that were stated of each detail, sorted, at most {@link DETAIL_VALUES}. */
  readonly details: Readonly<Record<string, readonly string[]>>
  readonly sights: Readonly<Partial<Record<Sight, Span & { readonly count: number }>>>
  /** When it was let go, from the first time to the last. */
  readonly unloaded?: Span & { readonly count: number }
  /** Greatest log position that speaks of it: a log that reaches so far holds all that is said here. */
  readonly lastPosition: number
  /** Strongest tier that saw it run. Absent where it is only declared. */
  readonly tier?: TrustTier
}

/** The part with one sighting more; the same in whatever order they come. */
export function withSighting(part: Part | undefined, id: string, sighting: Sighting): Part {
  const { component, sight, tier } = sighting
  const before = part?.sights[sight]
  const strongest =
    sight === 'declared' ? part?.tier : part?.tier === undefined || outranks(tier, part.tier) ? tier : part.tier
  return {
    id,
    component: part === undefined ? { ...component, details: {} } : part.component,
    details: withDetails(part?.details, component.details),
    ...(part?.unloaded === undefined ? {} : { unloaded: part.unloaded }),
    lastPosition: Math.max(part?.lastPosition ?? 0, sighting.entry),
    sights: { ...part?.sights, [sight]: { ...extended(before, sighting), count: (before?.count ?? 0) + 1 } },
    ...(strongest === undefined ? {} : { tier: strongest }),
  }
}

/** Nearly always nothing new is stated of a part that is called again, and what is known stays the very object. */
function withDetails(known: Part['details'] | undefined, stated: Component['details']): Part['details'] {
  const more = Object.entries(stated)
  if (known !== undefined && more.every(([name, value]) => ownValues(known, name)?.includes(value))) return known
  const details = new Map(Object.entries(known ?? {}))
  for (const [name, value] of more) {
    const values = details.get(name) ?? []
    if (!values.includes(value)) details.set(name, [...values, value].toSorted().slice(0, DETAIL_VALUES))
  }
  return Object.fromEntries([...details].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, DETAIL_NAMES))
}

/** Names are the sender's: `constructor` is only there if it was stated. */
function ownValues(details: Part['details'], name: string): readonly string[] | undefined {
  return Object.hasOwn(details, name) ? details[name] : undefined
}

/** The part as one that was let go once more. */
export function withUnloading(
  part: Part | undefined,
  id: string,
  unloading: Pick<Sighting, 'component' | 'claimedAt' | 'entry'>,
): Part {
  const { component, entry } = unloading
  return {
    ...(part ?? { id, component: { ...component, details: {} }, details: {}, sights: {} }),
    lastPosition: Math.max(part?.lastPosition ?? 0, entry),
    unloaded: { ...extended(part?.unloaded, unloading), count: (part?.unloaded?.count ?? 0) + 1 },
  }
}

function extended(span: Span | undefined, { claimedAt, entry }: Pick<Sighting, 'claimedAt' | 'entry'>): Span {
  if (span === undefined) return { first: claimedAt, firstEntry: entry, last: claimedAt, lastEntry: entry }
  const isFirst = claimedAt < span.first || (claimedAt === span.first && entry < span.firstEntry)
  const isLast = claimedAt > span.last || (claimedAt === span.last && entry < span.lastEntry)
  return {
    first: isFirst ? claimedAt : span.first,
    firstEntry: isFirst ? entry : span.firstEntry,
    last: isLast ? claimedAt : span.last,
    lastEntry: isLast ? entry : span.lastEntry,
  }
}

/** From the earlier beginning to the later end; of two at one time, the first's. */
export function widest(a: Span, b: Span): Span {
  const isEarlier = b.first < a.first
  const isLater = b.last > a.last
  return {
    first: isEarlier ? b.first : a.first,
    firstEntry: isEarlier ? b.firstEntry : a.firstEntry,
    last: isLater ? b.last : a.last,
    lastEntry: isLater ? b.lastEntry : a.lastEntry,
  }
}
