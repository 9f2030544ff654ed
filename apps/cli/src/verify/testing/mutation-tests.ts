import { setImmediate as nextTurn } from 'node:timers/promises'
import { makeSampleRow, randomFrom, scratchFolder, seedOfRun } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyAudit } from '../audit.ts'
import { missedMutations, rewritten } from './mutate-pack.ts'

const seed = seedOfRun()
const AT_ONCE = 36

/** Entries altered, dropped, put in another order and evicted; the short and the long suite differ in their number alone. */
export function testMutations({ count, timeout }: { readonly count: number; readonly timeout?: number }): void {
  const limits = timeout === undefined ? {} : { timeout }
  const title = `REC-8: each of ${count.toLocaleString('en-US')} mutations of a pack fails with its entry named (seed ${seed})`
  test(title, limits, async () => {
    using folder = scratchFolder()
    const { pack, entries } = await makeSampleRow(folder.path)
    expect(verifyAudit(pack).problems).toEqual([])
    // The one that writes them anew changes nothing by itself.
    expect(verifyAudit(rewritten(pack)).problems).toEqual([])
    const random = randomFrom(seed)
    for (let left = count; left > 0; left -= AT_ONCE) {
      expect(missedMutations(pack, { entries, count: Math.min(left, AT_ONCE), random }), `seed ${seed}`).toEqual([])
      await nextTurn()
    }
  })
}
