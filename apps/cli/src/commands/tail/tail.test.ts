import type { ApiEvent } from '@holdfast/api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paintFor, plain } from '../../render/colour.ts'
import { eventLine } from './event-line.ts'
import { readEventStream } from './event-stream.ts'
import { filterOf } from './run.ts'
import { parseSince } from './since.ts'

const event: ApiEvent = {
  id: 'e1',
  entry: 7,
  kind: 'tool-call',
  label: 'refund \u001b[2J 12',
  claimedAt: '1795224004000000000',
  recordedAt: '1795224004123456789',
  agent: { id: 'host:-/desk', name: 'desk', member: 'triage' },
  source: {
    channel: 'otlp',
    instance: 'http:4318',
    credential: 'loopback',
    tier: 'self-reported',
    clock: 'synthetic',
    dialect: 'otel-genai',
    instrumentation: 'x 1',
  },
  conversation: 'c1',
  facts: {},
  contents: [],
}

test('an event is one inert line that says whose clock it has', () => {
  const line = eventLine(event, { paint: plain, isWide: true, highlight: ['refund'] })
  expect(line).toBe(
    '2026-11-21T01:20:04.123Z  desk/triage               tool-call        refund ␛[2J 12  [synthetic clock]  #7 c1 self-reported otel-genai\n',
  )
})

test('highlighted text is marked, whatever its case and its pattern characters', () => {
  const paint = paintFor({ isTerminal: true }, {})
  const line = eventLine({ ...event, label: 'a.b A.B axb' }, { paint, isWide: false, highlight: ['a.b'] })
  expect(line).toContain('\u001b[7ma.b\u001b[27m \u001b[7mA.B\u001b[27m axb')
})

test('include takes any of its words, exclude none of them, kind is exact', () => {
  expect(filterOf({ include: ['nothing', 'REFUND'] })(event)).toBe(true)
  expect(filterOf({ include: ['nothing'] })(event)).toBe(false)
  expect(filterOf({ exclude: ['triage'] })(event)).toBe(false)
  expect(filterOf({ kind: ['tool'] })(event)).toBe(false)
  expect(filterOf({ kind: ['step', 'tool-call'], exclude: ['other'] })(event)).toBe(true)
})

test.each([
  ['#12', { kind: 'entry', entry: 12 }],
  ['10m', { kind: 'time', time: 1_795_223_400_000_000_000n }],
  ['1795224004', { kind: 'time', time: 1_795_224_004_000_000_000n }],
  ['1795224004123', { kind: 'time', time: 1_795_224_004_123_000_000n }],
  ['1795224004123456', { kind: 'time', time: 1_795_224_004_123_456_000n }],
  ['1795224004123456789', { kind: 'time', time: 1_795_224_004_123_456_789n }],
  ['2026-11-21T01:20:04Z', { kind: 'time', time: 1_795_224_004_000_000_000n }],
  ['2026-11-21 02:20:04+01:00', { kind: 'time', time: 1_795_224_004_000_000_000n }],
])('--since understands %s', (text, since) => {
  expect(parseSince(text, 1_795_224_000_000)).toEqual(since)
})

test.each(['2026-11-21T01:20:04', '2026-11-21 01:20', 'yesterday', '', '#', '10 m', '99999999999999999999'])(
  '--since refuses %j',
  (text) => {
    expect(() => parseSince(text, 0)).toThrow(/--since/)
  },
)

test('a stream gives the same messages however it is cut into chunks', async () => {
  const text = ': open\n\nevent: event\r\nid: 7\r\ndata: {"a":"ü"}\r\n\r\n: beat\n\ndata: one\ndata:two\n\n'
  const bytes = new TextEncoder().encode(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts, bytes.length].toSorted((a, b) => a - b)
      const chunks = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
      const messages = []
      for await (const message of readEventStream(ReadableStream.from(chunks))) messages.push(message)
      expect(messages).toEqual([
        { event: 'event', id: '7', data: '{"a":"ü"}' },
        { event: 'message', id: '', data: 'one\ntwo' },
      ])
    }),
  )
})
