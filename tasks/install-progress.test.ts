import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installProgress, packagesFor } from './install-progress.js'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-install-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(...path: readonly string[]): void {
  putBytes('{}', ...path)
}

function putBytes(bytes: string, ...path: readonly string[]): void {
  mkdirSync(join(root, ...path.slice(0, -1)), { recursive: true })
  writeFileSync(join(root, ...path), bytes)
}

function download(name: string): void {
  put('cache', '_cacache', 'content-v2', 'sha512', name.slice(0, 2), name.slice(2, 4), name.slice(4))
}

test('while npm downloads, what arrives in its cache is told, and not what was there before', () => {
  let at = 0
  download('aabb01')
  const cache = join(root, 'cache')
  const words = installProgress({ root, cache, now: () => at, paths: ['node_modules/a', 'node_modules/b'] })
  at = 5_000
  expect(words()).toBe('5 s: npm is working out what to download')
  putBytes('', 'cache', '_cacache', 'tmp', '1f')
  putBytes('', 'cache', '_cacache', 'tmp', '2e')
  expect(words()).toBe('5 s: downloading 2 packages side by side')
  putBytes('x'.repeat(240_000), 'cache', '_cacache', 'tmp', '2e')
  expect(words()).toBe('5 s: downloading 2 packages side by side, 0.2 MB of them here')
  rmSync(join(root, 'cache', '_cacache', 'tmp', '2e'))
  download('aabb02')
  download('ccdd03')
  // npm has made the folder of a package long before there is anything in it.
  mkdirSync(join(root, 'node_modules', 'a'), { recursive: true })
  at = 10_000
  expect(words()).toBe('10 s: 2 packages downloaded, 1 more on their way')
  at = 25_000
  expect(words()).toBe('25 s: 2 packages downloaded, 1 more on their way, the same for 15 s')
  put('node_modules', 'a', 'package.json')
  at = 30_000
  expect(words()).toBe('30 s: 2 packages downloaded, 1 more on their way, 1 of at most 2 packages unpacked')
})

test('where npm downloads nothing because it has all of it, unpacking alone is told', () => {
  const cache = join(root, 'warm')
  const words = installProgress({ root, cache, now: () => 0, paths: ['node_modules/warm', 'node_modules/more'] })
  put('node_modules', 'warm', 'package.json')
  expect(words()).toBe('0 s: 1 of at most 2 packages unpacked')
})

test('of a cache that was never made nothing is downloaded yet', () => {
  const words = installProgress({ root, cache: join(root, 'none'), now: () => 0, paths: ['node_modules/a'] })
  expect(words()).toBe('0 s: npm is working out what to download')
})

test('what is listed for another platform is not waited for, nor what is a link', () => {
  const listed = {
    '': {},
    'packages/own': {},
    'node_modules/own': { link: true },
    'node_modules/any': {},
    'node_modules/linux': { os: ['linux'], cpu: ['x64'] },
    'node_modules/musl': { os: ['linux'], libc: ['musl'] },
    'node_modules/mac': { os: ['darwin'] },
    'node_modules/not-arm': { cpu: ['!arm'] },
    'node_modules/not-linux': { os: ['!linux'] },
  }
  const named = (machine: Parameters<typeof packagesFor>[1]): readonly string[] =>
    packagesFor(listed, machine).map((path: string) => path.replace('node_modules/', ''))
  expect(named({ os: 'linux', cpu: 'x64', libc: 'glibc' })).toEqual(['any', 'linux', 'not-arm'])
  expect(named({ os: 'darwin', cpu: 'arm64', libc: undefined })).toEqual(['any', 'mac', 'not-arm', 'not-linux'])
})
