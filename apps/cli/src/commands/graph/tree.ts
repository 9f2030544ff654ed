import type { ExecutionGraphWire, GraphRow } from '@holdfast/api'
import { counted, EDGE_BASES, formatRfc3339, isProven, parseUnixNanoText, type EdgeBasis } from '@holdfast/model'
import { TREE_LEVELS } from '../../limits.ts'
import type { Column } from '../../render/table.ts'

/** A row of the tree with how it is joined to what caused it. */
export type TreeRow = GraphRow & {
  /** Strongest basis of the joins that lead to it; undefined for what nothing leads to. */
  readonly basis: EdgeBasis | undefined
  /** Labels of the steps that lead to it by inference alone. */
  readonly inferredFrom: readonly string[]
}

/** The heading of what no act leads to, with its counts: `seen by the kernel, not joined to any prompt: 2 process, 1 file`. */
export function unjoinedText(unjoined: ExecutionGraphWire['unjoined']): string {
  const counts = unjoined.map(({ kind, nodes, events }) => `${nodes} ${kind} (${counted(events, 'event')})`)
  return `seen by the kernel, not joined to any prompt: ${counts.join(', ')}`
}

type Incoming = { basis: EdgeBasis | undefined; readonly inferredFrom: string[] }

/** Adds to every row the basis of the joins that lead to it. */
export function joinRows(graph: ExecutionGraphWire, rows: readonly GraphRow[]): readonly TreeRow[] {
  const labels = new Map(graph.nodes.map((node) => [node.id, node.label]))
  const incoming = new Map<string, Incoming>()
  for (const edge of graph.edges) {
    const known = incoming.get(edge.to) ?? { basis: undefined, inferredFrom: [] }
    if (known.basis === undefined || EDGE_BASES.indexOf(edge.basis) < EDGE_BASES.indexOf(known.basis)) {
      known.basis = edge.basis
    }
    if (!isProven(edge.basis)) known.inferredFrom.push(`${edge.basis} ${labels.get(edge.from) ?? edge.from}`)
    incoming.set(edge.to, known)
  }
  return rows.map((row) => {
    const joined = incoming.get(row.id)
    return { ...row, basis: joined?.basis, inferredFrom: joined?.inferredFrom ?? [] }
  })
}

/** Columns of the tree. Only people read the indented first one; data formats get the bare label. */
export const treeColumns: readonly Column<TreeRow>[] = [
  { title: 'LANE', value: (row) => row.lane },
  {
    title: 'STEP',
    value: (row) => row.label,
    show: stepText,
    widest: 100,
    paint: (row, text, paint) => (row.status === 'error' ? paint.bad(text) : row.trigger ? paint.bold(text) : text),
  },
  { title: 'KIND', value: (row) => row.kind },
  {
    title: 'BASIS',
    value: (row) => row.basis,
    show: (row) => (row.basis === undefined ? '-' : isProven(row.basis) ? row.basis : `${row.basis}?`),
    paint: (row, text, paint) => (row.basis === undefined || isProven(row.basis) ? text : paint.warn(text)),
  },
  { title: 'STATE', value: (row) => row.contents.join(' '), show: (row) => row.contents.join(' ') || '-' },
  { title: 'BYTES', value: (row) => row.bytes, align: 'right' },
  { title: 'INFERRED FROM', value: (row) => row.inferredFrom.join('; '), isWide: true },
  { title: 'TIME (UTC)', value: (row) => timeText(row.claimedAt), isWide: true },
  { title: 'STATUS', value: (row) => row.status, isWide: true },
  { title: 'TIER', value: (row) => row.tier, isWide: true },
  { title: 'AGENT', value: (row) => row.agent, isWide: true },
  { title: 'NODE', value: (row) => row.id, isWide: true },
]

/** The label, indented by its depth; past a bound the depth is said in figures, so that the label stays in sight. */
function stepText(row: TreeRow): string {
  const indent = row.depth <= TREE_LEVELS ? '  '.repeat(row.depth) : `${'  '.repeat(TREE_LEVELS)}[${row.depth}] `
  const mark = row.trigger ? '▶ ' : row.depth > 0 ? '└ ' : ''
  return `${indent}${mark}${row.label}${row.status === 'error' ? ' (failed)' : ''}`
}

function timeText(nanos: string): string {
  const time = parseUnixNanoText(nanos)
  return time === undefined ? nanos : formatRfc3339(time)
}
