import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Recorder } from '../recorder.ts'
import { groupOf, scratchFolder, steadyClock } from '../testing/groups.ts'

test('gives equal bytes for equal requests, whatever order the entries are named in', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(['a', 'b', 'c'])])
  const paths = [
    [0, 2],
    [2, 0, 2],
  ].map((entries, i) => ({ entries, out: join(folder.path, `${i}.zip`) }))
  for (const { entries, out } of paths) {
    const summary = await recorder.exportBundle({ entries, about: { b: 1, a: 2 }, out })
    expect(summary).toMatchObject({ entries: 2, missing: 0, bytes: readFileSync(out).length })
  }
  const [one, two] = paths.map(({ out }) => readFileSync(out))
  expect(one !== undefined && two !== undefined && one.equals(two)).toBe(true)
})

test('goes on acknowledging while a bundle is written, and covers what was there when it was asked for', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(Array.from({ length: 5000 }, (_, i) => `entry ${i}`))])
  const entries = Array.from({ length: 5000 }, (_, i) => i)
  let isDone = false
  const exporting = recorder
    .exportBundle({ entries, about: {}, out: join(folder.path, 'bundle.zip') })
    .finally(() => (isDone = true))
  let acknowledged = 0
  while (!isDone) {
    await recorder.append([groupOf([`later ${acknowledged}`])])
    acknowledged += 1
  }
  expect(await exporting).toMatchObject({ entries: 5000, missing: 0, checkpoint: { size: expect.any(Number) } })
  expect(acknowledged).toBeGreaterThan(5)
})

test('refuses entries that are not there and names that are its own, and leaves no file behind', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(['a'])])
  const out = join(folder.path, 'bundle.zip')
  await expect(recorder.exportBundle({ entries: [7], about: {}, out })).rejects.toMatchObject({ code: 'invalid' })
  for (const name of ['checkpoint', 'bodies/9', '../escape', '/root', 'a//b', '']) {
    const files = new Map([[name, Buffer.of(1)]])
    const exported = recorder.exportBundle({ entries: [0], about: {}, out, files })
    await expect(exported, name).rejects.toMatchObject({ code: 'invalid' })
  }
  expect(existsSync(out) || existsSync(`${out}.partial`)).toBe(false)
})
