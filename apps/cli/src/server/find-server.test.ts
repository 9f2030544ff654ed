import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findServer } from './find-server.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-find-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process id that no process has: larger than the kernel hands out. */
const NOBODY = 2 ** 30

function writeServer(data: string, fields: Readonly<Record<string, unknown>>): void {
  mkdirSync(data, { recursive: true })
  writeFileSync(join(data, 'server.json'), JSON.stringify(fields))
}

test('--data wins over the environment, and the environment over a folder', () => {
  writeServer(join(folder, '.holdfast'), { http: '127.0.0.1:1', token: 'a', pid: process.pid })
  writeServer(join(folder, 'other'), {
    http: 'http://127.0.0.1:2/',
    token: 'b',
    otlpHttp: '127.0.0.1:3',
    pid: process.pid,
  })
  const env = { HOLDFAST_URL: 'http://127.0.0.1:9/', HOLDFAST_TOKEN: 'c' }
  expect(findServer({ env, cwd: folder, data: 'other' })).toMatchObject({
    http: 'http://127.0.0.1:2',
    token: 'b',
    otlpHttp: 'http://127.0.0.1:3',
  })
  const named = { HOLDFAST_DATA: join(folder, 'other') }
  expect(findServer({ env: { ...env, ...named }, cwd: folder })).toMatchObject({
    http: 'http://127.0.0.1:9',
    token: 'c',
  })
  expect(findServer({ env: named, cwd: folder })).toMatchObject({ http: 'http://127.0.0.1:2', token: 'b' })
  expect(() => findServer({ env: { HOLDFAST_DATA: join(folder, 'gone') }, cwd: folder })).toThrow('HOLDFAST_DATA')
  expect(findServer({ env: {}, cwd: folder })).toMatchObject({ http: 'http://127.0.0.1:1', token: 'a' })
})

test('the nearest folder upwards is taken', () => {
  writeServer(join(folder, '.holdfast'), { http: '127.0.0.1:1', pid: process.pid })
  mkdirSync(join(folder, 'a', 'b'), { recursive: true })
  expect(findServer({ env: {}, cwd: join(folder, 'a', 'b') }).http).toBe('http://127.0.0.1:1')
})

test('a file whose process is gone, or that holds no JSON, names no server', () => {
  writeServer(join(folder, '.holdfast'), { http: '127.0.0.1:1', pid: NOBODY })
  expect(() => findServer({ env: {}, cwd: folder, data: '.holdfast' })).toThrow('no server runs on')
  writeFileSync(join(folder, '.holdfast', 'server.json'), '{"http":')
  expect(() => findServer({ env: {}, cwd: folder, data: '.holdfast' })).toThrow('no server runs on')
})
