import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { scratchFolder } from './testing/groups.ts'

const CHILD = fileURLToPath(new URL('testing/full-disk-child.ts', import.meta.url))
const IN_NAMESPACE = ['--user', '--map-root-user', '--mount']
const canMount = spawnSync('unshare', [...IN_NAMESPACE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

// Not run where the kernel forbids a mount of one's own: a missing feature is no pass.
test.skipIf(!canMount)('FC1 acknowledges nothing on a full disk, and goes on by itself when there is room', () => {
  using folder = scratchFolder()
  const disk = join(folder.path, 'disk')
  mkdirSync(disk)
  const run = `mount -t tmpfs -o size=8m tmpfs "$0" && exec "$1" --conditions=@holdfast/source "$2" "$0/data"`
  const { stdout, stderr } = spawnSync('unshare', [...IN_NAMESPACE, 'sh', '-c', run, disk, process.execPath, CHILD])
  expect(stderr.toString().replaceAll(/.*ExperimentalWarning.*\n.*\n/g, '')).toBe('')
  const said: { readonly stored?: number } = JSON.parse(stdout.toString())
  expect(said).toMatchObject({ code: 'unavailable', isWhole: true })
  expect(said).toMatchObject({ sizeWhenFull: said.stored })
  expect(said.stored).toBeGreaterThan(10)
})
