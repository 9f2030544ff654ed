import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyFolder } from './folder.ts'

test('a log that begins with the entries of a kept checkpoint holds', async () => {
  using scratch = scratchFolder()
  const folder = join(scratch.path, 'log')
  const notes = [await grow(folder, 'a', 10), await grow(folder, 'b', 300), await grow(folder, 'c', 7)]
  for (const note of notes) {
    expect(verifyFolder(folder, { kept: { name: 'kept.txt', note } })).toMatchObject({
      ok: true,
      facts: { kept: { size: Number(note.split('\n')[1]) } },
    })
  }
})

test('a log that was put back to an older copy is shorter than the kept checkpoint', async () => {
  using scratch = scratchFolder()
  const folder = join(scratch.path, 'log')
  const older = join(scratch.path, 'older')
  await grow(folder, 'a', 10)
  cpSync(folder, older, { recursive: true })
  const note = await grow(folder, 'b', 10)
  expect(verifyFolder(older).ok).toBe(true)
  expect(verifyFolder(older, { kept: { name: 'kept.txt', note } })).toMatchObject({
    ok: false,
    problems: [{ where: 'kept.txt', what: expect.stringMatching(/^covers 20 entries, the log has 10: it was rolled/) }],
  })
})

test('a log that was rewritten and signed again does not begin with the kept checkpoint', async () => {
  using scratch = scratchFolder()
  const folder = join(scratch.path, 'log')
  const forged = join(scratch.path, 'forged')
  await grow(folder, 'a', 10)
  cpSync(folder, forged, { recursive: true })
  const note = await grow(folder, 'b', 10)
  await grow(forged, 'forged', 30)
  expect(verifyFolder(forged).ok).toBe(true)
  expect(verifyFolder(forged, { kept: { name: 'kept.txt', note } })).toMatchObject({
    ok: false,
    problems: [{ where: 'kept.txt', what: expect.stringContaining('it was rewritten') }],
  })
})

test('what is no checkpoint of this log is named, never compared', async () => {
  using scratch = scratchFolder()
  const folder = join(scratch.path, 'log')
  const note = await grow(folder, 'a', 10)
  const other = await grow(join(scratch.path, 'other'), 'a', 10)
  for (const wrong of [other, 'nonsense', note.replace('\n10\n', '\n9\n')]) {
    const { ok, problems, facts } = verifyFolder(folder, { kept: { name: 'kept.txt', note: wrong } })
    expect({ ok, where: problems.map(({ where }) => where), kept: facts.kept }).toEqual({
      ok: false,
      where: ['kept.txt'],
      kept: undefined,
    })
  }
})

/** Adds entries to a log, stops it, and gives the checkpoint over all of them. */
async function grow(folder: string, name: string, count: number): Promise<string> {
  await using recorder = await Recorder.open({ folder, clock: steadyClock(), limits: { segmentEntries: 64 } })
  await recorder.append([groupOf(Array.from({ length: count }, (_, i) => `${name} ${i}`))])
  return (await recorder.signCheckpoint()).note
}
