import { isJsonArray, toJson } from '../decode/any-value.ts'
import type { AnyValue, AttributeMap, Json } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import { MAX_NAME_CHARS } from '../decode/limits.ts'
import { OMITTED } from './act.ts'
import type { Held } from './act.ts'
import { isIgnored } from './ignored.ts'

/**
 * Reads attributes and remembers which were asked for: what is left at the end is what no dialect maps. Several keys
 * are spellings of one thing, the preferred first.
 */
export class AttributeReader {
  readonly #attributes: AttributeMap
  readonly #read = new Set<string>()

  constructor(attributes: AttributeMap) {
    this.#attributes = attributes
  }

  has(key: string): boolean {
    return this.#attributes.has(key)
  }

  /** The first that is set, as it is. Reads all spellings, so that the second one does not count as unmapped. */
  value(...keys: readonly string[]): AnyValue | undefined {
    let found: AnyValue | undefined
    for (const key of keys) {
      const value = this.#attributes.get(key)
      if (value === undefined) continue
      this.#read.add(key)
      if (found === undefined && value !== null) found = value
    }
    return found
  }

  /** The first that is a text and not empty. */
  text(...keys: readonly string[]): string | undefined {
    let found: string | undefined
    for (const key of keys) {
      const value = this.#attributes.get(key)
      if (value === undefined) continue
      this.#read.add(key)
      if (found === undefined && typeof value === 'string' && value !== '') found = value
      else if (found === undefined && (typeof value === 'number' || typeof value === 'bigint')) found = value.toString()
    }
    return found
  }

  /** The first that is a number, or a text that is one. */
  number(...keys: readonly string[]): number | undefined {
    let found: number | undefined
    for (const key of keys) {
      const value = this.#attributes.get(key)
      if (value === undefined) continue
      this.#read.add(key)
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      if (found === undefined && typeof number === 'number' && Number.isFinite(number)) found = number
    }
    return found
  }

  /** Structured, or JSON text: spans carry text where log events carry values. Plain text stays a text. */
  json(...keys: readonly string[]): Json | undefined {
    const value = this.value(...keys)
    if (value === undefined) return undefined
    if (typeof value === 'string') return parseJsonStructure(value) ?? value
    return toJson(value)
  }

  /** A list of texts, a JSON list of texts, or one text. */
  texts(...keys: readonly string[]): readonly string[] {
    const json = this.json(...keys)
    if (json === undefined) return []
    return (isJsonArray(json) ? json : [json]).filter((item): item is string => typeof item === 'string' && item !== '')
  }

  /** Content to keep verbatim: text as it was sent. */
  held(keys: readonly string[], otherwise: Held = OMITTED): Held {
    const value = this.value(...keys)
    return value === undefined ? otherwise : { value: toJson(value) }
  }

  /** All attributes under a prefix, which count as read. Keys are given without it. */
  under(prefix: string): ReadonlyMap<string, AnyValue> {
    const found = new Map<string, AnyValue>()
    for (const [key, value] of this.#attributes) {
      if (!key.startsWith(prefix)) continue
      this.#read.add(key)
      found.set(key.slice(prefix.length), value)
    }
    return found
  }

  /** How many attributes were asked for. */
  get readCount(): number {
    return this.#read.size
  }

  /** Keys that carry meaning and that nobody asked for, sorted. */
  unread(): readonly string[] {
    const keys: string[] = []
    for (const key of this.#attributes.keys())
      if (!this.#read.has(key) && !isIgnored(key)) keys.push(key.slice(0, MAX_NAME_CHARS))
    return keys.toSorted()
  }
}
