import type { ExecutionGraph, NodeKind, UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { executionGraph, graphEdge, graphNode } from '../testing/graphs.ts'
import type { Authority, BlastQuestion, DataFacts } from './blast-radius.ts'
import { blastRadius } from './blast-radius.ts'
import { forwardClosure, joinGraphs } from './closure.ts'

const NOBODY: Authority = { reachOf: () => undefined }
const NOTHING: DataFacts = { of: () => undefined }
const ALWAYS = { from: 0n as UnixNano, until: 1_000n as UnixNano }

function question(graphs: readonly ExecutionGraph[], change: Partial<BlastQuestion> = {}): BlastQuestion {
  return {
    graphs,
    crossings: [],
    patientZero: [{ conversation: 'c1', node: 'mail' }],
    window: ALWAYS,
    facts: NOTHING,
    authority: NOBODY,
    ...change,
  }
}

/** A mail hides an order; triage hands on to records, records to remediation; report gets something else. */
const TRIAGE = executionGraph(
  'c1',
  [
    graphNode('mail', 'message', { agent: 'triage' }),
    graphNode('answer', 'model-output', { agent: 'triage' }),
    graphNode('to-records', 'delegation', { agent: 'triage' }),
    graphNode('to-report', 'delegation', { agent: 'triage' }),
    graphNode('role-triage', 'identity', { agent: 'triage' }),
  ],
  [
    graphEdge('mail', 'answer', 'entered'),
    graphEdge('answer', 'to-records', 'requested'),
    graphEdge('answer', 'role-triage', 'acted-as'),
  ],
)
const RECORDS = executionGraph(
  'c2',
  [
    graphNode('task', 'message', { agent: 'records' }),
    graphNode('crm.query', 'tool', { agent: 'records' }),
    graphNode('customers', 'document', { agent: 'records' }),
    graphNode('later', 'egress', { agent: 'records', claimedAt: '5000' }),
  ],
  [graphEdge('task', 'crm.query'), graphEdge('crm.query', 'customers'), graphEdge('customers', 'later', 'sent')],
)
const CROSSING = { from: [{ conversation: 'c1', node: 'to-records' }], to: [{ conversation: 'c2', node: 'task' }] }

test('scope holds what came after patient zero over the hand-over, and nothing outside the window', () => {
  const { touched, nodes, cut } = blastRadius(question([TRIAGE, RECORDS], { crossings: [CROSSING] }))
  expect(touched.agents.names).toEqual(['records', 'triage'])
  expect(touched.tools.names).toEqual(['crm.query'])
  expect(touched.sources.names).toEqual(['customers'])
  expect(touched.identities.names).toEqual(['role-triage'])
  expect(touched.systems.total).toBe(0)
  expect(touched.prompts.total).toBe(2)
  expect(nodes).not.toContainEqual({ conversation: 'c1', node: 'to-report' })
  expect(cut).toBe(0)
})

test('records that nobody counted are counted as such and never as none', () => {
  const facts: DataFacts = {
    of: ({ label }) => (label === 'customers' ? { records: 2_400, classes: ['personal'] } : undefined),
  }
  const { touched } = blastRadius(question([TRIAGE, RECORDS], { crossings: [CROSSING], facts }))
  expect(touched.records).toEqual({ known: 2_400, uncounted: 1 })
  expect(touched.classes.names).toEqual(['personal'])
})

test('what an identity could reach is reachable, what it may become too, and who is not known is named', () => {
  const reaches = new Map([
    [
      'role-triage',
      { systems: ['mail'], sources: [{ name: 'inbox', records: 5 }], classes: [], identities: ['node-role'] },
    ],
    [
      'node-role',
      {
        systems: ['s3'],
        sources: [{ name: 'finance' }],
        classes: ['payment'],
        identities: ['role-triage', 'ghost'],
      },
    ],
  ])
  const authority: Authority = { reachOf: ({ name }) => reaches.get(name) }
  const { touched, reachable, unresolved } = blastRadius(question([TRIAGE], { authority }))
  expect(touched.systems.total).toBe(0)
  expect(reachable.systems.names).toEqual(['mail', 's3'])
  expect(reachable.sources.names).toEqual(['finance', 'inbox'])
  expect(reachable.identities.names).toEqual(['ghost', 'node-role', 'role-triage'])
  expect(reachable.records).toEqual({ known: 5, uncounted: 1 })
  expect(unresolved.names).toEqual(['identity ghost'])
})

test('records of one source are counted once, however many may read it and however often it was read', () => {
  const facts: DataFacts = {
    of: ({ label }) =>
      label === 'customers'
        ? { records: 2_400, classes: [], source: 'crm' }
        : label === 'crm.query'
          ? { records: 2_400, classes: [], isCopy: true }
          : undefined,
  }
  const reach = { systems: [], sources: [{ name: 'crm', records: 9_000 }], classes: [], identities: [] }
  const asked = question([TRIAGE, RECORDS], { crossings: [CROSSING], facts, authority: { reachOf: () => reach } })
  const { touched, reachable } = blastRadius(asked)
  expect(touched.records).toEqual({ known: 2_400, uncounted: 0 })
  expect(reachable.records).toEqual({ known: 9_000, uncounted: 0 })
})

test('what nobody dated may have been in the window', () => {
  const undated = { ...RECORDS, nodes: RECORDS.nodes.map((node) => ({ ...node, claimedAt: '0' })) }
  const { touched } = blastRadius(question([TRIAGE, undated], { crossings: [CROSSING] }))
  expect(touched.systems.names).toEqual(['later'])
})

test('what a cleared agent did is not followed', () => {
  const cleared = new Set(['records'])
  const { touched } = blastRadius(question([TRIAGE, RECORDS], { crossings: [CROSSING], cleared }))
  expect(touched.agents.names).toEqual(['triage'])
})

test('what the bound leaves out is counted', () => {
  const chain = {
    nodes: Array.from({ length: 5 }, (_, at) => graphNode(`n${at}`, 'tool')),
    size: 5,
    starts: new Int32Array([0, 1, 2, 3, 4, 4]),
    ends: new Int32Array([1, 2, 3, 4]),
  }
  expect(forwardClosure(chain, { starts: [0], isOpen: () => true, limit: 3 })).toEqual({ reached: [0, 1, 2], cut: 1 })
})

test('what many wrote and many read is walked over one node between them', () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `n${at}`)
  const graphs = ['c1', 'c2'].map((name) =>
    executionGraph(
      name,
      many.map((id) => graphNode(id, 'memory')),
      [],
    ),
  )
  const [from, to] = ['c1', 'c2'].map((conversation) => many.map((node) => ({ conversation, node })))
  const crossings = [{ from: from ?? [], to: to ?? [] }]
  expect(joinGraphs(graphs, crossings).ends.length).toBe(2_000)
  const zero = { conversation: 'c1', node: 'n7' }
  const { nodes, cut } = blastRadius(question(graphs, { crossings, patientZero: [zero] }))
  expect([nodes.length, cut]).toEqual([1_001, 0])
  expect(nodes[0]).toEqual(zero)
})

const KINDS: readonly NodeKind[] = ['message', 'document', 'tool', 'identity', 'egress', 'model-call']

const places = fc.array(fc.tuple(fc.nat(3), fc.nat(9)), { maxLength: 3 })

/** Any few conversations with any edges, crossings and times. */
const anyQuestion = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
    kinds: fc.infiniteStream(fc.constantFrom(...KINDS)),
    times: fc.infiniteStream(fc.integer({ min: 0, max: 100 })),
    edges: fc.array(fc.tuple(fc.nat(3), fc.nat(9), fc.nat(9)), { maxLength: 30 }),
    crossings: fc.array(fc.tuple(places, places), { maxLength: 8 }),
    zero: fc.array(fc.tuple(fc.nat(3), fc.nat(9)), { minLength: 1, maxLength: 3 }),
    from: fc.integer({ min: 0, max: 50 }),
  })
  .map(({ sizes, kinds, times, edges, crossings, zero, from }) => {
    const place = (conversation: number, node: number) => ({ conversation: `c${conversation}`, node: `n${node}` })
    const graphs = sizes.map((size, at) =>
      executionGraph(
        `c${at}`,
        Array.from({ length: size }, (_, node) =>
          graphNode(`n${node}`, kinds.next().value, {
            label: `l${at}-${node}`,
            agent: `a${at}`,
            claimedAt: String(times.next().value),
          }),
        ),
        // Some name nodes that are not there.
        edges.flatMap(([graph, one, other]) => (graph === at ? [graphEdge(`n${one}`, `n${other}`)] : [])),
      ),
    )
    return question(graphs, {
      crossings: crossings.map(([ones, others]) => ({
        from: ones.map((one) => place(...one)),
        to: others.map((other) => place(...other)),
      })),
      patientZero: zero.map(([graph, node]) => place(graph, node)),
      window: { from: BigInt(from) as UnixNano, until: 90n as UnixNano },
    })
  })

/** The same by hand: add what follows until nothing more comes. */
function slowNodes({ graphs, crossings, patientZero, window }: BlastQuestion): ReadonlySet<string> {
  const key = (place: { conversation: string; node: string }) => `${place.conversation} ${place.node}`
  const open = new Set(
    graphs.flatMap(({ conversation, nodes }) =>
      nodes
        .filter(({ claimedAt, kind }) => {
          const at = BigInt(claimedAt)
          return at === 0n || ((at >= window.from || kind === 'identity') && at <= window.until)
        })
        .map(({ id }) => key({ conversation, node: id })),
    ),
  )
  const pairs = [
    ...graphs.flatMap(({ conversation, edges }) =>
      edges.map(({ from, to }) => [key({ conversation, node: from }), key({ conversation, node: to })] as const),
    ),
    ...crossings.flatMap(({ from, to }) => from.flatMap((one) => to.map((other) => [key(one), key(other)] as const))),
  ]
  const reached = new Set(patientZero.map(key).filter((each) => open.has(each)))
  for (let size = -1; size !== reached.size;) {
    size = reached.size
    for (const [from, to] of pairs) if (reached.has(from) && open.has(to)) reached.add(to)
  }
  return reached
}

test('S1 the closure equals that of a slow reference', () => {
  fc.assert(
    fc.property(anyQuestion, (each) => {
      const { nodes, touched } = blastRadius(each)
      const slow = slowNodes(each)
      expect(new Set(nodes.map(({ conversation, node }) => `${conversation} ${node}`))).toEqual(slow)
      const agents = new Set([...slow].map((place) => `a${place[1]}`))
      expect(touched.agents.names).toEqual([...agents].toSorted())
    }),
    { numRuns: 500 },
  )
})

test('the order of graphs and crossings changes nothing but the order of the nodes', () => {
  fc.assert(
    fc.property(anyQuestion, (each) => {
      const turned = { ...each, graphs: each.graphs.toReversed(), crossings: each.crossings.toReversed() }
      expect(blastRadius(turned).touched).toEqual(blastRadius(each).touched)
    }),
    { numRuns: 200 },
  )
})
