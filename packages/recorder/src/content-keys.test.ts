import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FIND_KEY } from './content-keys.ts'
import { openForWriting } from './database.ts'
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

test('a key is found among those of any number of agents without reading the others', () => {
  using scratch = scratchFolder()
  const db = openForWriting(join(scratch.path, 'log.db'), 0)
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${FIND_KEY}`).all('', '', '', '')
  db.close()
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^SEARCH .*content_keys_by_scope/)])
})
