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
