import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecorderError } from './errors.ts'
import { openFailure } from './open-failure.ts'
import { scratchFolder } from './testing/groups.ts'

const sqlite = (errcode: number): Error => Object.assign(new Error('from SQLite'), { errcode })
const system = (code: string): Error => Object.assign(new Error('from the system'), { code })

test.each([
  { says: 'is full', code: 'unavailable', cause: sqlite(13) },
  { says: 'is full', code: 'unavailable', cause: system('ENOSPC') },
  // SQLITE_IOERR_READ and SQLITE_IOERR_WRITE.
  { says: 'look at the disk', code: 'unavailable', cause: sqlite(266) },
  { says: 'look at the disk', code: 'unavailable', cause: sqlite(778) },
  { says: 'cannot be opened for writing', code: 'unavailable', cause: sqlite(14) },
  { says: 'cannot be read', code: 'corrupt', cause: sqlite(11) },
  { says: 'cannot be read', code: 'corrupt', cause: sqlite(26) },
])('$cause.errcode$cause.code is $code and says "$says"', ({ says, code, cause }) => {
  const failure = openFailure('/data', cause)
  expect(failure).toBeInstanceOf(RecorderError)
  expect(failure).toMatchObject({ code, cause, message: expect.stringContaining(says) })
})

test('a fault of ours stays what it is', () => {
  const fault = new TypeError('x')
  expect(openFailure('/data', fault)).toBe(fault)
})

const IN_NAMESPACE = ['--user', '--map-root-user', '--mount']
const canMount = spawnSync('unshare', [...IN_NAMESPACE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

test.skipIf(!canMount)('a folder on a disk without room says so (needs a mount of its own)', () => {
  using folder = scratchFolder()
  const disk = join(folder.path, 'disk')
  mkdirSync(disk)
  const open = `import { FolderLock } from '${import.meta.dirname}/lock.ts'
    try { FolderLock.acquire(process.argv[1]) } catch (error) { process.stdout.write(error.code + ' ' + error.message) }`
  const script = `mount -t tmpfs -o size=4k tmpfs "$0" && (cat /dev/zero > "$0/full" 2>/dev/null || true)
    "$1" --conditions=@holdfast/source --input-type=module -e "$2" "$0"`
  const { stdout } = spawnSync('unshare', [...IN_NAMESPACE, 'sh', '-c', script, disk, process.execPath, open])
  expect(stdout.toString()).toMatch(/^unavailable .*is full/)
})
