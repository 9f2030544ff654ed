import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDataFolder } from './data-folder.ts'

let scratch = ''
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'holdfast-folder-'))
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

test('makes the folder and what is missing above it, for its owner alone', () => {
  const path = join(scratch, 'a', 'b', 'data')
  expect(makeDataFolder(path)).toBeUndefined()
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(makeDataFolder(path)).toBeUndefined()
})

test('follows a link to a folder', () => {
  mkdirSync(join(scratch, 'real'))
  symlinkSync(join(scratch, 'real'), join(scratch, 'link'))
  expect(makeDataFolder(join(scratch, 'link', 'data'))).toBeUndefined()
  expect(existsSync(join(scratch, 'real', 'data'))).toBe(true)
})

test('names a file that stands where the folder is to be, or above it', () => {
  const file = join(scratch, 'file')
  writeFileSync(file, 'not a folder')
  for (const path of [file, join(file, 'data'), join(file, 'deep', 'data')]) {
    const problem = makeDataFolder(path)
    expect(problem?.kind).toBe('no-folder')
    expect(problem?.message).toContain(path)
    expect(problem?.message).toContain('file, not a folder')
  }
})

test('names a link that leads nowhere', () => {
  symlinkSync(join(scratch, 'absent'), join(scratch, 'link'))
  expect(makeDataFolder(join(scratch, 'link'))).toMatchObject({ kind: 'no-folder' })
})

test.skipIf(!existsSync('/proc/self'))('returns where no folder can be made (needs /proc)', () => {
  expect(makeDataFolder('/proc/holdfast-absent/data')).toMatchObject({ kind: 'no-folder' })
})
