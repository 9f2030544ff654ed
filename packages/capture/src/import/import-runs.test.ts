import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { entriesOfGroups, RECORDINGS } from '../dialects/testing/recordings.ts'
import { normalise } from '../normalise.ts'
import { importRuns } from './import-runs.ts'
import type { Imported } from './import-runs.ts'

const RUN = {
  suite_name: 'shopping',
  pipeline_name: 'model-x',
  user_task_id: 'task_1',
  security: true,
  messages: [
    { role: 'system', content: [{ type: 'text', content: 'You help with shopping.' }] },
    { role: 'user', content: [{ type: 'text', content: 'Please buy a watch.' }] },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ function: 'search_product', args: { product_name: 'watch' }, id: '' }],
    },
    {
      role: 'tool',
      content: [{ type: 'text', content: 'watch: $20' }],
      tool_call: { function: 'search_product', args: {} },
      tool_call_id: null,
      error: null,
    },
    { role: 'assistant', content: [{ type: 'text', content: 'A watch costs $20.' }], tool_calls: null },
  ],
}

describe('a run of messages', () => {
  const imported = importRuns({ file: 'run.json', bytes: bytesOf(JSON.stringify(RUN)) })
  const events = eventsOf(imported)

  test('gives one entry a message, with times that are said to be synthetic', () => {
    expect(imported).toMatchObject({ format: 'agentdyn', clock: 'synthetic', read: 1, accepted: 5, rejectedTotal: 0 })
    expect(imported.groups.map((group) => group.envelope)).toMatchObject([
      { channel: 'import', instance: 'run.json', clock: 'synthetic', agent: 'host:agentdyn/model-x shopping' },
    ])
    expect(events.map((event) => event.source.clock)).toEqual(events.map(() => 'synthetic'))
    expect(new Set(events.map((event) => event.claimedAt)).size).toBe(5)
  })

  test('maps to prompts, model calls, outputs, tool calls and results', () => {
    expect(events.map(({ body }) => body.kind)).toEqual([
      'prompt',
      'prompt',
      'model-call',
      'model-output',
      'tool-call',
      'prompt',
      'tool-result',
      'prompt',
      'model-call',
      'model-output',
      'prompt',
    ])
    expect(events.flatMap(({ body }) => (body.kind === 'tool-call' ? [body] : []))).toMatchObject([
      { toolName: 'search_product', arguments: { text: '{"product_name":"watch"}' } },
    ])
    expect(events.flatMap(({ body }) => (body.kind === 'tool-result' ? [body] : []))).toMatchObject([
      { toolName: 'search_product', result: { text: 'watch: $20' } },
    ])
  })

  test('a call, its request and its result have one call id, although the source states none', () => {
    const ids = events.flatMap(({ body }) => ('callId' in body && body.callId !== undefined ? [body.callId] : []))
    expect(ids).toHaveLength(4)
    expect(new Set(ids).size).toBe(1)
  })

  test('what was said before an answer entered the model call of that answer', () => {
    const calls = events.filter(({ body }) => body.kind === 'model-call').map((event) => event.context.span)
    const entered = events.flatMap(({ body, context }) =>
      body.kind === 'prompt' ? [[body.role, calls.indexOf(context.span)]] : [],
    )
    expect(entered).toEqual([
      ['system', 0],
      ['user', 0],
      ['assistant', 1],
      ['tool', 1],
      ['assistant', -1],
    ])
  })

  test('labels of the data set are not imported', () => {
    const text = imported.groups.map((group) => Buffer.from(group.bytes).toString()).join('')
    expect(text).not.toContain('security')
  })

  test('the same file gives the same entries', () => {
    expect(importRuns({ file: 'run.json', bytes: bytesOf(JSON.stringify(RUN)) })).toEqual(imported)
  })
})

test('a run of absurd size gives what the bounds allow, and the rest is counted', () => {
  const messages = [
    { role: 'assistant', content: 'x', tool_calls: Array.from({ length: 200_000 }, () => ({ function: 'f' })) },
    { role: 'user', content: 'y'.repeat(17 * 1024 * 1024) },
    { role: 'user', content: 'z' },
  ]
  const run = { ...RUN, pipeline_name: '\ud83d\ude00'.repeat(1000), messages }
  const { accepted, rejected, groups } = importRuns({ file: 'a.json', bytes: bytesOf(JSON.stringify(run)) })
  expect({ accepted, rejected }).toEqual({
    accepted: 2,
    rejected: [{ where: 'a.json', why: 'a message is larger than 16777216 bytes' }],
  })
  const { agent, agentName } = groups[0]!.envelope
  expect([agentName.length, agentName.isWellFormed(), agent.isWellFormed()]).toEqual([256, true, true])
})

test('a credential in a run is masked before it is an entry', () => {
  const run = { ...RUN, messages: [{ role: 'user', content: `use key AKIA${'IOSFODNN7EXAMPLQ'} for it` }] }
  const { groups } = importRuns({ file: 'run.json', bytes: bytesOf(JSON.stringify(run)) })
  expect(Buffer.from(groups[0]!.bytes).toString()).not.toContain('IOSFODNN7EXAMPLQ')
  expect(eventsOf({ groups }).map(({ body }) => (body.kind === 'prompt' ? body.content.state : body.kind))).toEqual([
    'redacted',
  ])
})

test('an unknown layout is refused with its keys and counted', () => {
  const { groups, format, rejected, rejectedTotal } = importRuns({
    file: 'a.json',
    bytes: bytesOf('{"hello": 1, "world": 2}'),
  })
  expect({ groups, format, rejectedTotal }).toEqual({ groups: [], format: 'unknown', rejectedTotal: 1 })
  expect(rejected[0]?.why).toContain('unknown layout (hello, world)')
})

test.each([
  ['{"holdfastChange":{"agent":"desk","change":"deploy","subject":"desk"}}', 'agent as k8s:'],
  ['{"holdfastHistory":1,"clock":"wall"}', '"simulated", "imported" or "synthetic"'],
])('%s is refused with what it lacks', (text, lacks) => {
  const { rejected } = importRuns({ file: 'a.json', bytes: bytesOf(text) })
  expect(rejected[0]?.why).toContain(lacks)
})

test('a line that is broken is rejected and the rest goes on', () => {
  const text = [JSON.stringify(RUN), '{"suite_name":', JSON.stringify(RUN)].join('\n')
  expect(importRuns({ file: 'a.jsonl', bytes: bytesOf(text) })).toMatchObject({
    read: 2,
    accepted: 10,
    rejected: [{ where: 'a.jsonl line 2', why: 'not JSON' }],
  })
})

test('random bytes, cut archives and empty files are refused without throwing', () => {
  const gz = gzipSync(JSON.stringify(RUN))
  for (const bytes of [
    new Uint8Array(0),
    Uint8Array.of(0x1f, 0x8b, 8, 0, 1),
    gz.subarray(0, gz.length - 9),
    Uint8Array.from({ length: 600 }, (_, i) => (i * 37) & 0xff),
  ])
    expect(importRuns({ file: 'x', bytes })).toMatchObject({ groups: [], accepted: 0 })
})

describe('OTLP files', () => {
  test('a protobuf request keeps its own times, marked as imported', () => {
    const imported = importRuns({
      file: '001.traces.pb',
      bytes: readFileSync(join(RECORDINGS, 'otel-genai/001.traces.pb')),
    })
    expect(imported).toMatchObject({ format: 'otlp', clock: 'imported', rejectedTotal: 0 })
    expect(
      eventsOf(imported).map((event) => [event.source.channel, event.source.clock, event.source.dialect]),
    ).toContainEqual(['import', 'imported', 'otel-genai'])
  })

  test('protobuf requests behind their lengths, as the Collector writes them, are read one by one', () => {
    const request = readFileSync(join(RECORDINGS, 'otel-genai/001.traces.pb'))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(request.length)
    const one = importRuns({ file: 'x.pb', bytes: request })
    expect(importRuns({ file: 'x.pb', bytes: Buffer.concat([length, request, length, request]) })).toMatchObject({
      read: 2,
      accepted: one.accepted * 2,
    })
  })

  test('a file of log records is told by its content where its name says nothing', () => {
    const imported = importRuns({
      file: 'export.pb',
      bytes: readFileSync(join(RECORDINGS, 'otel-genai-legacy/002.logs.pb')),
    })
    expect(eventsOf(imported).map((event) => event.body.kind)).toContain('prompt')
  })

  test('a request printed over many lines is one request', () => {
    const json: unknown = JSON.parse(readFileSync(join(RECORDINGS, 'strands/001.traces.json'), 'utf8'))
    const one = importRuns({ file: 'x.json', bytes: bytesOf(JSON.stringify(json)) })
    const printed = importRuns({ file: 'x.json', bytes: bytesOf(JSON.stringify(json, null, 2)) })
    expect(printed).toMatchObject({ read: 1, accepted: one.accepted, rejectedTotal: 0 })
  })

  test('JSON lines as the Collector writes them are read line by line', () => {
    const line = JSON.stringify(JSON.parse(readFileSync(join(RECORDINGS, 'strands/001.traces.json'), 'utf8')))
    const one = importRuns({ file: 'traces.json', bytes: bytesOf(line) })
    const two = importRuns({ file: 'traces.jsonl.gz', bytes: gzipSync(`${line}\n${line}\n`) })
    expect(one.accepted).toBeGreaterThan(0)
    expect(two).toMatchObject({ format: 'otlp', clock: 'imported', read: 2, accepted: one.accepted * 2 })
  })
})

function eventsOf({ groups }: Pick<Imported, 'groups'>): ReturnType<typeof normalise>['events'] {
  return entriesOfGroups(groups).flatMap((entry) => normalise(entry).events)
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
