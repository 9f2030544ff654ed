import type { ExecutionGraph, GraphEdge } from '@holdfast/model'
import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import * as s from './testing/story.ts'

/** `kind label -> kind label (edge, basis)`, sorted. */
function edges(graph: ExecutionGraph, kind?: GraphEdge['kind']): readonly string[] {
  const names = new Map(graph.nodes.map((node) => [node.id, `${node.kind} ${node.label}`]))
  return graph.edges
    .filter((edge) => kind === undefined || edge.kind === kind)
    .map((edge) => `${names.get(edge.from)} -> ${names.get(edge.to)} (${edge.kind}, ${edge.basis})`)
    .toSorted()
}

function orderDesk(): s.Story {
  const [system, user] = [s.text('You are the order desk.'), s.text('Where is order 4711?')]
  const args = s.text('{"order_id":"4711"}')
  const result = s.text('{"status":"shipped","carrier":"DHL"}')
  return new s.Story()
    .tell({ trace: 1, span: 1 }, { invoke: s.invocation('order-desk') })
    .tell(
      { trace: 1, span: 2, parent: 1 },
      {
        call: s.modelCall(2),
        'in.0': s.prompt('system', 0, system),
        'in.1': s.prompt('user', 1, user),
        'out.0': s.request(0, 'lookup_order', args, 'call_1'),
      },
    )
    .tell(
      { trace: 1, span: 3, parent: 1 },
      {
        'tool.call': s.toolCall('lookup_order', args, 'call_1'),
        'tool.result': s.toolResult('lookup_order', result, 'call_1'),
      },
    )
    .tell(
      { trace: 1, span: 4, parent: 3 },
      {
        'tool.call': s.toolCall('lookup_order', args, undefined, 'orders'),
        'tool.result': s.toolResult('lookup_order', result),
      },
    )
    .tell(
      { trace: 1, span: 5, parent: 1 },
      {
        call: s.modelCall(4),
        'in.0': s.prompt('system', 0, system),
        'in.1': s.prompt('user', 1, user),
        'in.2': s.prompt('assistant', 2, s.text('')),
        'in.3': s.prompt('tool', 3, result, 'call_1'),
        'out.0': s.output(0, s.text('It was shipped with DHL.')),
      },
    )
}

test('G1 one tool loop gives the chain from the question to the answer', () => {
  const graph = deriveGraph('conv', orderDesk().events)
  expect(edges(graph)).toMatchInlineSnapshot(`
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
