import { expect, test } from 'vitest'
import { holdByStanding, holdByWords } from './hold-by.ts'
import type { StandingWire } from './timeline-routes.ts'

const at = (seconds: number): string => String(BigInt(seconds) * 1_000_000_000n)

function wordsOf(state: StandingWire['harm']['state'], nowSeconds: number, held?: number): string | undefined {
  const harm = { state, words: '', because: [] }
  const heldAt = held === undefined ? {} : { heldAt: at(held) }
  const clocks = { harm: { holdBy: at(1_000), ...heldAt } } as StandingWire['clocks'] // what is read of them
  const standing = holdByStanding({ harm, clocks }, nowSeconds * 1_000)
  return standing === undefined ? undefined : holdByWords(standing)
}

test('an instant that is over while harm goes on, or may, was missed, and by how much is said', () => {
  expect(wordsOf('continuing', 960)).toBe('in 40 s')
  expect(wordsOf('continuing', 1_001)).toBe('missed by 1 s')
  expect(wordsOf('unknown', 1_190)).toBe('missed by 3 min')
  expect(wordsOf('continuing', 10_000)).toBe('missed by 2 h 30 min')
  expect(wordsOf('continuing', 1_000 + 3 * 86_400)).toBe('missed by 3 d')
})

test('what is held was held in time or late, however long ago that is, and without harm nothing was missed', () => {
  expect(wordsOf('stopped', 90_000, 970)).toBe('met, 30 s before')
  expect(wordsOf('stopped', 90_000, 1_120)).toBe('held 2 min late')
  expect(wordsOf('none-seen', 1_060)).toBe('passed 1 min ago')
  // A way that the hold does not shut, or its release, makes it no later.
  expect(wordsOf('unknown', 90_000, 1_033)).toBe('held 33 s late')
  expect(wordsOf('continuing', 90_000, 1_033)).toBe('held 33 s late')
})

test('where nothing is to be held by an instant there is nothing to say', () => {
  const harm = { state: 'continuing', words: '', because: [] } as const
  expect(holdByStanding({ harm: { ...harm, because: [] }, clocks: { harm: {} } as StandingWire['clocks'] }, 0)).toBe(
    undefined,
  )
})
