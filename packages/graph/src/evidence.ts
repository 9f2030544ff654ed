import {
  counted,
  type Artifact,
  type ArtifactId,
  type EventSummary,
  type EvidenceStatus,
  type ExecutionGraph,
} from '@holdfast/model'

import type { ErasureOf } from './erased-items.ts'
import { erasedItems } from './erased-items.ts'
import type { Item } from './evidence-view.ts'
import { EvidenceView } from './evidence-view.ts'
import { deliveries, identities, modelOutputs, promptHistory, retrievedContext, toolCalls } from './evidence-items.ts'
import { MAX_MISSING } from './limits.ts'

/**
 * The six forensic artifacts of a conversation, with completeness by the chain formula: the mean value of what the
 * graph says must exist, suppressed items left out, and the least artifact for the whole. Pure; `events` are those that
 * the graph was derived from.
 */
export function evidenceStatus(
  conversation: string,
  events: readonly EventSummary[],
  graph: ExecutionGraph,
  erasureOf: ErasureOf = () => undefined,
): EvidenceStatus {
  const view = new EvidenceView(events, graph)
  const erased = erasedItems(events, erasureOf)
  const artifacts = ARTIFACTS.map(({ id, name, items, nothing }) =>
    artifactOf({ id, name, nothing, erased, view }, [...erased, ...items(view)]),
  )
  const measured = artifacts.flatMap(({ completeness }) => (completeness === undefined ? [] : [completeness]))
  return { conversation, artifacts, completeness: measured.length === 0 ? 0 : Math.min(...measured) }
}

type Kind = { readonly id: ArtifactId; readonly name: string; readonly nothing: string }
type Measured = Kind & { readonly erased: readonly Item[]; readonly view: EvidenceView }

const ARTIFACTS: readonly (Kind & { readonly items: (view: EvidenceView) => readonly Item[] })[] = [
  { id: 'A1', name: 'Prompt history', items: promptHistory, nothing: 'no model call was seen' },
  {
    id: 'A2',
    name: 'Retrieved context',
    items: retrievedContext,
    nothing: 'no retrieval, resource, memory read or tool description was seen',
  },
  { id: 'A3', name: 'Tool calls', items: toolCalls, nothing: 'no model call asked for a tool, and none ran' },
  { id: 'A4', name: 'Identity trail', items: identities, nothing: 'no step that acts as someone was seen' },
  {
    id: 'A5',
    name: 'Downstream agents',
    items: deliveries,
    nothing: 'no model call asked for another agent, and none was given work',
  },
  { id: 'A6', name: 'Model output', items: modelOutputs, nothing: 'no model call was seen' },
]

function artifactOf({ id, name, nothing, erased, view }: Measured, items: readonly Item[]): Artifact {
  const counted = items.filter((item) => item.state !== 'suppressed')
  const suppressed = items.length - counted.length
  const sum = counted.reduce((total, item) => total + item.value, 0)
  const completeness = counted.length === 0 ? undefined : sum / counted.length
  const present = counted.filter((item) => item.value > 0)
  const missing = items.filter((item) => item.value < 1)
  const times = present.flatMap((item) => item.at ?? []).toSorted(byNumber)
  const [first, last] = [times[0], times.at(-1)]
  const lastEntry = present.reduce((newest, item) => Math.max(newest, view.newestEntry(item) ?? -1), -1)
  return {
    id,
    name,
    state: stateOf(completeness),
    count: present.length,
    expected: counted.length,
    bytes: items.reduce((total, item) => total + item.bytes, 0),
    ...(first === undefined ? {} : { first: first.toString() }),
    ...(last === undefined ? {} : { last: last.toString() }),
    ...(lastEntry < 0 ? {} : { lastEntry }),
    ...(completeness === undefined ? {} : { completeness }),
    reason: reasonOf({
      completeness,
      suppressed,
      nothing,
      erased,
      missing: missing.length - suppressed,
      expected: counted.length,
    }),
    missing: byCauseFirst(missing)
      .slice(0, MAX_MISSING)
      .map(({ item, kind, state, reason, remedy }) => ({ item, kind, state, reason, remedy })),
    missingTotal: missing.length,
  }
}

function stateOf(completeness: number | undefined): Artifact['state'] {
  if (completeness === undefined) return 'not-expected'
  return completeness === 1 ? 'complete' : completeness === 0 ? 'missing' : 'partial'
}

type Counts = {
  readonly completeness: number | undefined
  readonly suppressed: number
  readonly missing: number
  readonly expected: number
  readonly nothing: string
  readonly erased: readonly Item[]
}

function reasonOf({ completeness, suppressed, missing, expected, nothing, erased }: Counts): string {
  const [gone] = erased
  if (gone !== undefined && erased.length === expected)
    return `erased: of all ${counted(expected, 'record')}, ${gone.reason}`
  const left = suppressed === 0 ? '' : `${suppressed} suppressed by rule`
  if (completeness === undefined) return left === '' ? nothing : `all that is expected is suppressed: ${left}`
  const found =
    completeness === 1
      ? `all ${expected} expected items are there`
      : `${missing} of ${expected} expected items fall short`
  const lost = erased.length === 0 ? '' : `${erased.length} of them records that were erased`
  return [found, lost, left].filter((part) => part !== '').join('; ')
}

/** One item per distinct cause, in the order of the items, then the others: a list of 100 must not hide a cause. */
function byCauseFirst(items: readonly Item[]): readonly Item[] {
  const seen = new Set<string>()
  const firsts: Item[] = []
  const others: Item[] = []
  for (const item of items) {
    const cause = JSON.stringify([item.kind, item.state, item.reason, item.remedy])
    if (seen.has(cause)) others.push(item)
    else firsts.push(item)
    seen.add(cause)
  }
  return [...firsts, ...others]
}

function byNumber(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
