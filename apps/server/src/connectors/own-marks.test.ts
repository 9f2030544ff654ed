import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ownMarks } from './own-marks.ts'

function folderWith(key: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-marks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'log.key'), key)
  return folder
}

test('a folder that was put back knows its seal, and another folder makes another one', () => {
  const none = (): readonly string[] => []
  const [here, again, other] = ['a key', 'a key', 'another'].map((key) =>
    ownMarks(folderWith(key), none).seal('a hold'),
  )
  expect(here).toMatch(/^[\w-]{43}$/)
  expect(again).toBe(here)
  expect(other).not.toBe(here)
})

test('a step stands by its plan and its whole name', () => {
  const { isStanding } = ownMarks(folderWith('a key'), (plan) => (plan === 'ab' ? ['cut/freeze-credential'] : []))
  expect(isStanding('ab/cut/freeze-credential')).toBe(true)
  for (const key of ['ab/cut', 'ab/', 'ab', '/cut/freeze-credential', 'cd/cut/freeze-credential', ''])
    expect(isStanding(key)).toBe(false)
})
