import { makeSampleLog, randomFrom, scratchFolder } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyBundle } from '../bundle.ts'
import { verifyFolder } from '../folder.ts'
import { flipBundle, flipFolder } from './flip-suite.ts'

const seed = Number(process.env['HOLDFAST_SEED'] ?? Math.floor(Math.random() * 2 ** 32))

/** Flips of a bundle and of a stopped folder as tests; the short and the long suite differ in their number alone. */
export function testFlips({ count, timeout }: { readonly count: number; readonly timeout: number }): void {
  const number = count.toLocaleString('en-US')

  test(`finds and names each of ${number} random flips in a bundle (seed ${seed})`, { timeout }, async () => {
    using folder = scratchFolder()
    const { bundle } = await makeSampleLog(folder.path)
    expect(flipBundle(bundle.path, { count, random: randomFrom(seed) }), `seed ${seed}`).toEqual([])
    expect(verifyBundle(bundle.path).problems).toEqual([])
  })

  const title = `finds and names each of ${number} random flips in a stopped folder's database (seed ${seed})`
  test(title, { timeout }, async () => {
    using folder = scratchFolder()
    await makeSampleLog(folder.path)
    expect(flipFolder(folder.path, { count, random: randomFrom(seed) }), `seed ${seed}`).toEqual([])
    expect(verifyFolder(folder.path).problems).toEqual([])
  })
}
