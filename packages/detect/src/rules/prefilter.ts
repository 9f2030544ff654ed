import type { EventKind } from '@holdfast/model'
import type { EventView } from './event-view.ts'
import { FIELDS } from './fields.ts'
import { MAX_AUTOMATON_CELLS } from './limits.ts'
import type { Formula, Predicate } from './predicate.ts'
import { Substrings } from './substrings.ts'

export type Indexed = { readonly formula: Formula; readonly kinds: readonly EventKind[] }

/**
 * Tells which rules an event may meet: those of its kind that ask for no text, and those of whose texts it holds one. Every
 * rule that an event meets is among them.
 */
export class Prefilter {
  readonly #kinds: readonly ReadonlySet<EventKind>[]
  /** Rules of a kind that ask for no text, and the fields in which the others look for theirs. */
  readonly #always = new Map<EventKind, number[]>()
  readonly #fields = new Map<EventKind, Set<string>>()
  readonly #whole: Postings = new Map()
  readonly #parts = new Map<
    string,
    { readonly automaton: Substrings; readonly rules: readonly (readonly number[])[] }
  >()

  constructor(rules: readonly Indexed[]) {
    this.#kinds = rules.map((rule) => new Set(kindsOf(rule)))
    const parts: Postings = new Map()
    const room = new Room()
    for (const [rule, { formula }] of rules.entries()) {
      const cover = coverOf(formula)
      const isIndexed = cover !== undefined && room.take(cover)
      for (const kind of this.#kinds[rule] ?? [])
        if (!isIndexed) list(this.#always, kind).push(rule)
        else for (const { field } of cover) this.#noteField(kind, field)
      if (isIndexed)
        for (const { field, whole, text } of cover) post(whole ? this.#whole : parts, { field, text, rule })
    }
    for (const [field, texts] of parts)
      this.#parts.set(field, { automaton: new Substrings([...texts.keys()]), rules: [...texts.values()] })
  }

  /** Numbers of rules, ascending, each once. */
  candidates(view: EventView): readonly number[] {
    const { kind } = view.event.body
    const found = new Set(this.#always.get(kind))
    const add = (rules: readonly number[]): void => {
      for (const rule of rules) if (this.#kinds[rule]?.has(kind) === true) found.add(rule)
    }
    for (const field of this.#fields.get(kind) ?? []) {
      const whole = this.#whole.get(field)
      const parts = this.#parts.get(field)
      for (const value of view.folded(field)) {
        add(whole?.get(value) ?? [])
        parts?.automaton.find(value, (text) => add(parts.rules[text] ?? []))
      }
    }
    return [...found].toSorted((a, b) => a - b)
  }

  #noteField(kind: EventKind, field: string): void {
    const fields = this.#fields.get(kind) ?? new Set()
    this.#fields.set(kind, fields)
    fields.add(field)
  }
}

/** Texts of which an event that meets the rule holds at least one. */
type Cover = readonly { readonly field: string; readonly whole: boolean; readonly text: string }[]

/** Field -> text -> rules. */
type Postings = Map<string, Map<string, number[]>>

/** How large the tables for parts of texts may grow: a rule beyond is held against every event of its kind. */
class Room {
  readonly #letters = new Map<string, Set<string>>()
  readonly #states = new Map<string, number>()

  take(cover: Cover): boolean {
    for (const { field, whole, text } of cover) {
      if (whole) continue
      const letters = this.#letters.get(field) ?? new Set()
      const states = (this.#states.get(field) ?? 1) + text.length
      for (const letter of text) letters.add(letter)
      if (states * (letters.size + 1) > MAX_AUTOMATON_CELLS) return false
      this.#letters.set(field, letters)
      this.#states.set(field, states)
    }
    return true
  }
}

function post(
  index: Postings,
  { field, text, rule }: { readonly field: string; readonly text: string; readonly rule: number },
): void {
  const texts = index.get(field) ?? new Map<string, number[]>()
  index.set(field, texts)
  const rules = list(texts, text)
  if (rules.at(-1) !== rule) rules.push(rule)
}

function list<K>(lists: Map<K, number[]>, key: K): number[] {
  const known = lists.get(key) ?? []
  lists.set(key, known)
  return known
}

function coverOf(formula: Formula): Cover | undefined {
  switch (formula.kind) {
    case 'predicate': {
      const { field, literals } = formula.predicate
      return literals?.texts.map((text) => ({ field, whole: literals.whole, text }))
    }
    case 'and':
      return formula.parts
        .map(coverOf)
        .filter((cover) => cover !== undefined)
        .reduce<Cover | undefined>(
          (best, cover) => (best === undefined || rarity(cover) > rarity(best) ? cover : best),
          undefined,
        )
    case 'or': {
      const covers = formula.parts.map(coverOf)
      return covers.every((cover) => cover !== undefined) ? covers.flat() : undefined
    }
    case 'not':
      return undefined
  }
}

/** How few events the least of these texts leaves: long ones are rare, whole ones rarer, and kinds are told apart anyway. */
function rarity(cover: Cover): number {
  return Math.min(
    ...cover.map(({ field, whole, text }) => (COMMON.has(field) ? 0 : whole ? 4 + text.length * 2 : text.length)),
  )
}

const COMMON: ReadonlySet<string> = new Set(['event.kind', 'event.tier', 'event.dialect', 'event.channel', 'agent.id'])

/** Kinds of events that can meet a rule: those of its log source that have its fields. */
function kindsOf({ formula, kinds }: Indexed): readonly EventKind[] {
  const possible = possibleKinds(formula)
  return possible === undefined ? kinds : kinds.filter((kind) => possible.has(kind))
}

/** Undefined: every kind. */
function possibleKinds(formula: Formula): ReadonlySet<EventKind> | undefined {
  switch (formula.kind) {
    case 'predicate':
      return kindsWith(formula.predicate)
    case 'and':
      return formula.parts
        .map(possibleKinds)
        .filter((kinds) => kinds !== undefined)
        .reduce<ReadonlySet<EventKind> | undefined>(
          (some, kinds) => (some === undefined ? kinds : some.intersection(kinds)),
          undefined,
        )
    case 'or': {
      const parts = formula.parts.map(possibleKinds)
      const known = parts.filter((kinds) => kinds !== undefined)
      return known.length < parts.length ? undefined : new Set(known.flatMap((kinds) => [...kinds]))
    }
    case 'not':
      return undefined
  }
}

function kindsWith({ field, literals }: Predicate): ReadonlySet<EventKind> | undefined {
  if (field === 'event.kind' && literals?.whole === true) return new Set(literals.texts as readonly EventKind[]) // compared as text only
  const kinds = FIELDS.get(field)?.kinds
  return kinds === undefined ? undefined : new Set(kinds)
}
