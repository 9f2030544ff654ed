import type { ReceiverVerdict } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { NAMES_SHOWN } from './limits.ts'
import { receiversShown, verdictCounts } from './scope-answer.ts'

function receivers(verdict: ReceiverVerdict['verdict'], count: number): readonly ReceiverVerdict[] {
  return Array.from({ length: count }, (_, at) => ({
    receiver: `${verdict}-${at}`,
    verdict,
    words: '',
    handovers: [],
    entries: [],
  }))
}

test('S2 of more receivers than are listed all are counted, and those to be decided on are listed first', () => {
  const all = [...receivers('cleared', NAMES_SHOWN), ...receivers('undecided', NAMES_SHOWN + 200)]
  expect(verdictCounts(all)).toEqual({ tainted: 0, undecided: NAMES_SHOWN + 200, cleared: NAMES_SHOWN })
  const shown = receiversShown(all)
  expect(shown.length).toBe(NAMES_SHOWN)
  expect(new Set(shown.map(({ verdict }) => verdict))).toEqual(new Set(['undecided']))
})
