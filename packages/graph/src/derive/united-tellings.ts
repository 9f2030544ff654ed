import type { Contradiction } from '@holdfast/model'
import { outranks } from '@holdfast/model'

import type { Draft } from './draft.ts'
import { cut } from './label.ts'
import type { DraftEdge, PartGraph } from './part.ts'
import { isSameTool } from './tools.ts'

/** Parts in which what two tellers told of one model call has the same ids, and where the two contradict each other. */
export type UnitedTellings = {
  readonly parts: readonly PartGraph[]
  /** Second tellings, under the ids of the first, which they are to be added to. */
  readonly seconds: readonly Draft[]
  readonly contradictions: readonly Contradiction[]
}

/**
 * One model call that the agent tells of and that was seen at a boundary as well is one node, with what both have in common:
 * equal messages, answers and requests; so is a tool call that passed a proxy. The provider's response id, or a call id or
 * the trace context of the call, says that it is one, within one agent; no time is looked at. A response id that several claim at one tier, or that was seen several times, joins nothing.
 */
export function uniteTellings(parts: readonly PartGraph[]): UnitedTellings {
  const pairs = pairsOf(parts.flatMap(({ drafts }) => drafts))
  const tools = toolPairsOf(parts)
  if (pairs.length + tools.length === 0) return { parts, seconds: [], contradictions: [] }
  const around = surroundingsOf(parts)
  const names = new Map<string, string>()
  const contradictions: Contradiction[] = []
  for (const pair of pairs) {
    const { told, seen } = pair
    names.set(seen.id, told.id)
    const [own, other] = [around(told.id), around(seen.id)]
    pairUp(names, own.inputs, other.inputs)
    pairUp(names, own.outputs, other.outputs)
    pairUp(names, own.requested, other.requested)
    contradictions.push(...differing(pair, { told: own.outputs, seen: other.outputs }))
  }
  const firsts = new Set(names.values())
  for (const { told, seen } of tools) {
    if (names.has(told.id) || names.has(seen.id) || firsts.has(seen.id)) continue
    names.set(seen.id, told.id)
    firsts.add(told.id)
  }
  const seconds = parts.flatMap((part) =>
    part.drafts.flatMap((draft) => {
      const id = names.get(draft.id)
      return id === undefined ? [] : [{ ...draft, id }]
    }),
  )
  return { parts: parts.map((part) => renamed(part, names)), seconds, contradictions }
}

type Pair = { readonly told: Draft; readonly seen: Draft }

function pairsOf(drafts: readonly Draft[]): readonly Pair[] {
  const calls = drafts.filter(({ kind, responseId }) => kind === 'model-call' && (responseId ?? '') !== '')
  return [...Map.groupBy(calls, ({ agent, responseId }) => `${agent}\n${responseId}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]): readonly Pair[] => {
      const [a, b] = all
      if (a === undefined || b === undefined || all.length > 2 || a.tier === b.tier) return []
      return [outranks(a.tier, b.tier) ? { told: b, seen: a } : { told: a, seen: b }]
    })
}

/**
 * Tool calls that the agent tells of and that passed a proxy: by one call id, or because one call of that tool was seen in
 * the span of the told one. Several of either leave both where they stand.
 */
function toolPairsOf(parts: readonly PartGraph[]): readonly Pair[] {
  const tools = new Map(
    parts.flatMap((part) =>
      part.drafts.flatMap((draft) => (draft.kind === 'tool' ? [[draft.id, draft] as const] : [])),
    ),
  )
  // Most conversations have one teller of tools, and large ones are joined anew with every snapshot.
  if (new Set([...tools.values()].map(({ tier }) => tier)).size < 2) return []
  const nested = parts.flatMap(({ edges }) =>
    edges.flatMap(({ kind, from, to }): readonly Pair[] => {
      const told = tools.get(from)
      const seen = tools.get(to)
      if (kind !== 'contains' || told === undefined || seen === undefined) return []
      return told.agent === seen.agent && outranks(seen.tier, told.tier) && isSameTool(told.name, seen.name)
        ? [{ told, seen }]
        : []
    }),
  )
  const byId = Map.groupBy(
    [...tools.values()].filter(({ callId }) => callId !== undefined),
    ({ agent, callId, name }) => JSON.stringify([agent, callId, name]),
  )
  const named = [...byId.values()].flatMap((all): readonly Pair[] => {
    const [a, b] = all
    if (a === undefined || b === undefined || all.length > 2 || a.tier === b.tier) return []
    return [outranks(a.tier, b.tier) ? { told: b, seen: a } : { told: a, seen: b }]
  })
  // A call and its answer are two records, and each stands in the span of the told one.
  const children = Map.groupBy(nested, ({ told }) => told.id)
  const isOnly = ({ told, seen }: Pair): boolean => children.get(told.id)?.every((pair) => pair.seen === seen) === true
  return [...named, ...nested.filter(isOnly)].toSorted((a, b) => (a.seen.id < b.seen.id ? -1 : 1))
}

type Surroundings = {
  readonly inputs: readonly Draft[]
  readonly outputs: readonly Draft[]
  readonly requested: readonly Draft[]
}

function surroundingsOf(parts: readonly PartGraph[]): (call: string) => Surroundings {
  const drafts = new Map(parts.flatMap((part) => part.drafts.map((draft) => [draft.id, draft] as const)))
  const edges = parts.flatMap((part) => part.edges)
  const into = Map.groupBy(
    edges.filter(({ kind }) => kind === 'entered'),
    ({ to }) => to,
  )
  const outOf = Map.groupBy(
    edges.filter(({ kind, basis }) => kind === 'produced' || (kind === 'requested' && basis === 'call-id')),
    ({ from }) => from,
  )
  const ends = (found: readonly DraftEdge[] | undefined, end: 'from' | 'to'): readonly Draft[] =>
    (found ?? []).flatMap((edge) => drafts.get(edge[end]) ?? [])
  return (call) => {
    const outputs = ends(outOf.get(call), 'to')
    return {
      inputs: ends(into.get(call), 'from'),
      outputs,
      requested: outputs.flatMap(({ id }) => ends(outOf.get(id), 'to')),
    }
  }
}

/** What says the same in both; equal texts of two roles or two call ids are two things. */
function pairUp(names: Map<string, string>, own: readonly Draft[], others: readonly Draft[]): void {
  const known = new Map(own.flatMap((draft) => keysOf(draft).map((key) => [key, draft.id] as const)))
  for (const other of others) {
    const met = keysOf(other).flatMap((key) => known.get(key) ?? [])
    // The first pair in the order of the response ids stands: it does not depend on what arrived first.
    if (met[0] !== undefined && met[0] !== other.id && !names.has(other.id)) names.set(other.id, met[0])
  }
}

function keysOf({ kind, name, callId, got, isRequest }: Draft): readonly string[] {
  // A call id of the provider names the request and the call; how its arguments are written differs.
  if (callId !== undefined && (kind === 'tool' || isRequest)) return [JSON.stringify([kind, name, callId])]
  // One provider's newer models have the system message under another name, and agents tell it under the old one.
  const role = name === 'developer' ? 'system' : name
  return (got?.texts ?? []).map(({ digest }) => JSON.stringify([kind, role, callId ?? '', digest]))
}

/**
 * Both tell the one answer of the call whole, and tell another one. Where either left out, cut or masked something, or
 * tells several, there is nothing to compare.
 */
function differing(
  { told, seen }: Pair,
  outputs: { readonly told: readonly Draft[]; readonly seen: readonly Draft[] },
): readonly Contradiction[] {
  const [own, other] = [answerOf(outputs.told), answerOf(outputs.seen)]
  if (own === undefined || other === undefined || own.digest === other.digest) return []
  return [
    {
      kind: 'different-telling',
      claimed: [own.id],
      // The seen call stands in the node of the told one.
      seen: [other.id],
      detail: cut(`the agent tells another answer of ${told.label} than was seen of ${seen.label}`),
    },
  ]
}

function answerOf(outputs: readonly Draft[]): { readonly id: string; readonly digest: string } | undefined {
  const [only, ...others] = outputs
  if (only === undefined || others.length > 0 || only.isRequest) return undefined
  const [text, ...more] = only.got?.texts ?? []
  return text === undefined || more.length > 0 || text.state !== 'captured'
    ? undefined
    : { id: only.id, digest: text.digest }
}

/** The same part with the names of what is another's telling of it; that one's place in the tree of spans is kept. */
function renamed(part: PartGraph, names: ReadonlyMap<string, string>): PartGraph {
  const name = (id: string): string => names.get(id) ?? id
  return {
    ...part,
    drafts: part.drafts.filter(({ id }) => !names.has(id)),
    edges: part.edges.flatMap((edge) => {
      const [from, to] = [name(edge.from), name(edge.to)]
      const isSecondPlace = edge.kind === 'contains' && names.has(edge.to)
      return from === to || isSecondPlace ? [] : [{ ...edge, from, to }]
    }),
    spanNodes: part.spanNodes.map((claim) => ({ ...claim, held: name(claim.held) })),
    links: part.links.map((link) => ({ ...link, to: name(link.to) })),
    calls: part.calls.filter(({ call }) => !names.has(call)),
    outflows: part.outflows.map((flow) => ({ ...flow, tool: name(flow.tool), from: name(flow.from) })),
    followers: part.followers.map((next) => ({ ...next, tool: name(next.tool), call: name(next.call) })),
    claims: part.claims.map((claim) => ({ ...claim, tool: name(claim.tool) })),
  }
}
