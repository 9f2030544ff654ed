import { setImmediate as nextTurn } from 'node:timers/promises'
import { makeSampleLog, randomFrom, scratchFolder, seedOfRun } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyBundle } from '../bundle.ts'
import { verifyFolder } from '../folder.ts'
import type { Missed } from './flip-bytes.ts'
import { flipBundle, flipFolder } from './flip-suite.ts'

const seed = seedOfRun()
const FLIPS_AT_ONCE = 250

/** Flips of a bundle and of a stopped folder as tests; the short and the long suite differ in their number alone. */
export function testFlips({ count, timeout }: { readonly count: number; readonly timeout?: number }): void {
  const number = count.toLocaleString('en-US')
  // A long suite keeps the limit of its configuration.
  const limits = timeout === undefined ? {} : { timeout }

  test(`finds and names each of ${number} random flips in a bundle (seed ${seed})`, limits, async () => {
    using folder = scratchFolder()
    const { bundle } = await makeSampleLog(folder.path)
    const random = randomFrom(seed)
    const missed = await inTurns(count, (some) => flipBundle(bundle.path, { count: some, random }))
    expect(missed, `seed ${seed}`).toEqual([])
    expect(verifyBundle(bundle.path).problems).toEqual([])
  })

  const title = `finds and names each of ${number} random flips in a stopped folder's database (seed ${seed})`
  test(title, limits, async () => {
    using folder = scratchFolder()
    await makeSampleLog(folder.path)
    const random = randomFrom(seed)
    const missed = await inTurns(count, (some) => flipFolder(folder.path, { count: some, random }))
    expect(missed, `seed ${seed}`).toEqual([])
    expect(verifyFolder(folder.path).problems).toEqual([])
  })
}

/** A few hundred at a time: a test that holds its thread for minutes cannot tell the runner that it is alive. */
async function inTurns(count: number, flip: (count: number) => readonly Missed[]): Promise<readonly Missed[]> {
  const missed: Missed[] = []
  for (let left = count; left > 0; left -= FLIPS_AT_ONCE) {
    missed.push(...flip(Math.min(left, FLIPS_AT_ONCE)))
    await nextTurn()
  }
  return missed
}
