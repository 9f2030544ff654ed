import type { ExecutionGraph, GraphNode, NodeKind, UnixNano } from '@holdfast/model'

import { MAX_SCOPE_NAMES, MAX_SCOPE_NODES } from '../limits.ts'
import { forwardClosure, joinGraphs } from './closure.ts'
import type { Crossing, NodeAt } from './closure.ts'

/** What is known of the data that stood in a node; asked of the inventory, which knows tables, corpora and their classes. */
export type DataFacts = {
  /** Undefined where nothing is known, which is not the same as no data. */
  readonly of: (node: GraphNode) => NodeData | undefined
}

export type NodeData = {
  readonly records?: number
  readonly classes: readonly string[]
  /**
   * Where the records lie: a table, a corpus. Those of one source that were reached in two ways are counted once among what is
   * reachable. Absent: the node's own name.
   */
  readonly source?: string
  /** It passed records on that are counted where they were read. */
  readonly isCopy?: true
}

/** What an identity or a tool could reach at that time; asked of what was granted, not of what was used. */
export type Authority = {
  readonly reachOf: (holder: Holder) => CouldReach | undefined
}

export type Holder = { readonly kind: 'identity' | 'tool'; readonly name: string }

export type CouldReach = {
  readonly systems: readonly string[]
  /** Absent `records`: nobody counted them. */
  readonly sources: readonly { readonly name: string; readonly records?: number }[]
  readonly classes: readonly string[]
  /** Identities that it may become; they are followed in turn. */
  readonly identities: readonly string[]
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
  /** Agents to which a sweep found that nothing of it crossed: what they did is not followed. */
  readonly cleared?: ReadonlySet<string>
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
    if (node === undefined || question.cleared?.has(node.agent) === true) return false
    // Decimal nanoseconds of the graph's own making; of 0 nobody said when it was, and it may well have been then.
    const claimed = BigInt(node.claimedAt)
    // An identity that acted before goes on to act.
    return claimed === 0n || ((claimed >= from || node.kind === 'identity') && claimed <= until)
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

/** Records of one source: how many were counted, and whether some were not. */
type Counted = { known: number; uncounted: number }

class Collected {
  readonly #sets = emptyBuckets()
  readonly #records = new Map<string, Counted>()

  add(node: GraphNode, facts: DataFacts): void {
    this.#sets.agents.add(node.agent)
    const bucket = BUCKETS[node.kind]
    // Prompts have no name of their own: two with the same beginning are two.
    if (bucket !== undefined) this.#sets[bucket].add(bucket === 'prompts' ? node.id : node.label)
    const data = facts.of(node)
    for (const name of data?.classes ?? []) this.#sets.classes.add(name)
    if (data?.isCopy === true || (data?.records === undefined && !DATA_KINDS.has(node.kind))) return
    const counted = this.#of(data?.source ?? node.label)
    if (data?.records === undefined) counted.uncounted++
    else counted.known += data.records
  }

  #of(source: string): Counted {
    const known = this.#records.get(source) ?? { known: 0, uncounted: 0 }
    this.#records.set(source, known)
    return known
  }

  copy(): Collected {
    const copy = new Collected()
    for (const bucket of ALL_BUCKETS) for (const name of this.#sets[bucket]) copy.#sets[bucket].add(name)
    for (const [source, counted] of this.#records) copy.#records.set(source, { ...counted })
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
      for (const { name, records } of reach.sources) {
        this.#sets.sources.add(name)
        const counted = this.#of(name)
        // All of a source holds what was read of it: it is not counted beside it.
        if (records !== undefined) this.#records.set(name, { known: Math.max(counted.known, records), uncounted: 0 })
        else if (counted.uncounted === 0) counted.uncounted = 1
      }
      for (const name of reach.classes) this.#sets.classes.add(name)
      for (const name of reach.identities) {
        if (this.#sets.identities.has(name)) continue
        this.#sets.identities.add(name)
        if (queue.length < MAX_SCOPE_NAMES) queue.push({ kind: 'identity', name })
        else unresolved.add(`identity ${name}`)
      }
    }
    return unresolved
  }

  extent(): Extent {
    const { classes, systems, identities, prompts, sources, tools, agents } = this.#sets
    const records = { known: 0, uncounted: 0 }
    for (const { known, uncounted } of this.#records.values()) {
      records.known += known
      records.uncounted += uncounted
    }
    return {
      records,
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
