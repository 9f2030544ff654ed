import { MAX_CLIMB } from '../limits.ts'
import type { Draft } from './draft.ts'
import { resolve } from './draft.ts'
import type { PartBuild } from './part.ts'
import type { Span } from './span.ts'
import { isActing, mainOf } from './span.ts'

/** Edges that the tree of spans proves: what ran inside what, what a step sent out, what it brought into a call. */
export function addSpanEdges(build: PartBuild): void {
  for (const span of build.spans) {
    const main = mainOf(span)
    if (main === undefined) continue
    const above = span.above === undefined ? undefined : mainOf(span.above)
    for (const draft of new Set(span.drafts.map(resolve))) {
      // Things of one kind with no act between them (documents of one retrieval) stand side by side.
      if (draft === main || draft.kind === main.kind) place(build, span, above, draft)
      else if (draft.kind === 'delegation' && span.received.has(draft)) {
        build.edges.push({ from: draft.id, to: main.id, kind: 'delegated', basis: 'call-id' })
      } else placeInside(build, main, draft)
    }
  }
}

function place(build: PartBuild, span: Span, above: Draft | undefined, draft: Draft): void {
  if (above === undefined || draft.kind === 'tool-definition' || isAbove(span, draft)) return
  const kind =
    draft.kind === 'connection' ? 'connected' : draft.kind === 'egress' && isActing(above.kind) ? 'sent' : 'contains'
  build.edges.push({ from: above.id, to: draft.id, kind, basis: 'trace' })
  if (draft.kind !== 'egress' || isActing(above.kind)) return
  const act = actAbove(span)
  if (act !== undefined) build.edges.push({ from: act.id, to: draft.id, kind: 'sent', basis: 'trace' })
}

function placeInside(build: PartBuild, main: Draft, draft: Draft): void {
  const [from, to] = [main.id, draft.id]
  const isInput = draft.kind === 'document' || draft.kind === 'tool-definition' || isRead(draft)
  if (main.kind === 'model-call' && isInput) {
    build.edges.push({ from: to, to: from, kind: 'entered', basis: 'trace' })
  } else if (draft.kind === 'egress' && isActing(main.kind)) {
    build.edges.push({ from, to, kind: 'sent', basis: 'trace' })
  } else if (draft.kind === 'connection') {
    build.edges.push({ from, to, kind: 'connected', basis: 'trace' })
  } else if (main.kind === 'tool' && draft.kind === 'document') {
    build.edges.push({ from, to, kind: 'returned', basis: 'trace' })
  } else if (draft.kind !== 'tool-definition' || main.kind === 'step' || main.kind === 'agent') {
    build.edges.push({ from, to, kind: 'contains', basis: 'trace' })
  }
}

function isRead(draft: Draft): boolean {
  return draft.kind === 'memory' && draft.name === 'read'
}

/** True where the node already stands for a span above: a second observation of one act does not contain the first. */
export function isAbove(span: Span, draft: Draft): boolean {
  if (!draft.isRepeated) return false
  let at = span.above
  for (let hops = 0; at !== undefined && hops < MAX_CLIMB; hops++) {
    if (mainOf(at) === draft) return true
    at = at.above
  }
  return false
}

function actAbove(span: Span): Draft | undefined {
  let at = span.above
  for (let hops = 0; at !== undefined && hops < MAX_CLIMB; hops++) {
    const main = mainOf(at)
    if (main !== undefined && isActing(main.kind)) return main
    at = at.above
  }
  return undefined
}
