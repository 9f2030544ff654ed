import { scanOtlp } from '@holdfast/capture'
import type { LogEntry, UnixNano } from '@holdfast/model'
import { traceRequest } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { FOLD_BATCH_BYTES, FOLD_BATCH_ENTRIES, FOLD_BATCH_EVENTS } from '../limits.ts'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { nextBatch } from './next-batch.ts'

const AT = 1_763_700_000_000_000_000n as UnixNano // one fixed instant
const [ENTRY] = entriesOf(recordedGroups('otel-genai'), AT)

test('a batch ends at its number of entries', () => {
  expect(nextBatch(endless(ENTRY?.body ?? new Uint8Array(0)))).toHaveLength(FOLD_BATCH_ENTRIES)
})

test('a batch of large bodies ends with the one that reaches the bound on bytes', () => {
  expect(nextBatch(endless(new Uint8Array(FOLD_BATCH_BYTES / 4)))).toHaveLength(4)
  expect(nextBatch(endless(new Uint8Array(FOLD_BATCH_BYTES + 1)))).toHaveLength(1)
})

test('a batch of small records of thousands of messages ends with the one that reaches the bound on events', () => {
  const messages = 10_000
  const inputs = nextBatch(entriesWith(messages))
  const events = inputs.reduce((sum, input) => sum + input.events.length, 0)
  expect(inputs.length).toBeLessThanOrEqual(Math.ceil(FOLD_BATCH_EVENTS / messages))
  expect(events).toBeGreaterThanOrEqual(FOLD_BATCH_EVENTS)
})

function* endless(body: Uint8Array, like: LogEntry | undefined = ENTRY) {
  if (like === undefined) throw new Error('the fixture holds an entry')
  for (let index = 0; ; index++) yield { ...like, index, body }
}

/** A model call with so many empty messages, over and over: 27 bytes each. */
function entriesWith(messages: number) {
  const history = Array.from({ length: messages }, () => ({ role: 'user', parts: [] }))
  const request = traceRequest({
    service: 'desk',
    trace: 'long',
    spans: [
      {
        name: 'chat',
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': JSON.stringify(history) },
      },
    ],
  })
  const scanned = scanOtlp({
    signal: 'traces',
    encoding: 'json',
    body: Buffer.from(JSON.stringify(request)),
    arrival: { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' },
  })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  const [entry] = entriesOf(scanned.groups, AT)
  return endless(entry?.body ?? new Uint8Array(0), entry)
}
