import type { ExecutionGraph, GraphNode, NodeKind, UnixNano } from '@holdfast/model'

import { MAX_SCOPE_NAMES, MAX_SCOPE_NODES } from '../limits.ts'
import { forwardClosure, joinGraphs } from './closure.ts'
import type { Crossing, NodeAt } from './closure.ts'

/** What is known of the data that stood in a node; asked of the inventory, which knows tables, corpora and their classes. */
export type DataFacts = {
  /** Undefined where nothing is known, which is not the same as no data. */
  readonly of: (node: GraphNode) => { readonly records?: number; readonly classes: readonly string[] } | undefined
}

/** What an identity or a tool could reach at that time; asked of what was granted, not of what was used. */
export type Authority = {
  readonly reachOf: (holder: Holder) => CouldReach | undefined
}

export type Holder = { readonly kind: 'identity' | 'tool'; readonly name: string }

export type CouldReach = {
  readonly systems: readonly string[]
  readonly sources: readonly string[]
  readonly classes: readonly string[]
  /** Identities that it may become; they are followed in turn. */
  readonly identities: readonly string[]
  readonly records?: number
}

export type BlastQuestion = {
  /** Each conversation of the incident, and those that it may have crossed into. */
  readonly graphs: readonly ExecutionGraph[]
  /** What went from a node of one conversation to a node of another: hand-overs, shared memory. */
  readonly crossings: readonly Crossing[]
  readonly patientZero: readonly NodeAt[]
  readonly window: { readonly from: UnixNano; readonly until: UnixNano }
  readonly facts: DataFacts
  readonly authority: Authority
}

/** Names in order, and how many there are in all. */
export type Names = { readonly names: readonly string[]; readonly total: number }

/** Records that are counted, and how many places of data have no count: together they are a least, never a total. */
export type Records = { readonly known: number; readonly uncounted: number }

export type Extent = {
  readonly records: Records
  readonly classes: Names
  readonly systems: Names
  readonly identities: Names
  readonly prompts: Names
  readonly sources: Names
  readonly tools: Names
  readonly agents: Names
}

/** Formula 6.8: what the poison touched, and what it could have. */
export type BlastRadius = {
  readonly touched: Extent
  readonly reachable: Extent
  /** Touched nodes by conversation and id, in the order of the graphs. */
  readonly nodes: readonly NodeAt[]
  /** Holders of which nobody knows what they could reach. */
  readonly unresolved: Names
  /** Nodes past the bound; the rest of the answer is then a least. */
  readonly cut: number
}

/** Follows everything that came after patient zero, inside the window. Time grows with nodes and edges. */
export function blastRadius(question: BlastQuestion): BlastRadius {
  const joined = joinGraphs(question.graphs, question.crossings)
  const { from, until } = question.window
  const inWindow = (at: number): boolean => {
    const node = joined.nodes[at]
    // Decimal nanoseconds of the graph's own making.
    const claimed = BigInt(node?.claimedAt ?? '0')
    return claimed >= from && claimed <= until
  }
  const starts = question.patientZero.flatMap((place) => joined.indexOf(place) ?? [])
  const { reached, cut } = forwardClosure(joined, { starts, isOpen: inWindow, limit: MAX_SCOPE_NODES })
  const touched = new Collected()
  for (const at of reached) {
    const node = joined.nodes[at]
    if (node !== undefined) touched.add(node, question.facts)
  }
  const reachable = touched.copy()
  const unresolved = reachable.extend(question.authority)
  return {
    touched: touched.extent(),
    reachable: reachable.extent(),
    nodes: reached.map((at) => joined.placeOf(at)),
    unresolved: namesOf(unresolved),
    cut,
  }
}

const ALL_BUCKETS = ['classes', 'systems', 'identities', 'prompts', 'sources', 'tools', 'agents'] as const

type Bucket = (typeof ALL_BUCKETS)[number]

function emptyBuckets(): Readonly<Record<Bucket, Set<string>>> {
  return {
    classes: new Set(),
    systems: new Set(),
    identities: new Set(),
    prompts: new Set(),
    sources: new Set(),
    tools: new Set(),
    agents: new Set(),
  }
}

const BUCKETS: Partial<Readonly<Record<NodeKind, Bucket>>> = {
  message: 'prompts',
  document: 'sources',
  memory: 'sources',
  tool: 'tools',
  identity: 'identities',
  egress: 'systems',
  connection: 'systems',
  'api-call': 'systems',
}

/** Kinds that hold or carry data: one without a count makes every total a least. */
const DATA_KINDS: ReadonlySet<NodeKind> = new Set(['document', 'memory', 'tool', 'egress', 'api-call', 'file'])

class Collected {
  readonly #sets = emptyBuckets()
  #known = 0
  #uncounted = 0

  add(node: GraphNode, facts: DataFacts): void {
    this.#sets.agents.add(node.agent)
    const bucket = BUCKETS[node.kind]
    // Prompts have no name of their own: two with the same beginning are two.
    if (bucket !== undefined) this.#sets[bucket].add(bucket === 'prompts' ? node.id : node.label)
    const data = facts.of(node)
    for (const name of data?.classes ?? []) this.#sets.classes.add(name)
    if (data?.records !== undefined) this.#known += data.records
    else if (DATA_KINDS.has(node.kind)) this.#uncounted++
  }

  copy(): Collected {
    const copy = new Collected()
    for (const bucket of ALL_BUCKETS) for (const name of this.#sets[bucket]) copy.#sets[bucket].add(name)
    copy.#known = this.#known
    copy.#uncounted = this.#uncounted
    return copy
  }

  /** Adds what its identities and tools could reach, and what those could in turn. Gives the holders nobody knows. */
  extend(authority: Authority): ReadonlySet<string> {
    const unresolved = new Set<string>()
    const queue: Holder[] = [
      ...[...this.#sets.identities].map((name) => ({ kind: 'identity', name }) as const),
      ...[...this.#sets.tools].map((name) => ({ kind: 'tool', name }) as const),
    ]
    for (let at = 0; at < queue.length; at++) {
      const holder = queue[at]
      if (holder === undefined) break
      const reach = authority.reachOf(holder)
      if (reach === undefined) {
        unresolved.add(`${holder.kind} ${holder.name}`)
        continue
      }
      for (const name of reach.systems) this.#sets.systems.add(name)
      for (const name of reach.sources) this.#sets.sources.add(name)
      for (const name of reach.classes) this.#sets.classes.add(name)
      for (const name of reach.identities) {
        if (this.#sets.identities.has(name)) continue
        this.#sets.identities.add(name)
        if (queue.length < MAX_SCOPE_NAMES) queue.push({ kind: 'identity', name })
        else unresolved.add(`identity ${name}`)
      }
      if (reach.records === undefined) this.#uncounted++
      else this.#known += reach.records
    }
    return unresolved
  }

  extent(): Extent {
    const { classes, systems, identities, prompts, sources, tools, agents } = this.#sets
    return {
      records: { known: this.#known, uncounted: this.#uncounted },
      classes: namesOf(classes),
      systems: namesOf(systems),
      identities: namesOf(identities),
      prompts: namesOf(prompts),
      sources: namesOf(sources),
      tools: namesOf(tools),
      agents: namesOf(agents),
    }
  }
}

function namesOf(set: ReadonlySet<string>): Names {
  return { names: [...set].toSorted().slice(0, MAX_SCOPE_NAMES), total: set.size }
}
