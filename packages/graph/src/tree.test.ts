import fc from 'fast-check'
import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import { conversation } from './testing/conversations.ts'
import { orderDesk } from './testing/order-desk.ts'
import * as k from './testing/kernel-story.ts'
import * as s from './testing/story.ts'
import { rows, toTree } from './tree.ts'

test('G21 the tree hangs what ran under what it ran in, and inputs under the first call that they entered', () => {
  const graph = deriveGraph('conv', orderDesk().events)
  const names = new Map(graph.nodes.map((node) => [node.id, node.label]))
  expect(toTree(graph).map((row) => `${'  '.repeat(row.depth)}${names.get(row.id)}`)).toMatchInlineSnapshot(`
    [
      "order-desk",
      "  chat scripted",
      "    system message",
      "    user message",
      "    asks for lookup_order",
      "  lookup_order",
      "  chat scripted",
      "    assistant message",
      "    tool message",
      "    text",
    ]
  `)
})

test('G21 tree and table hold every node once, parents before children, for any conversation', () => {
  fc.assert(
    fc.property(conversation, (events) => {
      const graph = deriveGraph('conv', events)
      const tree = toTree(graph)
      const at = new Map(tree.map((row, place) => [row.id, place]))
      expect(at.size).toBe(graph.nodes.length)
      for (const [place, row] of tree.entries()) {
        const parent = row.parent === undefined ? undefined : at.get(row.parent)
        expect(row.parent === undefined ? row.depth : tree[parent ?? -1]?.depth).toBe(
          row.parent === undefined ? 0 : row.depth - 1,
        )
        expect(parent ?? -1).toBeLessThan(place)
      }
      expect(rows(graph).map((row) => row.node.id)).toEqual(graph.nodes.map((node) => node.id))
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('G25 nesting of 20,000 spans neither overflows a stack nor loses a node', () => {
  const story = new s.Story()
  for (let span = 1; span <= 20_000; span++) story.tell({ trace: 1, span, parent: span - 1 }, { step: s.step('deep') })
  const tree = toTree(deriveGraph('conv', story.events))
  expect(tree).toHaveLength(20_000)
  expect(tree.at(-1)?.depth).toBe(19_999)
}, 60_000)

test('G21 a program hangs under the call that started it, and a claimed connection under the claim', () => {
  const [here, there] = [
    { address: '10.0.0.1', port: 4000 },
    { address: '10.0.0.2', port: 80 },
  ]
  const told = new s.Story().tell(
    { trace: 1, span: 2 },
    { call: s.toolCall('bash', s.text('{}'), 'c1'), claim: k.socket(here, there) },
  )
  const seen = new k.KernelStory()
    .saw({ pid: 9, trace: 7, span: 7, basis: 'run' }, k.exec('/usr/bin/node'), k.fork(10))
    .saw({ pid: 9, trace: 7, span: 7, basis: 'run' }, k.connect('10.0.0.2', 80, { local: here }))
    .saw({ pid: 10, parent: 9, trace: 1, span: 2 }, k.exec('/bin/sh'))
  const graph = deriveGraph('conv', [...told.events, ...seen.events])
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]))
  const parentOf = (label: string) => {
    const node = graph.nodes.find((candidate) => candidate.label === label)
    const row = toTree(graph).find(({ id }) => id === node?.id)
    return [kinds.get(row?.parent ?? ''), row?.basis]
  }
  expect(parentOf('/bin/sh')).toEqual(['tool', 'trace'])
  expect(parentOf('connect 10.0.0.2:80')).toEqual(['connection', 'socket'])
})
