import type { EventBody } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ConversationGraph, deriveGraph } from './conversation-graph.ts'
import { evidenceStatus } from './evidence.ts'
import { arrival } from './testing/conversations.ts'
import { edgesOf, nodesOf, onlyNode } from './testing/show.ts'
import { modelCall, output, prompt, request, Story, text, toolCall, toolResult } from './testing/story.ts'
import { toTree } from './tree.ts'

const question = text('where is order 4711, please')
const WIRE = { credential: 'sensor-1', tier: 'boundary', dialect: 'openai-chat' } as const

function answered(responseId: string): EventBody {
  // The story's own model call, with a response id.
  return { ...(modelCall() as Extract<EventBody, { readonly kind: 'model-call' }>), responseId }
}

function told(story: Story, responseId = 'resp-1', answer = 'it was shipped yesterday'): Story {
  return story.tell(
    { trace: 1, span: 1 },
    { a: prompt('user', 0, question), b: answered(responseId), c: output(0, text(answer)) },
  )
}

function seen(
  story: Story,
  { agent = 'desk', responseId = 'resp-1', answer = 'it was shipped yesterday' } = {},
): Story {
  // What a sensor puts together stands below the span that the request's header names.
  return story.tell(
    { ...WIRE, agent, trace: 1, span: 9, parent: 1 },
    { a: prompt('user', 0, question), b: answered(responseId), c: output(0, text(answer)) },
  )
}

test('G33 a model call that the agent tells of and that was seen on the wire is one node of both, counted once', () => {
  const story = seen(told(new Story()))
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes.map(({ kind }) => kind).toSorted()).toEqual(['message', 'model-call', 'model-output'])
  for (const node of graph.nodes) expect(node).toMatchObject({ tier: 'boundary', tiers: ['boundary', 'self-reported'] })
  expect(onlyNode(graph, 'model-call').events).toHaveLength(2)
  expect(edgesOf(graph, 'contains')).toEqual([])
  const evidence = evidenceStatus('conv', story.events, graph)
  expect(evidence.artifacts.map(({ id, expected }) => [id, expected])).toEqual(
    expect.arrayContaining([
      ['A1', 1],
      ['A6', 1],
    ]),
  )
  expect(graph.contradictions).toEqual([])
})

test('G33 a request for a tool that both tell of is one request and one tool call, however its arguments are written', () => {
  const ask = (args: string) => ({
    a: prompt('user', 0, question),
    b: answered('resp-1'),
    c: request(0, 'look_up', text(args), 'c1'),
  })
  const story = new Story()
    .tell({ trace: 1, span: 1 }, ask('{"order":4711}'))
    .tell({ ...WIRE, trace: 1, span: 9, parent: 1 }, ask('{ "order": 4711 }'))
  const graph = deriveGraph('conv', story.events)
  expect(nodesOf(graph, 'model-output')).toHaveLength(1)
  expect(nodesOf(graph, 'tool')).toHaveLength(1)
})

test('G33 another answer on the wire than the agent tells is a contradiction, and both stand', () => {
  const graph = deriveGraph('conv', seen(told(new Story()), { answer: 'the order was never paid' }).events)
  expect(nodesOf(graph, 'model-call')).toHaveLength(1)
  const outputs = nodesOf(graph, 'model-output')
  expect(outputs).toHaveLength(2)
  expect(graph.contradictions).toMatchObject([{ kind: 'different-telling' }])
  const { claimed = [], seen: wire = [] } = graph.contradictions[0] ?? {}
  expect([...claimed, ...wire].toSorted()).toEqual(outputs.map(({ id }) => id).toSorted())
})

test.each([
  ['of another agent', seen(told(new Story()), { agent: 'other' })],
  ['with another response id, at the same moment', seen(told(new Story()), { responseId: 'resp-2' })],
  [
    'seen by two',
    seen(told(new Story())).tell({ ...WIRE, credential: 'proxy-1', trace: 1, span: 10 }, { b: answered('resp-1') }),
  ],
  [
    'told by two credentials of one tier',
    told(new Story()).tell({ trace: 1, span: 8, credential: 'key-2' }, { b: answered('resp-1') }),
  ],
])('G33 a call %s is not united', (_what, story) => {
  const graph = deriveGraph('conv', story.events)
  expect(nodesOf(graph, 'model-call').length).toBeGreaterThan(1)
  expect(graph.nodes.every(({ tiers }) => tiers === undefined)).toBe(true)
})

/** A tool call as the agent tells of it, and as it went by a proxy. */
function proxied(
  ids: { readonly told?: string; readonly seen: string },
  parents: readonly (number | undefined)[],
): Story {
  const story = new Story().tell(
    { trace: 1, span: 1 },
    { a: toolCall('look_up', question, ids.told), b: toolResult('look_up', text('shipped'), ids.told) },
  )
  for (const [at, parent] of parents.entries()) {
    const id = at === 0 ? ids.seen : `${ids.seen}.${at}`
    // The request and the answer are two records.
    const place = { ...WIRE, trace: 1, ...(parent === undefined ? {} : { parent }) }
    story.tell({ ...place, span: 20 + at }, { a: toolCall('look_up', question, id, 'orders') })
    story.tell({ ...place, span: 40 + at }, { b: toolResult('look_up', text('shipped'), id) })
  }
  return story
}

test.each([
  ['in the span of the told one', proxied({ told: 'c1', seen: 'run/1' }, [1])],
  ['by the call id of the told one', proxied({ told: 'c1', seen: 'c1' }, [undefined])],
])('G33 a tool call that passed a proxy %s is one node of both', (_what, story) => {
  const graph = deriveGraph('conv', story.events)
  const tool = onlyNode(graph, 'tool')
  expect(tool).toMatchObject({ tier: 'boundary', tiers: ['boundary', 'self-reported'] })
  expect(tool.events).toHaveLength(4)
  expect(edgesOf(graph, 'contains')).toEqual([])
})

test.each([
  ['of which two passed in one span', proxied({ told: 'c1', seen: 'run/1' }, [1, 1])],
  ['that nothing but its trace ties to it', proxied({ told: 'c1', seen: 'run/1' }, [undefined])],
])('G33 a tool call %s is not united', (_what, story) => {
  expect(nodesOf(deriveGraph('conv', story.events), 'tool').length).toBeGreaterThan(1)
})

test('G2 G33 whichever teller comes first, the graph has the same bytes, and the tree holds every node once', () => {
  const call = fc.record({
    agent: fc.constantFrom('desk', 'other'),
    id: fc.constantFrom('r1', 'r2', 'r3'),
    answer: fc.constantFrom('it was shipped yesterday', 'the order was never paid'),
  })
  fc.assert(
    fc.property(
      fc.array(call, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(1_000), { minLength: 7, maxLength: 40 }),
      (calls, order) => {
        const story = new Story()
        for (const [at, { agent, id, answer }] of calls.entries()) {
          if (at % 2 === 0) told(story, id, answer)
          else seen(story, { agent, responseId: id, answer })
        }
        const expected = deriveGraph('conv', story.events)
        const graph = new ConversationGraph('conv')
        for (const event of arrival(story.events, order)) {
          graph.add([event])
          if (event.entry % 3 === 0) graph.snapshot()
        }
        expect(JSON.stringify(graph.snapshot())).toBe(JSON.stringify(expected))
        expect(toTree(expected)).toHaveLength(expected.nodes.length)
        expect(expected.edges.every(({ from, to }) => from !== to)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})
