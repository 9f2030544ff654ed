import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { EventSummary } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { ConversationGraph, deriveGraph } from './conversation-graph.ts'
import { evidenceStatus } from './evidence.ts'
import { arrival } from './testing/conversations.ts'
import { edgesOf } from './testing/show.ts'
import { toTree } from './tree.ts'

/*
 * Events of real libraries that tell one story: a question about an order, a tool call, an answer. `*.expected.json` is
 * what the graph makes of them; make it anew with `UPDATE_GOLDEN=1` and review it as code.
 */
const FOLDER = join(import.meta.dirname, '../../../fixtures/graph')
const names = readdirSync(FOLDER).flatMap((file) =>
  file.endsWith('.events.jsonl') ? [file.replace('.events.jsonl', '')] : [],
)

test('there are recordings of several dialects', () => {
  expect(names.length).toBeGreaterThanOrEqual(8)
})

describe.each(names)('%s', (name) => {
  const events = readEvents(name)
  const graph = deriveGraph('conv-4711', events)

  test('G1 gives the graph and the evidence that were reviewed', () => {
    const labels = new Map(graph.nodes.map((node) => [node.id, `${node.kind} ${node.label}`]))
    const found = {
      tree: toTree(graph).map((row) => `${'  '.repeat(row.depth)}${labels.get(row.id)}`),
      triggers: graph.nodes.flatMap((node) => (node.trigger === true ? [labels.get(node.id)] : [])),
      edges: edgesOf(graph),
      evidence: evidenceStatus('conv-4711', events, graph).artifacts.map(
        ({ id, state, count, expected }) => `${id} ${state} ${count}/${expected}`,
      ),
    }
    const file = join(FOLDER, `${name}.expected.json`)
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
    expect(found).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  })

  test('G1 tells one tool call, asked for by a model call and set off by the user', () => {
    const tools = graph.nodes.filter((node) => node.kind === 'tool')
    expect(tools).toHaveLength(1)
    expect(graph.edges.filter((edge) => edge.kind === 'requested' && edge.to === tools[0]?.id)).toHaveLength(1)
    expect(graph.nodes.filter((node) => node.trigger === true).map((node) => node.label)).toEqual(['user message'])
  })

  test('G2 is the same in 50 random orders of arrival', () => {
    const expected = JSON.stringify(graph)
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 7, maxLength: 30 }), (order) => {
        const incremental = new ConversationGraph('conv-4711')
        for (const event of arrival(events, order)) incremental.add([event])
        expect(JSON.stringify(incremental.snapshot())).toBe(expected)
      }),
      { numRuns: 50 },
    )
  }, 60_000)
})

/** Nanoseconds are written `{"nanos": "..."}`, as JSON has no integers of that size. */
function readEvents(name: string): readonly EventSummary[] {
  const lines = readFileSync(join(FOLDER, `${name}.events.jsonl`), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line, reviveNanos) as EventSummary)
}

function reviveNanos(_key: string, value: unknown): unknown {
  const isNanos = typeof value === 'object' && value !== null && 'nanos' in value && typeof value.nanos === 'string'
  return isNanos ? BigInt(value.nanos as string) : value
}
