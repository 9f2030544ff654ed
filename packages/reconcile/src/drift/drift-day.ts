import { bucketOf, type Histogram } from '@holdfast/observe'
import type { VolumeMeasure } from '@holdfast/model'
import { elementOf, type Act, type Element, type ElementKind, type Execution } from './execution.ts'
import { ELEMENTS_COMPARED, EXECUTIONS_SHOWN, SHAPES_PER_DAY, VALUES_KEPT } from './limits.ts'
import { type SeenValue, SeenValues } from './seen-values.ts'

/** Executions of one day that are made alike: the same elements, told once. */
export type Shape = {
  readonly signature: string
  /** Claimed time and name of the first of them. */
  readonly at: bigint
  readonly execution: string
  readonly elements: readonly Element[]
  /** What was first seen on this day in one of them. */
  readonly firsts: readonly Act[]
  /** What they did, each once: what another shape was the first with among it. */
  readonly acts: readonly Act[]
  readonly count: number
  readonly last: bigint
  readonly amounts: ReadonlyMap<VolumeMeasure, Amounts>
  readonly executions: readonly string[]
  /** Log positions of the first one. */
  readonly entries: readonly number[]
}

export type Amounts = { readonly histogram: Histogram; readonly most: number; readonly of: string; readonly at: bigint }

/** A document and how often it was there that day, with where it was first. */
export type Counted = { readonly count: number; readonly act: Act; readonly execution: string }

export type DriftDay = {
  readonly day: number
  readonly executions: number
  /** Executions beyond {@link SHAPES_PER_DAY}. */
  readonly cut: number
  readonly shapes: readonly Shape[]
  /** Values by argument (`tool $.path`), by digest; `isOpen` where there were more than are kept. */
  readonly values: ReadonlyMap<string, { readonly calls: number; readonly isOpen: boolean; readonly of: SeenValues }>
  readonly documents: ReadonlyMap<string, Counted>
}

/** One day of an agent as it is judged: bounded by how differently it worked, not by how much. Pure; order does not matter. */
export function driftDay(day: number, executions: readonly Execution[]): DriftDay {
  const sorted = executions.toSorted((a, b) => (a.at !== b.at ? (a.at < b.at ? -1 : 1) : a.id < b.id ? -1 : 1))
  const builders = new Map<string, ShapeBuilder>()
  const seen = new Set<string>()
  const values = new Map<string, Values>()
  const documents = new Map<string, Counted>()
  let cut = 0
  for (const execution of sorted) {
    const elements = elementsOf(execution)
    const signature = elements.map(({ kind, name }) => `${kind} ${name}`).join('\n')
    const known = builders.get(signature)
    if (known === undefined && builders.size === SHAPES_PER_DAY) {
      cut += 1
      continue
    }
    const builder = known ?? new ShapeBuilder(signature, execution, elements)
    builders.set(signature, builder)
    builder.add(execution)
    for (const act of execution.acts) {
      if (act.dimension === 'argument-value') addValue(values, act, execution.id)
      else if (act.dimension === 'document') count(documents, act.key, { act, execution: execution.id })
      else {
        const name = `${act.dimension}\n${act.key}`
        builder.did(name, act)
        if (seen.has(name)) continue
        seen.add(name)
        builder.firsts.push(act)
      }
    }
  }
  return {
    day,
    executions: sorted.length,
    cut,
    shapes: [...builders.values()].map((builder) => builder.shape()),
    values: new Map(
      [...values].map(([path, { calls, isOpen, of }]) => [path, { calls, isOpen, of: new SeenValues([...of]) }]),
    ),
    documents,
  }
}

class ShapeBuilder {
  readonly firsts: Act[] = []
  readonly #acts = new Map<string, Act>()
  readonly #signature: string
  readonly #first: Execution
  readonly #elements: readonly Element[]
  readonly #amounts = new Map<VolumeMeasure, { histogram: Map<number, number>; most: number; of: string; at: bigint }>()
  readonly #executions: string[] = []
  #count = 0
  #last: bigint

  constructor(signature: string, first: Execution, elements: readonly Element[]) {
    this.#signature = signature
    this.#first = first
    this.#elements = elements
    this.#last = first.at
  }

  add({ id, at, amounts }: Execution): void {
    this.#count += 1
    this.#last = at
    if (this.#executions.length < EXECUTIONS_SHOWN) this.#executions.push(id)
    for (const [measure, amount] of amounts) {
      const known = this.#amounts.get(measure) ?? { histogram: new Map<number, number>(), most: -1, of: id, at }
      this.#amounts.set(measure, known)
      // In place: a histogram of thousands of executions is not copied for each of them.
      const bucket = bucketOf(amount)
      known.histogram.set(bucket, (known.histogram.get(bucket) ?? 0) + 1)
      if (amount > known.most) Object.assign(known, { most: amount, of: id, at })
    }
  }

  did(name: string, act: Act): void {
    if (!this.#acts.has(name)) this.#acts.set(name, act)
  }

  shape(): Shape {
    return {
      signature: this.#signature,
      at: this.#first.at,
      execution: this.#first.id,
      elements: this.#elements,
      firsts: this.firsts,
      acts: [...this.#acts.values()],
      count: this.#count,
      last: this.#last,
      amounts: this.#amounts,
      executions: this.#executions,
      entries: [...new Set(this.#first.acts.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    }
  }
}

function elementsOf({ trigger, acts }: Execution): readonly Element[] {
  const found = new Map<string, Element>()
  const add = (element: Element): void => {
    const name = `${element.kind} ${element.name}`
    const known = found.get(name)
    if (known === undefined || element.entry < known.entry) found.set(name, element)
  }
  if (trigger !== 'unstated') add({ kind: 'trigger', name: trigger, entry: acts[0]?.entry ?? 0 })
  for (const act of acts) {
    const element = elementOf(act)
    if (element !== undefined) add(element)
  }
  return [...found.values()].toSorted(byKind).slice(0, ELEMENTS_COMPARED)
}

/** What reaches outside first: it is the last to be cut. */
const KINDS: readonly ElementKind[] = ['trigger', 'identity', 'data', 'egress', 'tool', 'order']

function byKind(a: Element, b: Element): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1)
}

type Values = { calls: number; isOpen: boolean; readonly of: Map<string, SeenValue> }

function addValue(values: Map<string, Values>, { key, at, entry }: Act, execution: string): void {
  const cut = key.lastIndexOf(' ')
  const path = key.slice(0, cut)
  const own = values.get(path) ?? { calls: 0, isOpen: false, of: new Map<string, SeenValue>() }
  values.set(path, own)
  own.calls += 1
  const digest = key.slice(cut + 1)
  if (own.of.has(digest)) return
  if (own.of.size === VALUES_KEPT) own.isOpen = true
  else own.of.set(digest, { at, entry, execution })
}

function count(into: Map<string, Counted>, key: string, first: Omit<Counted, 'count'>): void {
  const known = into.get(key)
  if (known === undefined && into.size === VALUES_KEPT) return
  into.set(key, known === undefined ? { ...first, count: 1 } : { ...known, count: known.count + 1 })
}
