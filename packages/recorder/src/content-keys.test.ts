import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LogReader } from './log-reader.ts'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/index.ts'

test('a log does not open with a master key that is not its own, and nothing is written to it', async () => {
  using scratch = scratchFolder()
  const options = { folder: scratch.path, clock: steadyClock() }
  const first = await Recorder.open(options)
  await first.append([groupOf(['a', 'b'])])
  const size = first.size
  await first[Symbol.asyncDispose]()
  const path = join(scratch.path, 'master.key')
  const own = readFileSync(path)
  writeFileSync(path, `${randomBytes(32).toString('hex')}\n`)
  await expect(Recorder.open(options)).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('master.key') as string,
  })
  writeFileSync(path, own)
  const again = await Recorder.open(options)
  expect(again.size).toBe(size)
  await again.append([groupOf(['c'])])
  await again[Symbol.asyncDispose]()
  using reader = LogReader.open(options)
  expect([...reader.entries({ from: 0 })].filter(({ body }) => body === undefined)).toEqual([])
})
