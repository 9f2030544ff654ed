import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../testing/groups.ts'
import { ZipWriter } from './zip-writer.ts'

const READ =
  'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()), z.read("f3").decode())'
const hasPython = canRun('python3')

for (const count of [4, 65_535, 70_000]) {
  test.skipIf(!hasPython)(
    `writes a zip of ${count} files that another reader takes`,
    () => {
      using folder = scratchFolder()
      const path = join(folder.path, 'a.zip')
      using zip = new ZipWriter(path)
      for (let i = 0; i < count; i++) zip.add(`f${i}`, Buffer.from(`file ${i}`))
      const { bytes } = zip.finish()
      expect(readFileSync(path)).toHaveLength(bytes)
      expect(execFileSync('python3', ['-c', READ, path]).toString()).toBe(`None ${count} file 3\n`)
    },
    60_000,
  )
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'])
    return true
  } catch {
    // Absent: the tests that need it say that they were not run.
    return false
  }
}
