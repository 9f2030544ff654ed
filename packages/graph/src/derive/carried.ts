import { MAX_CAUSALITY_STEPS, MAX_EDGE_VALUES, MAX_VALUE_SINKS, MAX_VALUE_SOURCES } from '../limits.ts'
import { valueFingerprints } from '../values.ts'
import type { Draft } from './draft.ts'
import type { Facet } from './facet.ts'
import type { Adjacency } from './graph-index.ts'
import { adjacency, packEdges } from './graph-index.ts'
import type { Conversation } from './join.ts'
import { causalRanks } from './rank.ts'

/**
 * Joins by value: an address or id that came in with a message, document, memory or tool result and left in tool
 * arguments, a request, a memory or a payload. The value must have few sources, and what left may not be a cause of what
 * came in. Runs after all other joins, because causality is theirs; reads no clock.
 */
export function carryValues(joined: Conversation): void {
  const drafts = [...joined.drafts.values()]
  const sinks = new Map<string, number[]>()
  for (const [at, draft] of drafts.entries()) for (const value of leaving(draft)) add(sinks, value, at)
  const takers = new Map<string, number[]>()
  for (const [at, draft] of drafts.entries()) for (const value of quoting(draft)) add(takers, value, at)
  if (sinks.size === 0 && takers.size === 0) return

  const order = new Causality(joined, drafts)
  const found = new Map<string, { from: Draft; to: Draft; values: string[] }>()
  const link = (value: string, from: number, targets: readonly number[]): void => {
    if (targets.length > MAX_VALUE_SINKS) return
    for (const to of targets) {
      const [source, target] = [drafts[from], drafts[to]]
      if (source === undefined || target === undefined || from === to || !order.mayPrecede(from, to)) continue
      const key = `${source.id}\n${target.id}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { from: source, to: target, values: [value] })
      else known.values.push(value)
    }
  }
  for (const [value, all] of sourcesOf(drafts, sinks, takers)) {
    const holders = new Set(all)
    const origins: number[] = []
    for (const at of all) {
      if (!order.isCopy(at, value, holders)) origins.push(at)
      if (origins.length > MAX_VALUE_SOURCES) break
    }
    if (origins.length > MAX_VALUE_SOURCES) continue
    for (const at of origins) {
      link(value, at, sinks.get(value) ?? [])
      const kind = drafts[at]?.kind
      if (kind === 'document' || kind === 'memory') link(value, at, takers.get(value) ?? [])
    }
  }
  for (const { from, to, values } of found.values()) {
    const shown = values.toSorted().slice(0, MAX_EDGE_VALUES)
    joined.edges.push({ from: from.id, to: to.id, kind: 'carried', basis: 'content', values: shown })
  }
}

/** Values that leave the context in this node. */
function leaving(draft: Draft): Iterable<string> {
  switch (draft.kind) {
    case 'tool':
    case 'delegation':
    case 'api-call':
      return valuesIn(draft.given)
    case 'memory':
      return draft.name === 'read' ? [] : valuesIn(draft.given)
    case 'egress':
      return valueFingerprints(draft.name)
    case 'agent':
    case 'document':
    case 'guardrail':
    case 'identity':
    case 'message':
    case 'model-call':
    case 'model-output':
    case 'process':
    case 'file':
    case 'connection':
    case 'kernel-act':
    case 'step':
    case 'tool-definition':
      return []
  }
}

/** Values of a message that may quote a document which reached the prompt without a span of its own. */
function quoting(draft: Draft): Iterable<string> {
  return draft.kind === 'message' && draft.name !== 'assistant' ? valuesIn(draft.got) : []
}

/** Values that came in with this node. What the model said itself is no source: it would launder every value. */
function entering(draft: Draft): Iterable<string> {
  switch (draft.kind) {
    case 'message':
      return quoting(draft)
    case 'document':
      return valuesIn(draft.got)
    case 'memory':
      return draft.name === 'read' ? valuesIn(draft.got) : []
    case 'tool': {
      // A result that repeats the call's own arguments is an acknowledgement.
      const own = new Set(valuesIn(draft.given))
      return valuesIn(draft.got).filter((value) => !own.has(value))
    }
    case 'agent':
    case 'delegation':
    case 'egress':
    case 'api-call':
    case 'guardrail':
    case 'identity':
    case 'model-call':
    case 'model-output':
    case 'process':
    case 'file':
    case 'connection':
    case 'kernel-act':
    case 'step':
    case 'tool-definition':
      return []
  }
}

function valuesIn(facet: Facet | undefined): readonly string[] {
  if (facet === undefined) return []
  const [only, ...others] = facet.texts
  if (only === undefined || others.length === 0) return only?.values ?? []
  return [...new Set(facet.texts.flatMap((text) => text.values))]
}

/** Sources of the values that leave, or that a message may quote from a document; others need no entry. */
function sourcesOf(
  drafts: readonly Draft[],
  sinks: ReadonlyMap<string, readonly number[]>,
  takers: ReadonlyMap<string, readonly number[]>,
): Map<string, number[]> {
  const sources = new Map<string, number[]>()
  for (const [at, draft] of drafts.entries()) {
    const isRetrieved = draft.kind === 'document' || draft.kind === 'memory'
    for (const value of entering(draft)) {
      if (sinks.has(value) || (isRetrieved && takers.has(value))) add(sources, value, at)
    }
  }
  return sources
}

function add(map: Map<string, number[]>, value: string, at: number): void {
  const known = map.get(value)
  if (known === undefined) map.set(value, [at])
  else if (known.at(-1) !== at) known.push(at)
}

/** What the proven joins say of before and after. */
class Causality {
  readonly #drafts: readonly Draft[]
  readonly #into: Adjacency
  readonly #ranks: Int32Array
  readonly #causes = new Map<number, ReadonlySet<number>>()
  #steps = 0

  constructor(joined: Conversation, drafts: readonly Draft[]) {
    this.#drafts = drafts
    const indexOf = new Map(drafts.map((draft, at) => [draft.id, at]))
    const packed = packEdges(joined.edges, indexOf)
    this.#ranks = causalRanks(drafts.length, adjacency(drafts.length, packed, 'out'))
    this.#into = adjacency(drafts.length, packed, 'in')
  }

  /** False where `to` is among the causes of `from`. */
  mayPrecede(from: number, to: number): boolean {
    if ((this.#ranks[from] ?? 0) < (this.#ranks[to] ?? 0)) return true
    // Of two nodes that nothing orders, the one that brought the value in comes first. Proving that nothing orders them
    // takes a walk over all causes, so it is bounded, and past the bound only the ranks speak.
    return this.#causesOf(from)?.has(to) === false
  }

  /** True where the value came from another of its holders: a result that a message repeats, a payload handed on. */
  isCopy(at: number, value: string, holders: ReadonlySet<number>): boolean {
    for (let slot = this.#into.starts[at] ?? 0; slot < (this.#into.starts[at + 1] ?? 0); slot++) {
      const from = this.#into.ends[slot] ?? 0
      const draft = this.#drafts[from]
      if (draft === undefined || draft.kind === 'message' || draft.kind === 'agent' || draft.kind === 'step') continue
      if (holders.has(from)) return true
      for (const held of leaving(draft)) if (held === value) return true
    }
    return false
  }

  #causesOf(node: number): ReadonlySet<number> | undefined {
    const known = this.#causes.get(node)
    if (known !== undefined) return known
    if (this.#steps > MAX_CAUSALITY_STEPS) return undefined
    const causes = new Set<number>()
    const stack = [node]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (let slot = this.#into.starts[at] ?? 0; slot < (this.#into.starts[at + 1] ?? 0); slot++) {
        this.#steps++
        const from = this.#into.ends[slot] ?? 0
        if (causes.has(from)) continue
        causes.add(from)
        stack.push(from)
      }
    }
    this.#causes.set(node, causes)
    return causes
  }
}
