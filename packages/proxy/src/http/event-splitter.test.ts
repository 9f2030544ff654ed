import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventSplitter } from './event-splitter.ts'

test.each(['\n', '\r\n', '\r'])('events ended by %j are told whole, however the stream is cut', (end) => {
  const stream = Buffer.from(
    [': hello', '', 'event: message', 'id: 7', 'data: {"a":1}', '', 'data: two', 'data: lines', '', ''].join(end),
  )
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 10 }), (cuts) => {
      const splitter = new EventSplitter(1_000)
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const told = places.flatMap((from, i) => splitter.push(stream.subarray(from, places[i + 1] ?? stream.length)))
      expect(told).toEqual(['{"a":1}', 'two\nlines'])
    }),
  )
})

test('an event beyond the bound is told as not kept, and the next one whole', () => {
  const splitter = new EventSplitter(16)
  const told = ['data: 0123456789', '0123456789', '\n\ndata: next\n\n'].flatMap((text) =>
    splitter.push(Buffer.from(text)),
  )
  expect(told).toEqual([undefined, 'next'])
})

// Both took minutes where every chunk was searched from the start of what is held, or to its end for each event.
test('an event in thousands of chunks and thousands of events in a chunk are told in time that grows with them', () => {
  const splitter = new EventSplitter(15 * 1024 * 1024)
  const chunk = Buffer.alloc(4_096, 'x')
  splitter.push(Buffer.from('data: '))
  for (let i = 0; i < 3_500; i += 1) expect(splitter.push(chunk)).toEqual([])
  expect(splitter.push(Buffer.from('\n\n')).map((data) => data?.length)).toEqual([3_500 * 4_096])
  expect(splitter.push(Buffer.from('data: y\n\n'.repeat(100_000)))).toHaveLength(100_000)
})
