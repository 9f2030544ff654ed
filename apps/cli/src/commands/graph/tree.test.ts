import type { ExecutionGraphWire, GraphRow } from '@holdfast/api'
import { expect, test } from 'vitest'
import { plain } from '../../render/colour.ts'
import { tableText } from '../../render/table.ts'
import { joinRows, treeColumns, unjoinedText } from './tree.ts'

function row(id: string, given: Partial<GraphRow>): GraphRow {
  return {
    id,
    kind: 'message',
    lane: 'input',
    label: id,
    agent: 'host:-/desk',
    claimedAt: '1795224004000000000',
    events: [],
    status: 'ok',
    contents: ['captured'],
    bytes: 10,
    tier: 'self-reported',
    clock: 'live',
    depth: 0,
    children: 0,
    ...given,
  }
}

const rows: readonly GraphRow[] = [
  row('prompt', { trigger: true, label: 'refund \u202eme', children: 1 }),
  row('call', { kind: 'model-call', lane: 'reasoning', depth: 1, parent: 'prompt', contents: [], bytes: 0 }),
  row('tool', { kind: 'tool', lane: 'tool', depth: 2, parent: 'call', status: 'error' }),
]
const graph: ExecutionGraphWire = {
  conversation: 'c1',
  agents: ['host:-/desk'],
  traces: [],
  nodes: rows.map(({ depth: _depth, children: _children, parent: _parent, ...node }) => node),
  edges: [
    { from: 'prompt', to: 'call', kind: 'entered', basis: 'trace' },
    { from: 'prompt', to: 'tool', kind: 'carried', basis: 'content', values: ['v'] },
    { from: 'call', to: 'tool', kind: 'requested', basis: 'call-id' },
  ],
  contradictions: [],
  unjoined: [],
  cut: { nodes: 0, edges: 0, hops: 0 },
}

test('a row has the strongest basis of its joins, and names what is inferred', () => {
  expect(joinRows(graph, rows).map(({ basis, inferredFrom }) => ({ basis, inferredFrom }))).toEqual([
    { basis: undefined, inferredFrom: [] },
    { basis: 'trace', inferredFrom: [] },
    { basis: 'call-id', inferredFrom: ['content refund \u202eme'] },
  ])
})

test('the tree is indented, inert, and says what failed and what set it off', () => {
  const text = tableText({ columns: treeColumns, rows: joinRows(graph, rows), paint: plain, isWide: false })
  expect(text).toBe(
    [
      'LANE       STEP                 KIND        BASIS    STATE     BYTES',
      'input      ▶ refund <U+202E>me  message     -        captured     10',
      'reasoning    └ call             model-call  trace    -             0',
      'tool           └ tool (failed)  tool        call-id  captured     10',
      '',
    ].join('\n'),
  )
})

test('past a bound the depth is said in figures and the label stays in sight', () => {
  const deep = joinRows(graph, [row('deep', { depth: 400 })])
  const text = tableText({ columns: treeColumns, rows: deep, paint: plain, isWide: false })
  expect(text).toContain('[400] └ deep')
})

test('a join that is only inferred carries a question mark', () => {
  const inferred = { ...graph, edges: graph.edges.filter((edge) => edge.basis === 'content') }
  const text = tableText({ columns: treeColumns, rows: joinRows(inferred, rows), paint: plain, isWide: false })
  expect(text).toContain('content?')
})

test('the group of what no act leads to is headed by its counts', () => {
  const unjoined = [
    { kind: 'file' as const, nodes: 1, events: 3 },
    { kind: 'process' as const, nodes: 2, events: 4 },
  ]
  expect(unjoinedText(unjoined)).toBe(
    'seen by the kernel, not joined to any prompt: 1 file (3 events), 2 process (4 events)',
  )
})
