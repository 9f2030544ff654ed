import { makeSampleLog, randomFrom, scratchFolder } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyBundle } from './bundle.ts'
import { verifyFolder } from './folder.ts'
import { flipBundle, flipFolder } from './testing/flip-suite.ts'

const seed = Number(process.env['HOLDFAST_SEED'] ?? Math.floor(Math.random() * 2 ** 32))

test(`finds and names each of 2,000 random flips in a bundle (seed ${seed})`, async () => {
  using folder = scratchFolder()
  const { bundle } = await makeSampleLog(folder.path)
  expect(flipBundle(bundle.path, { count: 2000, random: randomFrom(seed) }), `seed ${seed}`).toEqual([])
  expect(verifyBundle(bundle.path).problems).toEqual([])
}, 600_000)

test(`finds and names each of 2,000 random flips in a stopped folder's database (seed ${seed})`, async () => {
  using folder = scratchFolder()
  await makeSampleLog(folder.path)
  expect(flipFolder(folder.path, { count: 2000, random: randomFrom(seed) }), `seed ${seed}`).toEqual([])
  expect(verifyFolder(folder.path).problems).toEqual([])
}, 600_000)
