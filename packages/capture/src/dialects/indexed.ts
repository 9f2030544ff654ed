import { toJson } from '../decode/any-value.ts'
import type { AnyValue, Json } from '../decode/any-value.ts'
import { MAX_ITEMS } from '../decode/limits.ts'

export type FlatMap = ReadonlyMap<string, AnyValue>

/** Lists that were flattened into `<i>.rest` keys, rebuilt in the order of the index. */
export function indexed(flat: FlatMap): readonly FlatMap[] {
  const groups = new Map<number, Map<string, AnyValue>>()
  for (const [key, value] of flat) {
    const dot = key.indexOf('.')
    const index = Number(key.slice(0, dot))
    if (dot < 1 || !Number.isInteger(index) || index < 0 || index >= MAX_ITEMS) continue
    const group = groups.get(index) ?? new Map<string, AnyValue>()
    group.set(key.slice(dot + 1), value)
    groups.set(index, group)
  }
  return [...groups.entries()].toSorted(([a], [b]) => a - b).map(([, group]) => group)
}

/** The keys under a prefix, without it. */
export function under(map: FlatMap, prefix: string): FlatMap {
  const found = new Map<string, AnyValue>()
  for (const [key, value] of map) if (key.startsWith(prefix)) found.set(key.slice(prefix.length), value)
  return found
}

/** A value as JSON; null where it is absent. */
export function asJson(value: AnyValue | undefined): Json {
  return value === undefined ? null : toJson(value)
}

/** The value where it is a text, as a list of one or none. */
export function asText(value: AnyValue | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : []
}
