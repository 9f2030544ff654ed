import { parseInstant, type UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactUtc, formatAgo, formatUtc, millisBetween, parseWireTime, splitTimes } from './time.ts'

test('every time that is shown names its zone, and its exact form reads back to the same nanosecond', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 64n) - 1n), (nanos) => {
      expect(formatUtc(nanos)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/)
      expect(parseWireTime(exactUtc(nanos))).toBe(nanos)
      expect(parseWireTime(nanos.toString())).toBe(nanos)
    }),
  )
})

test('what the workspace prints can be pasted into any field for a time', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 64n) - 1n), (nanos) => {
      const now = 0n as UnixNano // 0 is a time
      expect(parseInstant(exactUtc(nanos), { now })).toMatchObject({ status: 'ok', at: nanos })
      expect(parseInstant(formatUtc(nanos), { now })).toMatchObject({ status: 'ok', at: nanos - (nanos % 1_000_000n) })
    }),
  )
})

test('a time without a zone is no time', () => {
  expect(parseWireTime('2026-11-21T01:20:04')).toBeUndefined()
  expect(parseWireTime('yesterday')).toBeUndefined()
  expect(parseWireTime('2026-11-21T02:20:04.000000001+01:00')).toBe(1_795_224_004_000_000_001n)
})

test('how long ago is said in the unit that fits', () => {
  const now = 1_795_224_004_000
  const at = (seconds: number) => BigInt(now - seconds * 1000) * 1_000_000n
  expect([1, 44, 200, 7_300, 400_000, -60].map((seconds) => formatAgo(at(seconds), now))).toEqual([
    'now',
    '44 s ago',
    '3 min ago',
    '2 h ago',
    '4 d ago',
    'in 1 min',
  ])
})

test('a duration keeps what numbers would lose of nanoseconds', () => {
  expect(millisBetween('1795224004000000000', '1795224004001500000')).toBe(1.5)
})

test('times in a sentence are found, and nothing of the sentence is lost', () => {
  expect(splitTimes('none since 2026-11-22T08:00:02.555Z')).toEqual([
    { text: 'none since ', time: '2026-11-22T08:00:02.555Z' },
    { text: '' },
  ])
  expect(splitTimes('from 2026-11-22T08:00:02Z to 2026-11-23T08:00:02Z or 2026-11-23')).toEqual([
    { text: 'from ', time: '2026-11-22T08:00:02Z' },
    { text: ' to ', time: '2026-11-23T08:00:02Z' },
    { text: ' or 2026-11-23' },
  ])
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(splitTimes(text).map(({ text: piece, time = '' }) => piece + time)).toEqual([text])
    }),
  )
})
