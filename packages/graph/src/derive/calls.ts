import type { EdgeBasis } from '@holdfast/model'

import { MAX_CLIMB } from '../limits.ts'
import type { Draft } from './draft.ts'
import { byOwnClock, resolve } from './draft.ts'
import type { PartBuild } from './part.ts'
import type { Span } from './span.ts'
import { mainOf } from './span.ts'
import { isAbove } from './span-edges.ts'
import { groupBy } from './tools.ts'

/**
 * Joins tool calls to the model calls that asked for them where no call id does, weakest means last, and notes what
 * the conversation needs to join results to the calls that read them.
 */
export function addCallEdges(build: PartBuild): void {
  const tools = toolSpans(build)
  const requested = new Set<Draft>()
  for (const edge of build.edges) {
    if (edge.kind !== 'requested') continue
    const tool = build.drafts.get(edge.to)
    if (tool !== undefined) requested.add(resolve(tool))
  }
  matchByArguments(build, [...tools.keys()], requested)
  matchByScope(build, tools, requested)
  noteOutflows(build)
}

/** Every tool call that ran, with the first span that told of it. */
function toolSpans(build: PartBuild): Map<Draft, Span> {
  const found = new Map<Draft, Span>()
  const own = new Set<Draft>()
  for (const span of build.spans) {
    for (const draft of span.drafts) {
      const tool = resolve(draft)
      if (tool.kind !== 'tool' || isAbove(span, tool)) continue
      // The tool's own outermost span has the model calls of the loop beside it; a log record may lie elsewhere.
      const isOwn = mainOf(span) === tool
      if (isOwn ? !own.has(tool) : !found.has(tool)) found.set(tool, span)
      if (isOwn) own.add(tool)
    }
  }
  return found
}

/** Requests and calls without ids: equal tool and arguments, or the only request and the only call of a tool. */
function matchByArguments(build: PartBuild, tools: readonly Draft[], requested: Set<Draft>): void {
  const requests = [...build.drafts.values()].filter((draft) => draft.isRequest && draft.callId === undefined)
  if (requests.length === 0) return
  const open = tools.filter((tool) => !requested.has(tool))
  const taken = new Set<Draft>()
  const pair = (keysOf: (draft: Draft) => readonly string[], basis: 'content' | 'exclusive'): void => {
    const asked = groupBy(
      requests.filter((request) => !taken.has(request)),
      keysOf,
    )
    const ran = groupBy(
      open.filter((tool) => !requested.has(tool)),
      keysOf,
    )
    for (const [key, froms] of asked) {
      const [from, ...others] = froms
      const [to, ...rest] = ran.get(key) ?? []
      if (from === undefined || to === undefined || others.length + rest.length > 0) continue
      if (taken.has(from) || requested.has(to)) continue
      build.edges.push({ from: from.id, to: to.id, kind: 'requested', basis })
      taken.add(from)
      requested.add(to)
    }
  }
  const texts = (draft: Draft) => (draft.kind === 'tool' ? draft.given : draft.got)?.texts ?? []
  pair((draft) => texts(draft).map((text) => `${draft.teller}\n${draft.name}\n${text.digest}`), 'content')
  pair((draft) => [`${draft.teller}\n${draft.name}`], 'exclusive')
}

/**
 * Where content is off, a tool loop still shows as siblings: one model call beside the tool call asked for it
 * (`exclusive`); of several, the last before it by the clock that they share (`temporal`, never enough for a verdict).
 */
function matchByScope(build: PartBuild, tools: ReadonlyMap<Draft, Span>, requested: ReadonlySet<Draft>): void {
  const scopes = new Map<Span | undefined, Set<Draft>>()
  for (const span of build.spans) {
    if (span.call === undefined || span.id === undefined) continue
    const scope = scopes.get(span.above) ?? new Set()
    scopes.set(span.above, scope.add(resolve(span.call)))
  }
  const clocks = new Map<Span | undefined, { calls: readonly Draft[]; source: string | undefined }>()
  for (const [scope, calls] of scopes) {
    const sources = new Set([...calls].map((call) => call.source))
    const [source] = sources
    clocks.set(scope, { calls: [...calls].toSorted(byOwnClock), source: sources.size === 1 ? source : undefined })
  }
  for (const [tool, span] of tools) {
    // Some frameworks run the tool inside the span of the call that asked for it: then the trace has joined them.
    const around = span.above === undefined ? undefined : mainOf(span.above)
    const isInside = around?.kind === 'model-call'
    if (isInside && !requested.has(tool)) addRequest(build, around, tool, 'trace')
    const scope = clocks.get(isInside ? span.above?.above : span.above)
    if (scope === undefined || span.id === undefined) continue
    const { calls, source } = scope
    const [only] = calls
    if (!requested.has(tool) && !isInside) {
      const before = source === tool.source ? lastBefore(calls, tool.ownAt) : undefined
      const isAlone = only !== undefined && calls.length === 1 && span.above !== undefined
      if (isAlone && !readsResult(build, only, tool)) addRequest(build, only, tool, 'exclusive')
      else if (before !== undefined && !readsResult(build, before, tool)) addRequest(build, before, tool, 'temporal')
    }
    if (source !== tool.source) continue
    const after = firstAfter(calls, tool.ownUntil ?? tool.ownAt)
    if (after !== undefined) build.followers.push({ tool: tool.id, call: after.id, basis: 'temporal' })
  }
}

/** A call that had the result in its context did not ask for it. */
function readsResult(build: PartBuild, call: Draft, tool: Draft): boolean {
  const digests = new Set(tool.got?.texts.map((text) => text.digest))
  return (build.calls.get(call.id)?.prompts ?? []).some(
    ({ draft }) =>
      (draft.callId !== undefined && draft.callId === tool.callId) ||
      (draft.name === 'tool' && draft.got?.texts.some((text) => digests.has(text.digest)) === true),
  )
}

function addRequest(build: PartBuild, call: Draft, tool: Draft, basis: EdgeBasis): void {
  const outputs = outputsOf(build, call)
  const [only] = outputs
  const from = only !== undefined && outputs.length === 1 ? only.id : call.id
  build.edges.push({ from, to: tool.id, kind: 'requested', basis })
}

function outputsOf(build: PartBuild, call: Draft): readonly Draft[] {
  return [...new Set(build.calls.get(call.id)?.outputs.map(({ draft }) => draft))]
}

/** Calls sorted by claim; the last that began by `time`. */
function lastBefore(calls: readonly Draft[], time: bigint): Draft | undefined {
  let low = 0
  let high = calls.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const call = calls[middle]
    if (call !== undefined && call.ownAt <= time) low = middle + 1
    else high = middle
  }
  return calls[low - 1]
}

function firstAfter(calls: readonly Draft[], time: bigint): Draft | undefined {
  let low = 0
  let high = calls.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const call = calls[middle]
    if (call !== undefined && call.ownAt < time) low = middle + 1
    else high = middle
  }
  return calls[low]
}

/**
 * What ran inside a tool call came back with its result: documents and memories that it read, and the last words of an
 * agent that it called. Without this a poisoned document behind a tool would not be among the causes of the next step.
 */
function noteOutflows(build: PartBuild): void {
  const finals = new Map<Draft, Draft[]>()
  for (const span of build.spans) {
    const tool = toolAround(span)
    if (tool === undefined) continue
    for (const draft of new Set(span.drafts.map(resolve))) {
      const isSource = draft.kind === 'document' || (draft.kind === 'memory' && draft.name === 'read')
      if (isSource) build.outflows.push({ tool: tool.id, from: draft.id, basis: 'trace' })
    }
    if (span.call === undefined) continue
    const outputs = outputsOf(build, span.call)
    // An output beside a tool request is a thought on the way, not an answer.
    if (outputs.some((output) => output.isRequest)) continue
    const known = finals.get(tool) ?? []
    known.push(...outputs)
    finals.set(tool, known)
  }
  for (const [tool, outputs] of finals) {
    const basis = outputs.length === 1 ? 'trace' : 'exclusive'
    for (const output of outputs) build.outflows.push({ tool: tool.id, from: output.id, basis })
  }
}

/** The nearest tool call around a span, through any nesting of agents and model calls. */
function toolAround(span: Span): Draft | undefined {
  let at: Span | undefined = span.drafts.some((draft) => draft.kind === 'tool') ? span : span.above
  for (let hops = 0; at !== undefined && hops < MAX_CLIMB; hops++) {
    const main = mainOf(at)
    if (main?.kind === 'tool') return main
    at = at.above
  }
  return undefined
}
