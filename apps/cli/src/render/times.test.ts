import { expect, test } from 'vitest'
import { withReadableTimes } from './times.ts'

test('nanoseconds of the API become RFC 3339 with every digit that counts, wherever they stand', () => {
  const node = { claimedAt: '1763700000000000001', label: '1763700000000000001', events: ['a'] }
  expect(withReadableTimes({ nodes: [node], first: '1763700000500000000' })).toEqual({
    nodes: [{ claimedAt: '2025-11-21T04:40:00.000000001Z', label: '1763700000000000001', events: ['a'] }],
    first: '2025-11-21T04:40:00.500Z',
  })
})

test('a time that is readable already, and a first or last that is no time, stay as they are', () => {
  const document = { recordedAt: '2025-11-21T04:40:00Z', first: 'Ada', last: 3 }
  expect(withReadableTimes(document)).toEqual(document)
})
