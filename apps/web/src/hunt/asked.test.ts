import { parseUnixNano, type UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { askedOf } from './asked.ts'

const now = parseUnixNano(1_795_000_000_000_000_000n) ?? (0n as UnixNano) // in range
const at = '2026-11-18T09:00:00Z'
const justAfter = '2026-11-18T09:00:00.000000001Z'

test('as of an instant nothing after it is asked for, whatever window the hunt has', () => {
  expect(askedOf({ at }, now)).toEqual({ to: justAfter })
  expect(askedOf({ at, to: '2026-11-18T10:00:00Z' }, now)).toEqual({ to: justAfter })
  expect(askedOf({ at, to: '1m ago' }, now)).toEqual({ to: justAfter })
  expect(askedOf({ at, to: '30d ago' }, now)).toEqual({ to: '30d ago' })
  expect(askedOf({ at, to: 'no time' }, now)).toEqual({ to: 'no time' })
})

test('an instant is by its own clock, and without one the clock is as chosen', () => {
  expect(askedOf({ at, by: 'known' }, now)).toEqual({ to: justAfter, clock: 'recorded' })
  expect(askedOf({ at, clock: 'recorded' }, now)).toEqual({ to: justAfter })
  expect(askedOf({ to: '2h ago', clock: 'recorded' }, now)).toEqual({ to: '2h ago', clock: 'recorded' })
})
