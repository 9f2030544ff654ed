import { expect, test } from 'vitest'
import { instantOf } from './instant.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['10m', '2026-11-21T11:50:00Z'],
  ['3d', '2026-11-18T12:00:00Z'],
  ['2026-11-17T14:32:00Z', '2026-11-17T14:32:00Z'],
  ['2026-11-17T14:32:00.5+01:00', '2026-11-17T13:32:00.500Z'],
  ['1795444324', '2026-11-23T14:32:04Z'],
])('%s is %s', (text, instant) => {
  expect(instantOf('at', text, NOW)).toBe(instant)
})

test.each(['2026-11-17T14:32:00', 'yesterday', '', '2026-02-30T00:00:00Z'])(
  '"%s" is refused, because two people would read it differently',
  (text) => {
    expect(() => instantOf('at', text, NOW)).toThrow('--at')
  },
)
