import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSampleLog, randomFrom, scratchFolder } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyBundle } from './bundle.ts'

test('accepts an untouched bundle and says what it holds', async () => {
  using folder = scratchFolder()
  const { bundle, key } = await makeSampleLog(folder.path)
  // As a file holds the key, with the newline.
  const { ok, problems, facts } = verifyBundle(bundle.path, { key: `${key}\n` })
  expect({ ok, problems }).toEqual({ ok: true, problems: [] })
  expect(facts).toMatchObject({
    entries: 9,
    missing: 1,
    isKeyTrusted: true,
    origin: 'log.example/sample',
    rootHash: bundle.checkpoint.rootHash,
    about: { conversation: 'c-1', title: 'sample' },
  })
})

test('refuses a bundle whose key is not the one that was given', async () => {
  using one = scratchFolder()
  using two = scratchFolder()
  const { bundle } = await makeSampleLog(one.path)
  const { key } = await makeSampleLog(two.path)
  const { ok, problems } = verifyBundle(bundle.path, { key })
  expect(ok).toBe(false)
  expect(problems[0]).toMatchObject({ where: 'data/key.vkey' })
})

test('names what is wrong with a bundle that was cut anywhere', async () => {
  using folder = scratchFolder()
  const { bundle } = await makeSampleLog(folder.path)
  const whole = readFileSync(bundle.path)
  const copy = join(folder.path, 'cut.zip')
  for (let length = 0; length < whole.length; length += 997) {
    writeFileSync(copy, whole)
    truncateSync(copy, length)
    expect(verifyBundle(copy).problems.length, `cut at ${length}`).toBeGreaterThan(0)
  }
})

test('never throws on bytes that were never a bundle', () => {
  using folder = scratchFolder()
  const path = join(folder.path, 'noise.zip')
  const random = randomFrom(7)
  for (let i = 0; i < 200; i++) {
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256)))
    // Half of them end in a believable end record with hostile numbers.
    if (i % 2 === 0 && noise.length >= 22) noise.writeUInt32LE(0x06054b50, noise.length - 22)
    writeFileSync(path, noise)
    expect(verifyBundle(path).ok).toBe(false)
  }
  expect(verifyBundle(join(folder.path, 'absent.zip')).ok).toBe(false)
})
