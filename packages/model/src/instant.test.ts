import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInstant } from './instant.ts'
import { formatRfc3339, parseUnixNano, type UnixNano } from './time.ts'

const NOW = nano(Date.parse('2026-11-21T20:00:00Z') * 1e6)

function nano(value: bigint | number): UnixNano {
  const time = parseUnixNano(BigInt(value))
  if (time === undefined) throw new Error('out of range')
  return time
}

function read(text: string): string {
  const parsed = parseInstant(text, { now: NOW })
  switch (parsed.status) {
    case 'ok':
      return formatRfc3339(parsed.at)
    case 'needs-zone':
      return `zone? ${parsed.inUtc}`
    case 'bad':
      return `bad: ${parsed.reason}`
  }
}

test.each([
  ['2026-11-21T14:32:00Z', '2026-11-21T14:32:00Z'],
  ['2026-11-21t14:32:00z', '2026-11-21T14:32:00Z'],
  ['2026-11-21T14:32Z', '2026-11-21T14:32:00Z'],
  ['2026-11-21T14:32:00.123456789+05:30', '2026-11-21T09:02:00.123456789Z'],
  ['2026-11-21 01:20:04.123 UTC', '2026-11-21T01:20:04.123Z'],
  ['2026-11-21 14:32:00.5 +0000 UTC m=+0.012', '2026-11-21T14:32:00.500Z'],
  ['"2026-11-21T14:32:00.000000Z",', '2026-11-21T14:32:00Z'],
  ['20261121T1435Z', '2026-11-21T14:35:00Z'],
  ['November 21, 2026, 14:32:00 (UTC+01:00)', '2026-11-21T13:32:00Z'],
  ['[21/Nov/2026:14:32:00 +0100]', '2026-11-21T13:32:00Z'],
  ['Sat, 21 Nov 2026 14:32:00 GMT', '2026-11-21T14:32:00Z'],
  ['Sat Nov 21 14:32:00 UTC 2026', '2026-11-21T14:32:00Z'],
  ['Nov  1 14:32:00 UTC', '2026-11-01T14:32:00Z'],
  ['Dec 24 14:32:00 UTC', '2025-12-24T14:32:00Z'],
  ['1795444324', '2026-11-23T14:32:04Z'],
  ['1795444324.25', '2026-11-23T14:32:04.250Z'],
  ['1795444324123', '2026-11-23T14:32:04.123Z'],
  ['1795444324123456', '2026-11-23T14:32:04.123456Z'],
  ['1795444324123456789', '2026-11-23T14:32:04.123456789Z'],
  ['14:32Z', '2026-11-21T14:32:00Z'],
  ['23:15 UTC', '2026-11-20T23:15:00Z'],
  ['23:15:00+05:00', '2026-11-21T18:15:00Z'],
  ['2h ago', '2026-11-21T18:00:00Z'],
  ['-30m', '2026-11-21T19:30:00Z'],
  ['1d12h ago', '2026-11-20T08:00:00Z'],
  ['90 min ago', '2026-11-21T18:30:00Z'],
  ['+5m', '2026-11-21T20:05:00Z'],
  ['10m', '2026-11-21T19:50:00Z'],
  ['now', '2026-11-21T20:00:00Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
])('%s is %s', (text, instant) => {
  expect(read(text)).toBe(instant)
})

test.each([
  ['2026-11-21 14:32', '2026-11-21T14:32:00Z'],
  ['2026-11-21', '2026-11-21T00:00:00Z'],
  ['14:32', '2026-11-21T14:32:00Z'],
  ['Nov 21 14:32:00', '2026-11-21T14:32:00Z'],
  ['I1121 14:32:00.123456', '2026-11-21T14:32:00.123456Z'],
])('%s asks for a zone', (text, inUtc) => {
  expect(read(text)).toBe(`zone? ${inUtc}`)
})

test.each([
  '',
  'yesterday',
  '2026-02-30T00:00:00Z',
  '2026-11-21T24:00:00Z',
  '2026-11-21T14:32:00+24:00',
  '12',
  '-2h ago',
  '1969-12-31T23:59:59Z',
  '2026-11-21T14:32:00 CET',
  '5 parsecs',
  `${'9'.repeat(20)}`,
  'x'.repeat(81),
])('"%s" is no time, and the reason is said', (text) => {
  expect(read(text)).toMatch(/^bad: ./)
})

test('the unit of an epoch is said', () => {
  expect(parseInstant('1795444324123', { now: NOW })).toMatchObject({
    understood: '2026-11-23T14:32:04.123Z (epoch in milliseconds)',
  })
})

describe('every printed form reads back as the same instant', () => {
  const SECOND = 1_000_000_000n
  /** From 1973, where an epoch in seconds has nine digits, to 2286, where it has eleven. */
  const instant = fc.bigInt({ min: 100_000_000n * SECOND, max: 9_223_372_036n * SECOND }).map(nano)
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 })

  function shifted(at: UnixNano, minutes: number): string | undefined {
    const moved = parseUnixNano(at + BigInt(minutes) * 60n * SECOND)
    return moved === undefined ? undefined : formatRfc3339(moved).slice(0, -1)
  }

  function offsetText(minutes: number, colon: string): string {
    const size = Math.abs(minutes)
    const pad = (value: number): string => String(value).padStart(2, '0')
    return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${colon}${pad(size % 60)}`
  }

  const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

  type Printed = readonly [text: string, precision: bigint]
  const printers: Readonly<Record<string, (at: UnixNano, minutes: number) => Printed>> = {
    'RFC 3339': (at) => [formatRfc3339(at), 1n],
    'RFC 3339 with an offset': (at, minutes) => [`${shifted(at, minutes)}${offsetText(minutes, ':')}`, 1n],
    'space and UTC': (at) => [`${formatRfc3339(at).slice(0, -1).replace('T', ' ')} UTC`, 1n],
    Go: (at, minutes) => [`${shifted(at, minutes)?.replace('T', ' ')} ${offsetText(minutes, '')}`, 1n],
    'Kubernetes seconds': (at) => [`${formatRfc3339(at).slice(0, 19)}Z`, SECOND],
    'epoch in s': (at) => [String(at / SECOND), SECOND],
    'epoch in s with a fraction': (at) => [`${at / SECOND}.${String(at % SECOND).padStart(9, '0')}`, 1n],
    'epoch in ms': (at) => [String(at / 1_000_000n), 1_000_000n],
    'epoch in us': (at) => [String(at / 1000n), 1000n],
    'epoch in ns': (at) => [String(at), 1n],
    'CloudTrail file name': (at) => [`${formatRfc3339(at).slice(0, 19).replaceAll(/[-:]/g, '')}Z`, SECOND],
    'access log': (at, minutes) => {
      const [year, month, day, clock] = splitOf(shifted(at, minutes))
      return [`[${day}/${NAMES[Number(month) - 1]}/${year}:${clock} ${offsetText(minutes, '')}]`, SECOND]
    },
    'HTTP date': (at) => [new Date(Number(at / 1_000_000n)).toUTCString(), SECOND],
    date: (at) => {
      const [year, month, day, clock] = splitOf(shifted(at, 0))
      return [`${NAMES[Number(month) - 1]} ${String(Number(day)).padStart(2, ' ')} ${clock} UTC ${year}`, SECOND]
    },
  }

  function splitOf(iso: string | undefined): readonly string[] {
    return [iso?.slice(0, 4) ?? '', iso?.slice(5, 7) ?? '', iso?.slice(8, 10) ?? '', iso?.slice(11, 19) ?? '']
  }

  test.each(Object.entries(printers))('%s', (_, print) => {
    fc.assert(
      fc.property(instant, offset, (at, minutes) => {
        const [text, precision] = print(at, minutes)
        expect(parseInstant(text, { now: NOW })).toMatchObject({ status: 'ok', at: at - (at % precision) })
      }),
      { numRuns: 300 },
    )
  })

  test('what a time without a zone is offered as is understood', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const asked = parseInstant(formatRfc3339(at).slice(0, 19), { now: NOW })
        expect(asked.status).toBe('needs-zone')
        const again = asked.status === 'needs-zone' ? parseInstant(asked.inUtc, { now: NOW }) : asked
        expect(again).toMatchObject({ status: 'ok', at: at - (at % SECOND) })
      }),
    )
  })

  test('any text has an answer', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        expect(['ok', 'needs-zone', 'bad']).toContain(parseInstant(text, { now: NOW }).status)
      }),
      { numRuns: 1000 },
    )
  })
})
