import type { EventBody, EventSummary } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import { arrivedGraph } from './testing/arrived-graph.ts'
import { conversation } from './testing/conversations.ts'
import { answer, connect, exec, exit, file, fork, KernelStory, socket } from './testing/kernel-story.ts'
import type { Process } from './testing/kernel-story.ts'
import { Story, text, toolCall, toolResult } from './testing/story.ts'
import { backward } from './reach.ts'
import { toTree } from './tree.ts'

const pid = fc.integer({ min: 1, max: 8 })
const process: fc.Arbitrary<Process> = fc.record(
  {
    pid,
    parent: pid,
    trace: fc.integer({ min: 1, max: 2 }),
    span: fc.integer({ min: 1, max: 6 }),
    basis: fc.constantFrom('environment', 'lineage', 'run'),
    boot: fc.constantFrom('aaaaaaaa', 'bbbbbbbb'),
  },
  { requiredKeys: ['pid'] },
)
const local = { address: '10.0.0.2', port: 40_000 }
const remote = { address: '192.0.2.1', port: 443 }
const body: fc.Arbitrary<EventBody> = fc.oneof(
  fc.constantFrom('/bin/a', '/bin/b').map((binary) => exec(binary)),
  fc.constant(exit()),
  pid.map((child) => fork(child, 'aaaaaaaa')),
  fc
    .tuple(fc.constantFrom('read', 'write'), fc.constantFrom('/a', '/b', '/etc/shadow'), fc.constantFrom(3, -13))
    .map(([action, path, result]) => file(action, path, result)),
  fc
    .constantFrom('connect', 'flow', 'close')
    .map((action) => connect(remote.address, remote.port, { local, socket: '7', action })),
  fc.constantFrom('a.test', 'b.test').map((name) => answer(name, remote.address)),
  fc.constant<EventBody>({ kind: 'kernel', action: 'unshare', target: 'CLONE_NEWNS', details: {}, result: 0 }),
  fc.constant<EventBody>({ kind: 'syscall-set', calls: ['read'] }),
)

const watched: fc.Arbitrary<readonly EventSummary[]> = fc
  .tuple(conversation, fc.array(fc.tuple(process, body), { maxLength: 40 }))
  .map(([told, seen]) => {
    const story = new Story()
    for (let span = 1; span <= 5; span++) {
      story.tell(
        { trace: 1, span },
        {
          a: toolCall('bash', text('{"command":"x"}'), `w${span}`),
          b: toolResult('bash', text(`result ${span}`), `w${span}`),
          c: socket(local, remote),
        },
      )
    }
    const kernel = new KernelStory()
    for (const [who, what] of seen) kernel.saw(who, what)
    return [...told, ...story.events, ...kernel.events]
  })

test('G2 what a kernel saw may arrive in any order, with the same bytes for a graph', () => {
  fc.assert(
    fc.property(
      watched,
      fc.array(fc.array(fc.nat(1_000), { minLength: 7, maxLength: 40 }), { minLength: 8, maxLength: 8 }),
      (events, orders) => {
        const expected = JSON.stringify(deriveGraph('conv', events))
        for (const order of orders) expect(arrivedGraph(events, order)).toBe(expected)
      },
    ),
    { numRuns: 30 },
  )
}, 60_000)

test('G4 the clock of a sensor may be off by a day without changing an edge or a contradiction', () => {
  fc.assert(
    fc.property(watched, (events) => {
      const shifted = events.map((event) =>
        event.source.tier === 'kernel'
          ? { ...event, claimedAt: (event.claimedAt + 86_400_000_000_000n) as typeof event.claimedAt }
          : event,
      )
      const [plain, moved] = [deriveGraph('conv', events), deriveGraph('conv', shifted)]
      expect(moved.edges).toEqual(plain.edges)
      expect(moved.contradictions).toEqual(plain.contradictions)
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('G5 every kernel event stands in a node, no id stands twice, and no edge of theirs is temporal', () => {
  fc.assert(
    fc.property(watched, (events) => {
      const graph = deriveGraph('conv', events)
      const ids = new Set(graph.nodes.map(({ id }) => id))
      expect(ids.size).toBe(graph.nodes.length)
      const told = new Set(graph.nodes.flatMap((node) => node.events))
      expect(events.filter(({ id }) => !told.has(id))).toEqual([])
      expect(graph.nodes.every(({ id, label }) => /^[A-Za-z0-9._~-]+$/.test(id) && label.length <= 200)).toBe(true)
      const kinds = new Set(['spawned', 'touched', 'connected', 'performed'])
      expect(
        graph.edges.filter(({ kind, basis }) => kinds.has(kind) && (basis === 'temporal' || basis === 'exclusive')),
      ).toEqual([])
      expect(
        graph.contradictions.flatMap(({ claimed, seen }) => [...claimed, ...seen]).every((id) => ids.has(id)),
      ).toBe(true)
      expect(toTree(graph)).toHaveLength(graph.nodes.length)
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('G32 a node of the kernel is joined or counted as not, and whatever an act of the agent reaches is joined', () => {
  fc.assert(
    fc.property(watched, (events) => {
      const graph = deriveGraph('conv', events)
      const loose = graph.nodes.filter(({ unjoined }) => unjoined === true)
      expect(graph.unjoined.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(loose.length)
      const ids = new Set(loose.map(({ id }) => id))
      const kernel = new Set(graph.nodes.filter(({ tier }) => tier === 'kernel').map(({ id }) => id))
      expect(loose.every(({ id }) => kernel.has(id))).toBe(true)
      expect(graph.edges.filter(({ from, to }) => ids.has(to) && !ids.has(from))).toEqual([])
      for (const id of kernel) {
        const isLed = backward(graph, id)?.nodes.some((node) => !kernel.has(node.id)) ?? false
        expect(ids.has(id)).toBe(!isLed)
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('G25 rings of parents, chains of 20,000 processes and 50,000 files of one process are derived', () => {
  const kernel = new KernelStory()
  kernel.saw({ pid: 1, parent: 2 }, exec('/bin/a'), fork(2)).saw({ pid: 2, parent: 1 }, exec('/bin/b'), fork(1))
  for (let child = 10; child < 20_010; child++) kernel.saw({ pid: child, parent: child - 1 }, exec('/bin/next'))
  for (let i = 0; i < 50_000; i++) kernel.saw({ pid: 9 }, file('read', `/data/${i}`))
  const graph = deriveGraph('conv', kernel.events)
  expect(graph.nodes).toHaveLength(2 + 1 + 20_000 + 50_000)
  expect(graph.edges).toHaveLength(2 + 20_000 + 50_000)
  expect(toTree(graph)).toHaveLength(graph.nodes.length)
}, 60_000)
