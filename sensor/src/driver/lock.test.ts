import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What another process finds, which then ends without letting go. */
function fromAnotherProcess(): string {
  const url = new URL('lock.ts', import.meta.url)
  const program = `import { lockFolder } from ${JSON.stringify(fileURLToPath(url))}
    process.stdout.write(lockFolder(${JSON.stringify(folder)}) === undefined ? 'taken' : 'free')
    process.kill(process.pid, 'SIGKILL')`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout
}

test('one process at a time has a folder, and one that is killed leaves it free', () => {
  {
    using lock = lockFolder(folder)
    expect(lock).toBeDefined()
    expect(fromAnotherProcess()).toBe('taken')
  }
  expect(fromAnotherProcess()).toBe('free')
  expect(fromAnotherProcess()).toBe('free')
})
