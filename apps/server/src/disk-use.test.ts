import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskUseOf, runwayOf } from './disk-use.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-use-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, bytes: number): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), Buffer.alloc(bytes))
}

test('what is log, what is made of it and what is neither are told apart', async () => {
  put('log.db', 100)
  put('log.db-wal', 20)
  put('cold/000001.blocks', 30)
  put('views/workspace.db', 400)
  put('views/hunt.db-wal', 100)
  put('sensor/spool', 7)
  put('token', 1)
  expect(await diskUseOf(folder)).toEqual({ log: 150, projections: 500, other: 8 })
})

test('the runway counts what is made of the log as well, and with what rate', () => {
  const use = { log: 100, projections: 300, other: 50 }
  expect(runwayOf(4_000, use, { bytesPerDay: 10, hours: 24 })).toEqual({ runwayDays: 100, rateHours: 24 })
  expect(runwayOf(4_000, { log: 0, projections: 0, other: 0 }, { bytesPerDay: 10, hours: 1 })?.runwayDays).toBe(400)
  expect(runwayOf(-1, use, { bytesPerDay: 10, hours: 24 })?.runwayDays).toBe(0)
  expect([runwayOf(4_000, use, undefined), runwayOf(4_000, use, { bytesPerDay: 0, hours: 24 })]).toEqual([
    undefined,
    undefined,
  ])
})
