import { scanOtlp } from '@holdfast/capture'
import type { UnixNano } from '@holdfast/model'
import { chat, spanIdOf, traceRequest } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { entriesOf } from '../testing/entries.ts'
import { endOfActs } from './end-of-acts.ts'
import { TRACES_LOOKED_AT } from './limits.ts'

const attributes = chat('c', { user: 'Read it.', answer: 'I did.' })

/** A log of one trace; its spans are a millisecond each, one after the other, and some name another as their parent. */
function logOf(parents: readonly (string | undefined)[]) {
  const spans = parents.map((parent) => ({
    name: 'chat',
    attributes,
    ...(parent === undefined ? {} : { parent: spanIdOf('t', Number(parent)) }),
  }))
  const body = Buffer.from(JSON.stringify(traceRequest({ service: 'desk', trace: 't', spans })))
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body, arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  const entries = entriesOf(scanned.groups, 1n as UnixNano) // a time in range
  const [first] = entries
  if (first === undefined) throw new Error('the request holds spans')
  const { traceId } = JSON.parse(Buffer.from(first.body ?? '').toString()) as { readonly traceId: string } // as it was sent
  return {
    trace: traceId,
    reader: { withTerm: (term: string) => (term === `trace:${traceId}` ? entries : []).values() },
  }
}

test('a trace is over when the span at its root came to its end', () => {
  const { trace, reader } = logOf([undefined, '0', '0'])
  const end = endOfActs(reader as never, [trace])
  expect(end).toMatchObject({ at: 1_795_000_000_001_000_000n, basis: 'inferred', entries: [0] })
})

test('one whose root is not there, that nothing is known of, or that is one of too many, is not', () => {
  const { trace, reader } = logOf(['7', '0'])
  expect(endOfActs(reader as never, [trace])).toBeUndefined()
  const whole = logOf([undefined])
  expect(endOfActs(whole.reader as never, [whole.trace, 'f'.repeat(32)])).toBeUndefined()
  expect(endOfActs(whole.reader as never, [])).toBeUndefined()
  const many = Array.from({ length: TRACES_LOOKED_AT + 1 }, () => whole.trace)
  expect(endOfActs(whole.reader as never, many)).toBeUndefined()
})
