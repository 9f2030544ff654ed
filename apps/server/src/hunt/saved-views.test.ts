import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SavedViews } from './saved-views.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-views-'))
const time = { now: 1_795_000_000_000_000_000n }
const clock = (): UnixNano => time.now++ as UnixNano // in range
let recorder: Recorder
let reader: LogReader

beforeAll(async () => {
  recorder = await Recorder.open({ folder, clock })
  reader = LogReader.open({ folder })
})
afterAll(async () => {
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('views are what their records say, whoever changed them last, and a start reads the same', async () => {
  const views = new SavedViews({ recorder, reader, clock })
  const refunds = await views.save({ name: 'refunds', q: 'tool:wire*', from: '2h ago', columns: ['tool'] }, 'ann')
  const gone = await views.save({ name: 'gone', q: '' }, 'ann')
  const changed = await views.change(
    refunds.id,
    { name: 'refunds', q: 'tool:wire* -agent:test', from: '2h ago' },
    'ben',
  )
  const { entry } = await views.remove(gone.id, 'ben')
  expect(entry).toBeGreaterThan(changed.entry)
  expect(changed).toMatchObject({ id: refunds.id, by: 'ben', from: '2h ago' })
  expect(new SavedViews({ recorder, reader, clock }).list()).toEqual([changed])
})

test('what cannot be asked is not saved, and a name is given once', async () => {
  const views = new SavedViews({ recorder, reader, clock })
  const size = reader.size()
  await views.save({ name: 'one', q: '' }, 'ann')
  await expect(views.save({ name: 'one', q: 'x' }, 'ben')).rejects.toThrow('ann is called "one"')
  await expect(views.save({ name: 'two', q: 'tool:"' }, 'ann')).rejects.toThrow('at character')
  await expect(views.save({ name: 'two', q: '', to: '2026-11-21 14:32' }, 'ann')).rejects.toThrow('no zone')
  await expect(views.remove('view-none', 'ann')).rejects.toThrow('no saved view')
  expect(reader.size()).toBe(size + 1)
})
