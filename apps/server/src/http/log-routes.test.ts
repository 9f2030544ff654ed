import { LogReader, Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { checkpointsOf } from './log-routes.ts'

test('checkpoints are listed newest first, page by page to the first, each once', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits: { checkpointMs: 0 } })
  for (let i = 0; i < 6; i += 1) await recorder.append([groupOf([`body ${i}`])])
  await recorder.signCheckpoint()
  using reader = LogReader.open({ folder: folder.path })
  for (const limit of [1, 2, 3, 7, 100]) {
    const sizes: number[] = []
    let cursor: string | undefined
    do {
      const page = checkpointsOf(reader, { limit, ...(cursor === undefined ? {} : { cursor }) })
      expect(page.total).toBe(reader.checkpointCount())
      expect(page.items.length).toBeLessThanOrEqual(limit)
      sizes.push(...page.items.map(({ size }) => size))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(sizes).toEqual([6, 5, 4, 3, 2, 1, 0])
  }
})

test('a cursor that no list gave is refused', async () => {
  using folder = scratchFolder()
  await using _recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  using reader = LogReader.open({ folder: folder.path })
  for (const cursor of ['', '0', '-1', 'x', '1e3', '9'.repeat(40)]) {
    expect(() => checkpointsOf(reader, { cursor })).toThrow('cursor')
  }
})
