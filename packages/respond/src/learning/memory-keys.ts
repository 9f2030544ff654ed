import type { Event } from '@holdfast/model'

import { MAX_KEY_KINDS } from './limits.ts'

/** Store (empty where none is named) -> how the keys begin under which memory was written there. */
export type KnownKeys = ReadonlyMap<string, readonly string[]>

/**
 * The kinds of keys under which these events write memory. A store of which one key is of no kind, or which has more than
 * {@link MAX_KEY_KINDS}, is left out: there a new kind of key says nothing.
 */
export function memoryKeysOf(events: Iterable<Event>): KnownKeys {
  const found = new Map<string, Set<string> | 'anything'>()
  for (const { body } of events) {
    if (body.kind !== 'memory' || body.operation !== 'write' || body.record === undefined) continue
    const store = body.store ?? ''
    const known = found.get(store) ?? new Set()
    const kind = keyKind(body.record)
    if (known === 'anything' || kind === undefined) found.set(store, 'anything')
    else found.set(store, known.has(kind) || known.size < MAX_KEY_KINDS ? known.add(kind) : 'anything')
  }
  return new Map([...found].flatMap(([store, kinds]) => (kinds === 'anything' ? [] : [[store, [...kinds].toSorted()]])))
}

/** True where the store is known, and none of its keys begins like this one. */
export function isStrangeKey(
  keys: KnownKeys | undefined,
  { store = '', record }: { readonly store?: string | undefined; readonly record?: string | undefined },
): boolean {
  const begins = keys?.get(store)
  return begins !== undefined && record !== undefined && !begins.some((known) => record.toLowerCase().startsWith(known))
}

/** The word that a key begins with, and what parts it from the rest: `likes-` of `likes-cust-107`. Undefined where there is none. */
function keyKind(record: string): string | undefined {
  return /^[a-z]{2,32}[-_:/.]/i.exec(record)?.[0].toLowerCase()
}
