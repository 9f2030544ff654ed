import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-run-server-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a server that is asked to end while it opens says nothing of being ready, and ends as one that has served', async () => {
  const ports = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0', '--no-sensor']
  const program = ['--conditions=@holdfast/source', join(import.meta.dirname, 'main.ts')]
  const child = spawn(process.execPath, [...program, '--data', folder, ...ports, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const said = text(child.stdout)
  // The first thing that it opens; most of the rest is still to come.
  await vi.waitFor(() => expect(existsSync(join(folder, 'writer.lock'))).toBe(true), { timeout: 60_000, interval: 1 })
  child.kill('SIGTERM')
  child.kill('SIGINT')
  await closed
  expect([child.exitCode, child.signalCode, await said]).toEqual([0, null, ''])
})
