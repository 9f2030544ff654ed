import { parseInstant, type UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactUtc } from './time.ts'
import { exactIn, formatClockIn, formatIn, parseZone } from './zone.ts'

const ZONES = ['Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'Africa/Monrovia', undefined]
const AT = 1_795_224_004_123_456_789n

test('a time in a zone has the offset that the zone had then', () => {
  expect(formatIn(AT, 'Europe/Berlin')).toBe('2026-11-21 02:20:04.123 +01:00')
  expect(formatClockIn(AT, 'Asia/Kathmandu')).toBe('07:05:04.123 +05:45')
  expect(exactIn(AT, 'America/New_York')).toBe('2026-11-20T20:20:04.123456789-05:00')
  // In summer: the offset is of the instant, not of today.
  expect(formatIn(1_782_000_000_000_000_000n, 'Europe/Berlin')).toMatch(/ \+02:00$/)
})

test('whatever the zone, what is shown can be pasted and is the same instant', () => {
  const now = 0n as UnixNano // 0 is a time
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 63n) - 1n), fc.constantFrom(...ZONES), (nanos, zone) => {
      expect(parseInstant(exactIn(nanos, zone), { now })).toMatchObject({ status: 'ok', at: nanos })
      const at = nanos - (nanos % 1_000_000n)
      expect(parseInstant(formatIn(nanos, zone), { now })).toMatchObject({ status: 'ok', at })
    }),
  )
})

test('where nobody names a zone, and where one cannot be written, it is UTC and says so', () => {
  expect(formatIn(AT, undefined)).toBe('2026-11-21 01:20:04.123 UTC')
  expect(exactIn(AT, undefined)).toBe(exactUtc(AT))
  expect(formatIn(AT, 'Mars/Olympus')).toBe('2026-11-21 01:20:04.123 UTC')
  // Liberia was 44 minutes and 30 seconds behind until 1972.
  expect(formatIn(0n, 'Africa/Monrovia')).toBe('1970-01-01 00:00:00.000 UTC')
})

test('a zone is known by its name in any case, and UTC by any of its names is none', () => {
  expect(parseZone('europe/berlin')).toBe('Europe/Berlin')
  for (const utc of ['UTC', 'Etc/UTC', 'etc/gmt', 'GMT', 'Zulu']) expect(parseZone(utc)).toBeUndefined()
  for (const none of ['', 'Mars/Olympus', 'Europe', '<b>']) expect(parseZone(none)).toBeUndefined()
})
