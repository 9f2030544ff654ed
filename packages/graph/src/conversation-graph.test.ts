import { expect, test } from 'vitest'

import { ConversationGraph, deriveGraph } from './conversation-graph.ts'
import { orderDesk } from './testing/order-desk.ts'
import { edgesOf, nodesOf, onlyNode } from './testing/show.ts'
import * as s from './testing/story.ts'

test('G1 one tool loop gives the chain from the question to the answer', () => {
  const graph = deriveGraph('conv', orderDesk().events)
  expect(edgesOf(graph)).toMatchInlineSnapshot(`
    [
      "agent order-desk -> model-call chat scripted (contains, trace)",
      "agent order-desk -> model-call chat scripted (contains, trace)",
      "agent order-desk -> tool lookup_order (contains, trace)",
      "message assistant message -> model-call chat scripted (entered, trace)",
      "message system message -> model-call chat scripted (entered, trace)",
      "message system message -> model-call chat scripted (entered, trace)",
      "message tool message -> model-call chat scripted (entered, trace)",
      "message user message -> model-call chat scripted (entered, trace)",
      "message user message -> model-call chat scripted (entered, trace)",
      "model-call chat scripted -> model-output asks for lookup_order (produced, trace)",
      "model-call chat scripted -> model-output text (produced, trace)",
      "model-output asks for lookup_order -> tool lookup_order (requested, call-id)",
      "tool lookup_order -> message tool message (returned, call-id)",
    ]
  `)
  expect(graph.nodes.filter((node) => node.trigger === true).map((node) => node.label)).toEqual(['user message'])
})

test('G6 of two events with one id the one whose words come first wins, whichever came first', () => {
  const told = (tool: string) =>
    new s.Story().tell({ trace: 1, span: 1, at: 1 }, { call: s.toolCall(tool, s.OMITTED) }).events
  const graphs = [
    deriveGraph('conv', [...told('first'), ...told('second')]),
    deriveGraph('conv', [...told('second'), ...told('first')]),
  ]
  expect(graphs[0]).toEqual(graphs[1])
  expect(graphs[0]?.nodes.map((node) => node.label)).toEqual(['first'])
})

test('G7 a history sent with fifty calls is one node for each message', () => {
  const story = new s.Story()
  for (let span = 1; span <= 50; span++) {
    story.tell({ trace: span, span }, { call: s.modelCall(), 'in.0': s.prompt('user', 0, s.text('the same question')) })
  }
  const graph = deriveGraph('conv', story.events)
  expect(nodesOf(graph, 'message')).toHaveLength(1)
  expect(onlyNode(graph, 'message').events).toHaveLength(50)
  expect(graph.edges.filter((edge) => edge.kind === 'entered')).toHaveLength(50)
})

test('G7 equal results of two calls stay two messages, and what was left out is never merged', () => {
  const story = new s.Story()
    .tell(
      { trace: 1, span: 1 },
      {
        call: s.modelCall(),
        'in.0': s.prompt('tool', 0, s.text('ok'), 'a'),
        'in.1': s.prompt('tool', 1, s.text('ok'), 'b'),
      },
    )
    .tell({ trace: 1, span: 2 }, { call: s.modelCall(), 'in.0': s.prompt('user', 0, s.OMITTED) })
    .tell({ trace: 1, span: 3 }, { call: s.modelCall(), 'in.0': s.prompt('user', 0, s.OMITTED) })
  expect(nodesOf(deriveGraph('conv', story.events), 'message')).toHaveLength(4)
})

test('G8 request, span, MCP view and log record of one tool call are one node', () => {
  const story = orderDesk().tell(
    { trace: 1, span: 3 },
    { log: s.toolResult('lookup_order', s.text('{"status":"shipped"}'), 'call_1') },
  )
  const tool = onlyNode(deriveGraph('conv', story.events), 'tool')
  expect(tool.events).toHaveLength(6)
  expect(tool.status).toBe('ok')
})

test('G8 a tool that calls a tool of its own name is two calls', () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 1 }, { call: s.toolCall('walk', s.text('/a'), 'c1') })
    .tell({ trace: 1, span: 2, parent: 1 }, { call: s.toolCall('walk', s.text('/a/b'), 'c2') })
  expect(edgesOf(deriveGraph('conv', story.events))).toEqual(['tool walk -> tool walk (contains, trace)'])
})

test('G8 a run without a call id joins the request with its arguments, and says that this is inferred', () => {
  const story = new s.Story()
    .tell(
      { trace: 1, span: 1 },
      {
        call: s.modelCall(),
        'out.0': s.request(0, 'find', s.text('{"q":"a"}'), 'c1'),
        'out.1': s.request(1, 'find', s.text('{"q":"b"}'), 'c2'),
      },
    )
    .tell({ trace: 1, span: 2 }, { call: s.toolCall('find', s.text('{"q":"b"}')) })
    .tell({ trace: 1, span: 3 }, { call: s.toolCall('find', s.text('{"q":"a"}')) })
  const graph = deriveGraph('conv', story.events)
  expect(nodesOf(graph, 'tool')).toHaveLength(2)
  expect(new Set(edgesOf(graph, 'requested'))).toEqual(
    new Set(['model-output asks for find -> tool find (requested, content)']),
  )
})

test('G9 the placeholder of a span whose messages a log record carries is no message', () => {
  const story = new s.Story()
    .tell(
      { trace: 1, span: 1 },
      { call: s.modelCall(0), 'in.0': s.prompt('user', 0, s.OMITTED), 'out.0': s.output(0, s.OMITTED) },
    )
    .tell(
      { trace: 1, span: 1 },
      { 'log.in.0': s.prompt('user', 0, s.text('hello')), 'log.out.0': s.output(0, s.text('hi')) },
    )
  const graph = deriveGraph('conv', story.events)
  expect(nodesOf(graph, 'message').map((node) => node.contents)).toEqual([['captured']])
  expect(nodesOf(graph, 'model-output').map((node) => node.contents)).toEqual([['captured']])
  expect(onlyNode(graph, 'model-call').events).toHaveLength(3)
})

test('G10 children of a span that never arrived stand as roots, and the lost parents are counted', () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 2, parent: 77 }, { step: s.step('a') })
    .tell({ trace: 1, span: 3, parent: 77 }, { step: s.step('b') })
    .tell({ trace: 1, span: 4, parent: 3 }, { step: s.step('c') })
  const graph = new ConversationGraph('conv')
  graph.add(story.events)
  expect(edgesOf(graph.snapshot())).toEqual(['step b -> step c (contains, trace)'])
  expect(graph.facts()).toEqual({ parts: 1, events: 3, missingParents: 1, refused: 0 })
})

test("G10 spans that are each other's parents neither hang nor get lost", () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 1, parent: 2 }, { step: s.step('a') })
    .tell({ trace: 1, span: 2, parent: 1 }, { step: s.step('b') })
    .tell({ trace: 1, span: 3, parent: 3 }, { step: s.step('c') })
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes).toHaveLength(3)
  expect(edgesOf(graph)).toEqual(['step a -> step b (contains, trace)'])
})

test('G10 a late parent takes its children back', () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 2, parent: 1 }, { step: s.step('child') })
    .tell({ trace: 1, span: 1 }, { step: s.step('parent') })
  const graph = new ConversationGraph('conv')
  graph.add(story.events.slice(0, 1))
  expect(graph.facts().missingParents).toBe(1)
  expect(graph.snapshot().edges).toEqual([])
  graph.add(story.events)
  expect(graph.facts().missingParents).toBe(0)
  expect(edgesOf(graph.snapshot())).toEqual(['step parent -> step child (contains, trace)'])
})
