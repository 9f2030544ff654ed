import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// A server opens and closes.
vi.setConfig({ testTimeout: 120_000 })

const PROGRAM = new URL('server-program.ts', import.meta.url).href

let data = ''
let server: number | undefined
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-own-'))
})
afterEach(() => {
  // Where it stayed, which is what is tested, it is not to stay longer.
  if (server !== undefined && existsSync(join(data, 'server.json'))) process.kill(server, 'SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

test('the server of a command ends where the command is killed, and leaves its folder to the next', async () => {
  const source = `
    import { startServer } from ${JSON.stringify(PROGRAM)}
    const flags = ['--data', process.env.DATA, '--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0', '--no-sensor']
    const { ready } = await startServer(flags)
    process.stdout.write(ready.http)
    setInterval(() => undefined, 60_000)
  `
  const args = ['--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source', '--input-type=module']
  const { npm_lifecycle_event: _, ...env } = process.env
  const command = spawn(process.execPath, [...args, '--eval', source], {
    env: { ...env, DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = (await once(command.stdout, 'data')) as [Buffer]
  expect((await fetch(`${address.toString()}/livez`)).status).toBe(200)
  // What a running server writes of itself.
  server = (JSON.parse(readFileSync(join(data, 'server.json'), 'utf8')) as { readonly pid: number }).pid
  command.kill('SIGKILL')
  await vi.waitFor(() => expect(existsSync(join(data, 'server.json'))).toBe(false), { timeout: 60_000, interval: 50 })
  await expect(fetch(`${address.toString()}/livez`)).rejects.toThrow()
})
