import { added, spreadOf, type Histogram } from '@holdfast/observe'
import type { VolumeMeasure } from '@holdfast/model'
import type { Shape } from './drift-day.ts'
import { barePair, elementOf, type ActDimension, type Act, type Element, type ElementKind } from './execution.ts'
import { BOUND_FACTOR, LEAST_EXECUTIONS, SIGNATURES_KEPT } from './limits.ts'
import { nameOf, pairOf, wordsOf } from './element-names.ts'
import { ACTS, DIMENSIONS_OF, KERNEL } from './dimensions.ts'
import { Growth } from './growth.ts'
import { days, isYoung, isYoungBeside, newEntry, touch, type Entry } from './known-entry.ts'
import { KnownValues } from './known-values.ts'

export type KnownLimits = {
  /** New entries for each observation that a settled dimension may have (requirement book, 6.1, epsilon). */
  readonly novelty: number
  readonly halfLifeDays: number
}

/** The first break of an execution's pattern, in words, and all kinds of elements that are in one. */
export type Break = {
  readonly kinds: ReadonlySet<ElementKind>
  readonly words: string
  readonly entries: readonly number[]
  /** Tools among them. */
  readonly tools: readonly string[]
}

export type Over = {
  readonly measure: VolumeMeasure
  readonly amount: number
  readonly limit: number
  readonly of: string
  readonly at: bigint
}

/** A profile as it grows: what was learned so far, in order of time. Owned by one walk over the days. */
export class KnownProfile {
  readonly values: KnownValues
  readonly #limits: KnownLimits
  readonly #entries = new Map<ActDimension, Map<string, Entry>>()
  readonly #elements = new Map<ElementKind, Map<string, Entry>>()
  readonly #together = new Set<string>()
  /** Destinations that were there whenever the tool was. */
  readonly #hosts = new Map<string, ReadonlySet<string>>()
  readonly #all = new Map<VolumeMeasure, Histogram>()
  readonly #alike = new Map<string, Map<VolumeMeasure, Histogram>>()
  readonly #bounds = new Map<VolumeMeasure, number | undefined>()
  /** By dimension, and `together`. */
  readonly #growth: Growth
  #days = 0

  constructor(limits: KnownLimits) {
    this.#limits = limits
    this.#growth = new Growth(limits.novelty)
    this.values = new KnownValues(limits.novelty)
  }

  /** Days with anything observed. */
  get days(): number {
    return this.#days
  }

  /** Undefined where it was never seen. A tool is known under whatever server where one of both does not name it. */
  entry(dimension: ActDimension, key: string): Readonly<Entry> | undefined {
    const own = this.#entries.get(dimension)
    const known = own?.get(key)
    if (known !== undefined || dimension !== 'tool') return known
    const bare = key.slice(key.lastIndexOf('/') + 1)
    return bare === key ? (this.#elements.get('tool')?.get(bare) ?? undefined) : own?.get(bare)
  }

  /**
   * False where nobody looked: then nothing is new. What only a kernel tells is looked at once a kernel told anything; of calls,
   * searches and requests an agent's telemetry speaks from the day on that it speaks of any of them.
   */
  isObserved(dimension: ActDimension): boolean {
    const has = (other: ActDimension): boolean => (this.#entries.get(other)?.size ?? 0) > 0
    if (has(dimension)) return true
    if (KERNEL.has(dimension) && [...KERNEL].some((other) => other !== 'destination' && has(other))) return true
    return ACTS.has(dimension) && [...ACTS].some(has)
  }

  /** True for an order of two tools, without their servers. */
  knowsOrder(pair: string): boolean {
    return this.#elements.get('order')?.has(pair) === true
  }

  /** True for a destination that was there whenever the tool was. */
  alwaysAsked(tool: string, destination: string): boolean {
    return this.#hosts.get(tool)?.has(destination) === true
  }

  /** True for a tool of which a definition is known. */
  hasDefinition(tool: string): boolean {
    return [...(this.#entries.get('tool-definition')?.keys() ?? [])].some((key) => key.startsWith(`${tool} `))
  }

  /** Of a dimension that goes on growing what is new is nothing new. */
  isSettled(dimension: ActDimension | 'together'): boolean {
    return this.#growth.isSettled(dimension)
  }

  /** True where an entry is back after longer than its half-life, and never stayed away nearly that long before. */
  isBack(entry: Readonly<Entry>, at: bigint): boolean {
    const gap = at - entry.last
    return gap > days(this.#limits.halfLifeDays) && 2n * gap > 3n * entry.longestGap
  }

  /**
   * What of an execution's trigger, tools in their order, data, identity and destinations is not known in that combination,
   * `aside` apart: each has to be known, and each two of them to have been in one execution before.
   */
  breakOf(elements: readonly Element[], aside: ReadonlySet<string>, at: bigint): Break | undefined {
    const compared = elements.filter((element) => !aside.has(nameOf(element)) && this.#isCompared(element))
    const known = compared.map((element) => this.#elements.get(element.kind)?.get(element.name))
    const kinds = new Set<ElementKind>()
    const entries = new Set<number>()
    const tools = new Set<string>()
    let words: string | undefined
    const note = (text: string, ...own: readonly Element[]): void => {
      for (const { kind, name, entry } of own) {
        kinds.add(kind)
        entries.add(entry)
        if (kind === 'tool') tools.add(name)
      }
      words ??= text
    }
    for (const [i, element] of compared.entries())
      if (known[i] === undefined && !this.#isOrderOfNew(element, { aside, among: elements, at }))
        note(`${wordsOf(element)} is not known`, element)
    if (this.isSettled('together'))
      for (const [i, a] of compared.entries())
        for (const [j, b] of compared.entries()) {
          const [one, other] = [known[i], known[j]]
          if (j <= i || one === undefined || other === undefined || a.kind === 'order' || b.kind === 'order') continue
          if (isYoungBeside(one, other, at) || isYoungBeside(other, one, at) || this.#together.has(pairOf(a, b)))
            continue
          if (this.#isBrought(a, b, { compared, at }) || this.#isBrought(b, a, { compared, at })) continue
          note(`${wordsOf(a)} and ${wordsOf(b)} were never in one execution`, a, b)
        }
    if (words === undefined) return undefined
    return { kinds, words, entries: [...entries].toSorted((x, y) => x - y), tools: [...tools] }
  }

  /** True for a tool that was accepted lately: its orders and arguments are still part of that. */
  isYoungTool(tool: string, at: bigint): boolean {
    const known = this.#elements.get('tool')?.get(tool)
    return known !== undefined && isYoung(known, at)
  }

  /** True for an order with a tool that was accepted lately, for how often the rest of what stands in the execution was there since. */
  isYoungOrder(
    tools: readonly string[],
    { among, at }: { readonly among: readonly Element[]; readonly at: bigint },
  ): boolean {
    const others = among
      .filter((element) => this.#isCompared(element))
      .flatMap(({ kind, name }) => this.#elements.get(kind)?.get(name) ?? [])
    return tools.some((tool) => {
      const known = this.#elements.get('tool')?.get(tool)
      return known !== undefined && (isYoung(known, at) || others.some((other) => isYoungBeside(known, other, at)))
    })
  }

  /** Measures out of proportion: over 1.5 times the 99th percentile of all executions and of those that are made alike. */
  over({ amounts, signature }: Pick<Shape, 'amounts' | 'signature'>): readonly Over[] {
    return [...amounts].flatMap(([measure, { most, of, at }]): readonly Over[] => {
      const bound = this.#boundOf(measure)
      if (bound === undefined || most <= bound) return []
      const alike = spreadOf(this.#alike.get(signature)?.get(measure) ?? new Map())
      const limit = Math.max(bound, BOUND_FACTOR * (alike?.p99 ?? 0))
      return most <= limit ? [] : [{ measure, amount: most, limit, of, at }]
    })
  }

  /** Measures of an execution of which no bound is known yet. */
  unbounded({ amounts }: Pick<Shape, 'amounts'>): readonly VolumeMeasure[] {
    return [...amounts.keys()].filter((measure) => this.#boundOf(measure) === undefined)
  }

  /** A new day begins: bounds are those of the days before. */
  begin(): void {
    this.#bounds.clear()
  }

  /** Takes a shape in. `isAccepted`: a recorded change or a person brought it, so that it does not unsettle anything. */
  learn(shape: Shape, { day, accepted }: { readonly day: number; readonly accepted: ReadonlySet<string> }): void {
    for (const act of shape.firsts) this.#learnAct(act, shape, { day, accepted })
    let isFresh = false
    for (const element of shape.elements) {
      const own = this.#elements.get(element.kind) ?? new Map<string, Entry>()
      this.#elements.set(element.kind, own)
      this.#touch(own, element.name, shape, accepted.has(nameOf(element)))
    }
    const reached = new Set(shape.elements.flatMap(({ kind, name }) => (kind === 'egress' ? [name] : [])))
    for (const { kind, name } of shape.elements)
      if (kind === 'tool') this.#hosts.set(name, this.#hosts.get(name)?.intersection(reached) ?? reached)
    for (const [i, a] of shape.elements.entries())
      for (const b of shape.elements.slice(i + 1)) {
        if (a.kind === 'order' || b.kind === 'order') continue
        const pair = pairOf(a, b)
        if (!this.#together.has(pair) && accepted.size === 0) isFresh = true
        this.#together.add(pair)
      }
    this.#growth.count('together', day, { fresh: isFresh ? 1 : 0, seen: shape.count })
    const alike = this.#alike.get(shape.signature) ?? new Map<VolumeMeasure, Histogram>()
    if (this.#alike.size < SIGNATURES_KEPT) this.#alike.set(shape.signature, alike)
    for (const [measure, { histogram }] of shape.amounts) {
      this.#all.set(measure, added(this.#all.get(measure) ?? new Map(), histogram))
      alike.set(measure, added(alike.get(measure) ?? new Map(), histogram))
    }
  }

  /** What is known of a shape was there again; what is new in it is not learned. */
  refresh(shape: Shape): void {
    for (const { dimension, key, at } of shape.firsts) {
      const known = this.#entries.get(dimension)?.get(key)
      if (known !== undefined) touch(known, { at, last: shape.last > at ? shape.last : at })
    }
    for (const { kind, name } of shape.elements) {
      const known = this.#elements.get(kind)?.get(name)
      if (known !== undefined) touch(known, shape)
    }
  }

  end(): void {
    this.#days += 1
  }

  #learnAct(
    act: Act,
    shape: Shape,
    { day, accepted }: { readonly day: number; readonly accepted: ReadonlySet<string> },
  ): void {
    const own = this.#entries.get(act.dimension) ?? new Map<string, Entry>()
    this.#entries.set(act.dimension, own)
    const element = elementOf(act)
    const isAccepted =
      accepted.has(`${act.dimension}\n${act.key}`) || (element !== undefined && accepted.has(nameOf(element)))
    // Orders of a tool that a record brought are part of that, and make nobody an agent whose orders never settle.
    const isOfAccepted =
      act.dimension === 'tool-order' &&
      this.isYoungOrder(barePair(act.key).split(' -> '), { among: shape.elements, at: act.at })
    const isFresh = !own.has(act.key) && !isAccepted && !isOfAccepted
    this.#touch(own, act.key, { at: act.at, last: shape.last > act.at ? shape.last : act.at }, isAccepted)
    this.#growth.count(act.dimension, day, { fresh: isFresh ? 1 : 0, seen: shape.count })
  }

  #touch(
    own: Map<string, Entry>,
    key: string,
    { at, last }: { readonly at: bigint; readonly last: bigint },
    isAccepted: boolean,
  ): void {
    const known = own.get(key)
    if (known === undefined) {
      own.set(key, newEntry({ at, last }, isAccepted))
      return
    }
    touch(known, { at, last })
  }

  /** Of a kind that nobody stated before, or that never settles, nothing is said. */
  #isCompared({ kind }: Element): boolean {
    if (
      (this.#elements.get(kind)?.size ?? 0) === 0 &&
      !DIMENSIONS_OF[kind].some((dimension) => this.isObserved(dimension))
    )
      return false
    return DIMENSIONS_OF[kind].every((dimension) => this.isSettled(dimension))
  }

  /** An order of tools of which one is set aside, or was accepted only lately. */
  #isOrderOfNew(
    { kind, name }: Element,
    {
      aside,
      among,
      at,
    }: { readonly aside: ReadonlySet<string>; readonly among: readonly Element[]; readonly at: bigint },
  ): boolean {
    if (kind !== 'order') return false
    const tools = name.split(' -> ')
    return tools.some((tool) => aside.has(`tool ${tool}`)) || this.isYoungOrder(tools, { among, at })
  }

  /** Where a tool that was accepted lately always asks a host, the host stands beside what the tool is new to. */
  #isBrought(
    host: Element,
    beside: Element,
    { compared, at }: { readonly compared: readonly Element[]; readonly at: bigint },
  ): boolean {
    const other = this.#elements.get(beside.kind)?.get(beside.name)
    if (host.kind !== 'egress' || other === undefined) return false
    return compared.some(({ kind, name }) => {
      const tool = kind === 'tool' ? this.#elements.get(kind)?.get(name) : undefined
      return tool !== undefined && isYoungBeside(tool, other, at) && this.alwaysAsked(name, host.name)
    })
  }

  #boundOf(measure: VolumeMeasure): number | undefined {
    if (this.#bounds.has(measure)) return this.#bounds.get(measure)
    const spread = spreadOf(this.#all.get(measure) ?? new Map())
    const bound = spread === undefined || spread.count < LEAST_EXECUTIONS ? undefined : BOUND_FACTOR * spread.p99
    this.#bounds.set(measure, bound)
    return bound
  }
}
