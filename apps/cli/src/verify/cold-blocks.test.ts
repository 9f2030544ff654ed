import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyFolder } from './folder.ts'

const LATER = 1_800_000_000_000_000_000n as UnixNano // any 64 bits are
const WHY = { by: 'admin', reason: 'old' }

test('covers what lies in cold storage, and every byte of its files', async () => {
  using folder = scratchFolder()
  const [path = ''] = await coolLog(folder.path)
  expect(verifyFolder(folder.path)).toMatchObject({ ok: true, facts: { coldFiles: 1, segments: 4 } })
  const whole = readFileSync(path)
  for (const at of [0, 20, 40, whole.length - 1]) {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(path, bytes)
    expect(verifyFolder(folder.path), `byte ${at}`).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([
        expect.objectContaining({ where: expect.stringMatching(/^segment at entry|\.cold$/) }),
      ]),
    })
  }
})

test('names the entries whose cold storage is not there', async () => {
  using folder = scratchFolder()
  const [path = ''] = await coolLog(folder.path)
  renameSync(path, `${path}.away`)
  const { ok, problems } = verifyFolder(folder.path)
  expect(ok).toBe(false)
  expect(problems[0]).toMatchObject({ where: 'segment at entry 0', what: expect.stringContaining(path) })
})

test('reads no pipe or device that a log was made to name as its cold storage', async () => {
  using folder = scratchFolder()
  const [path = ''] = await coolLog(folder.path)
  rmSync(path)
  execFileSync('mkfifo', [path])
  expect(verifyFolder(folder.path).problems[0]).toMatchObject({ where: 'segment at entry 0' })
  const db = new DatabaseSync(join(folder.path, 'log.db'))
  db.exec(`UPDATE cold_files SET folder = '/dev', name = 'zero'`)
  db.close()
  expect(verifyFolder(folder.path).problems).toContainEqual(
    expect.objectContaining({
      where: 'segment at entry 0',
      what: expect.stringContaining('/dev/zero, which is not there'),
    }),
  )
}, 20_000)

test('is whole again after a restore', async () => {
  using folder = scratchFolder()
  await coolLog(folder.path)
  {
    await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(LATER) })
    await recorder.cold.restore(WHY)
  }
  expect(readdirSync(join(folder.path, 'cold'))).toEqual([])
  expect(verifyFolder(folder.path)).toMatchObject({ ok: true, facts: { coldFiles: 0 } })
})

async function coolLog(folder: string): Promise<readonly string[]> {
  await using recorder = await Recorder.open({ folder, clock: steadyClock(), limits: { segmentEntries: 4 } })
  await recorder.append([groupOf(Array.from({ length: 8 }, (_, i) => `entry ${i}`))])
  return (await recorder.cold.cool({ before: LATER, ...WHY })).files
}
