import { expect, test } from 'vitest'

import { MAX_BATCH_CHARS } from '../limits.ts'
import { decodeSpans } from '../testing/decode-spans.ts'
import { SpanQueue } from './span-queue.ts'
import type { FinishedSpan } from './span.ts'

/** A queue whose requests are kept as lists of span names. `delayMs` never passes in these tests. */
function keepingQueue(bounds: { readonly queuedSpans: number; readonly batchSpans: number }): {
  readonly queue: SpanQueue
  readonly requests: (readonly string[])[]
} {
  const requests: (readonly string[])[] = []
  const queue = new SpanQueue({
    ...bounds,
    delayMs: 1_000_000,
    resource: new Map(),
    scope: { name: 's', version: '1' },
    send: async (body) => {
      requests.push(decodeSpans(body).map((span) => span.name))
      return { status: 'delivered' }
    },
  })
  return { queue, requests }
}

function span(name: string, text = ''): FinishedSpan {
  return {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    parentSpanId: undefined,
    name,
    kind: 'internal',
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: new Map([['text', text]]),
    error: undefined,
  }
}

test('spans leave in the order in which they came, in batches of the given size', async () => {
  const { queue, requests } = keepingQueue({ queuedSpans: 100, batchSpans: 2 })
  for (const name of ['a', 'b', 'c', 'd', 'e']) queue.add(span(name))
  await queue.flush()
  expect(requests.flat()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(Math.max(...requests.map((names) => names.length))).toBe(2)
})

test('a request stays below the bound on its text, and a span beyond it goes alone', async () => {
  const { queue, requests } = keepingQueue({ queuedSpans: 100, batchSpans: 100 })
  const half = 'x'.repeat(MAX_BATCH_CHARS / 2)
  queue.add(span('half', half))
  queue.add(span('other half', half))
  queue.add(span('huge', `${half}${half}${half}`))
  queue.add(span('small'))
  await queue.flush()
  expect(requests).toEqual([['half', 'other half'], ['huge'], ['small']])
})

test('flushing an empty queue sends nothing', async () => {
  const { queue, requests } = keepingQueue({ queuedSpans: 2, batchSpans: 2 })
  await queue.flush()
  expect(requests).toEqual([])
})

test('a span that comes after shutdown is counted as dropped', async () => {
  const { queue, requests } = keepingQueue({ queuedSpans: 2, batchSpans: 2 })
  queue.add(span('before'))
  await queue.shutdown()
  queue.add(span('after'))
  await queue.shutdown()
  expect(requests).toEqual([['before']])
  expect(queue.droppedSpans).toBe(1)
})

test('a sender that rejects costs its batch, which is counted, and not the next one', async () => {
  const requests: string[] = []
  const queue = new SpanQueue({
    queuedSpans: 10,
    batchSpans: 10,
    delayMs: 1_000_000,
    resource: new Map(),
    scope: { name: 's', version: '1' },
    send: async (body) => {
      requests.push(body)
      if (requests.length === 1) throw new Error('the wire is cut')
      return { status: 'delivered' }
    },
  })
  queue.add(span('lost'))
  await queue.flush()
  expect(queue.droppedSpans).toBe(1)
  queue.add(span('delivered'))
  await queue.flush()
  expect([requests.length, queue.droppedSpans]).toEqual([2, 1])
})
