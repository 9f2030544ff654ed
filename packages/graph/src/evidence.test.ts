import type { Artifact, ArtifactId, Content, EvidenceStatus } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import { evidenceStatus } from './evidence.ts'
import { remedyFor } from './remedies.ts'
import { conversation } from './testing/conversations.ts'
import { orderDesk } from './testing/order-desk.ts'
import * as s from './testing/story.ts'

function status(story: s.Story): EvidenceStatus {
  return evidenceStatus('conv', story.events, deriveGraph('conv', story.events))
}

function artifact(found: EvidenceStatus, id: ArtifactId): Artifact {
  const [one] = found.artifacts.filter((each) => each.id === id)
  if (one === undefined) throw new Error(`no artifact ${id}`)
  return one
}

test('G22 a loop with all its texts is complete but for what it does not state', () => {
  const found = status(orderDesk())
  expect(found.artifacts.map(({ id, state, count, expected }) => `${id} ${state} ${count}/${expected}`)).toEqual([
    'A1 complete 4/4',
    'A2 not-expected 0/0',
    'A3 complete 2/2',
    'A4 missing 0/3',
    'A5 not-expected 0/0',
    'A6 complete 2/2',
  ])
  expect(found.completeness).toBe(0)
  expect(artifact(found, 'A5').reason).toBe('no model call asked for another agent, and none was given work')
})

test('G22 an identity stated for an enclosing step is in force inside it, and not in another agent', () => {
  const story = orderDesk().tell({ trace: 1, span: 1 }, { id: s.identity('desk@prod') })
  expect(artifact(status(story), 'A4')).toMatchObject({ state: 'complete', count: 3, expected: 3 })
  story.tell({ trace: 1, span: 8, parent: 1, agent: 'other' }, { call: s.modelCall() })
  expect(artifact(status(story), 'A4')).toMatchObject({ state: 'partial', count: 3, expected: 4 })
})

test('G22 an artifact names the newest log entry that tells of it, also where another event brought its text', () => {
  const story = orderDesk()
  const newest = (events: s.Story['events'], id: ArtifactId) =>
    artifact(evidenceStatus('conv', events, deriveGraph('conv', events)), id).lastEntry
  const entries = story.events.map(({ entry }) => entry)
  for (const id of ['A1', 'A3', 'A6'] as const) expect(entries).toContain(newest(story.events, id))
  expect(newest(story.events, 'A2')).toBeUndefined()
  // Nothing of an artifact is newer than the log it was read from, and what is recorded later moves it.
  const moved = story.events.map((event) => ({ ...event, entry: event.entry + 1_000 }))
  for (const id of ['A1', 'A3', 'A6'] as const) expect(newest(moved, id)).toBe((newest(story.events, id) ?? 0) + 1_000)
})

test('G6 a second copy of an event speaks for the evidence only where it wins in the graph', () => {
  const told = (text: Content): s.Story =>
    new s.Story().tell({ trace: 1, span: 1, at: 1 }, { call: s.modelCall(1), 'in.0': s.prompt('user', 0, text) })
  const seen = told(s.text('what was said')).events
  const claimed = told({ state: 'suppressed', rule: 'zz' }).events
  const both = [
    [...seen, ...claimed],
    [...claimed, ...seen],
  ].map((events) => artifact(evidenceStatus('conv', events, deriveGraph('conv', events)), 'A1'))
  for (const found of both) expect(found).toMatchObject({ state: 'complete', count: 1, expected: 1 })
})

test('G22 truncated counts half, suppressed leaves the sum, left out counts nothing', () => {
  const digest = 'b'.repeat(64) as Extract<ReturnType<typeof s.text>, { digest: unknown }>['digest']
  const story = new s.Story().tell(
    { trace: 1, span: 1 },
    {
      call: s.modelCall(4),
      'in.0': s.prompt('system', 0, s.text('whole')),
      'in.1': s.prompt('user', 1, { state: 'truncated', text: 'cu', digest, bytes: 2, mediaType: 'text/plain' }),
      'in.2': s.prompt('user', 2, { state: 'suppressed', rule: 'no-content' }),
      'in.3': s.prompt('user', 3, { state: 'not-captured', reason: 'erased' }),
      'out.0': s.output(0, s.text('done')),
    },
  )
  const prompts = artifact(status(story), 'A1')
  expect(prompts).toMatchObject({ state: 'partial', expected: 3, count: 2, completeness: 0.5, missingTotal: 3 })
  expect(prompts.missing.map((item) => item.state).toSorted()).toEqual(['not-captured', 'suppressed', 'truncated'])
})

test('G22 a result that only the next prompt shows is there, one that nothing shows is lost', () => {
  const asked = new s.Story().tell(
    { trace: 1, span: 1 },
    { call: s.modelCall(), 'out.0': s.request(0, 'find', s.text('{}'), 'c1') },
  )
  expect(artifact(status(asked), 'A3').missing).toMatchObject([
    { kind: 'tool-result', state: 'lost', reason: 'the model asked for the call and nothing shows that it ran' },
  ])
  asked.tell({ trace: 1, span: 2 }, { call: s.modelCall(), 'in.0': s.prompt('tool', 0, s.text('found'), 'c1') })
  expect(artifact(status(asked), 'A3').state).toBe('complete')
})

test('G22 a delegation without its payload falls short, a nested one has the arguments that crossed', () => {
  const stated = new s.Story().tell(
    { trace: 1, span: 1 },
    { invoke: s.invocation('a'), handoff: s.delegation('b', s.OMITTED) },
  )
  expect(artifact(status(stated), 'A5')).toMatchObject({ state: 'missing', expected: 1 })
  const nested = new s.Story()
    .tell({ trace: 1, span: 1 }, { call: s.toolCall('ask_b', s.text('please')) })
    .tell({ trace: 1, span: 2, parent: 1, agent: 'b' }, { call: s.modelCall() })
  expect(artifact(status(nested), 'A5')).toMatchObject({ state: 'complete', expected: 1 })
})

test('G22 a failed model call owes no answer, and an embedding neither answer nor prompt', () => {
  const story = new s.Story()
    .tell(
      { trace: 1, span: 1 },
      { call: { kind: 'model-call', operation: 'embeddings', finishReasons: [], usage: {}, messages: 0 } },
    )
    .tell(
      { trace: 1, span: 2 },
      {
        call: { kind: 'model-call', operation: 'chat', finishReasons: [], usage: {}, messages: 1, error: 'timeout' },
        'in.0': s.prompt('user', 0, s.text('hi')),
      },
    )
  expect(artifact(status(story), 'A6').state).toBe('not-expected')
  expect(artifact(status(story), 'A1')).toMatchObject({ state: 'complete', expected: 1 })
})

test('G22 nothing at all is no complete chain', () => {
  expect(evidenceStatus('conv', [], deriveGraph('conv', []))).toMatchObject({ completeness: 0 })
})

test.each([
  ['otel-genai', 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'],
  ['ai-sdk-v7', 'recordInputs'],
  ['adk', 'ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS'],
  ['openllmetry', 'TRACELOOP_TRACE_CONTENT'],
  ['openinference', 'OPENINFERENCE_HIDE_INPUTS'],
  ['langsmith', 'LANGSMITH_HIDE_INPUTS'],
  ['ms-agent-framework', 'enable_sensitive_data'],
  ['claude-code', 'OTEL_LOG_USER_PROMPTS=1'],
  ['strands', 'OTEL_SEMCONV_STABILITY_OPT_IN'],
  ['something new', 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'],
])('G23 a prompt that %s left out names %s', (dialect, setting) => {
  const story = new s.Story().tell(
    { trace: 1, span: 1, dialect },
    { call: s.modelCall(0), 'in.0': s.prompt('user', 0, s.OMITTED) },
  )
  expect(artifact(status(story), 'A1').missing[0]?.remedy).toContain(setting)
})

test('G23 what no dialect carries is given a helper', () => {
  expect(remedyFor('adk', 'identity')).toContain('recordIdentity')
  expect(remedyFor('otel-genai', 'documents')).toContain('recordRetrieval')
  expect(remedyFor('mastra', 'delegation')).toContain('recordDelegation')
})

test('G23 a list of a hundred shows every distinct cause', () => {
  const story = new s.Story()
  for (let span = 1; span <= 150; span++)
    story.tell({ trace: 1, span }, { call: s.modelCall(0), 'in.0': s.prompt('user', 0, s.OMITTED) })
  story.tell({ trace: 1, span: 999, dialect: 'adk' }, { call: s.modelCall(0), 'in.0': s.prompt('user', 0, s.OMITTED) })
  const prompts = artifact(status(story), 'A1')
  expect(prompts.missing).toHaveLength(100)
  expect(prompts.missingTotal).toBe(151)
  expect(prompts.missing.some((item) => item.remedy.includes('ADK_CAPTURE'))).toBe(true)
})

test('G22 every shortfall of any conversation has a reason and a remedy, and completeness is the least artifact', () => {
  fc.assert(
    fc.property(conversation, (events) => {
      const found = evidenceStatus('conv', events, deriveGraph('conv', events))
      const measured = found.artifacts.flatMap(({ completeness }) => completeness ?? [])
      expect(found.completeness).toBe(measured.length === 0 ? 0 : Math.min(...measured))
      for (const { missing, missingTotal, completeness, expected } of found.artifacts) {
        expect(missing.every((item) => item.reason !== '' && item.remedy !== '')).toBe(true)
        expect(missingTotal === 0).toBe(completeness === undefined ? expected === 0 : completeness === 1)
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)
