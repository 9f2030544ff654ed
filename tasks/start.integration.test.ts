import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseRunCgroupName, RUN_CGROUPS } from '@holdfast/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ROOT } from './say.ts'

// The server opens and four stories begin first.
vi.setConfig({ testTimeout: 600_000 })

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-start-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** `npm start` below npm, in a process group of its own as a shell gives it; all that it starts has this home. */
function start(): { readonly run: ChildProcess; readonly said: () => string } {
  const ports = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0']
  const run = spawn(process.execPath, ['setup.js', 'start', '--data', join(home, 'data'), ...ports], {
    cwd: fileURLToPath(ROOT),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: home, TMPDIR: home, HOLDFAST_NO_INSTALL: '1' },
  })
  let said = ''
  run.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { run, said: () => said }
}

/** Processes that were started for the run, by the home that they were given. */
function processes(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`HOME=${home}`) ? [Number(name)] : []
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

/** Cgroups of its watched agents, by the process of the run that made each. */
function cgroups(): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const mount = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1] ?? ''
  const above = join(mount, RUN_CGROUPS)
  if (!existsSync(above)) return []
  const own = new Set(processes())
  return readdirSync(above)
    .filter((name) => own.has(parseRunCgroupName(name)?.pid ?? 0))
    .map((name) => join(above, name))
}

test.skipIf(process.platform !== 'linux').each([
  ['the process group, as a terminal does', (pid: number): boolean => process.kill(-pid, 'SIGINT')],
  ['the process that was started alone', (pid: number): boolean => process.kill(pid, 'SIGINT')],
] as const)(
  'SIGINT to %s ends the server and the stories that are being told, and leaves nothing',
  async (_, signal) => {
    const { run, said } = start()
    const closed = once(run, 'close')
    await vi.waitFor(() => expect(said()).toContain('started acting'), { timeout: 400_000, interval: 100 })
    const watched = cgroups()
    signal(run.pid ?? 0)
    await closed
    expect([run.exitCode, run.signalCode]).toEqual([0, null])
    expect(said()).toContain('stopped; what was recorded is in')
    // The agents ended before this one did; the far end of a cable ends once nobody holds its standard input any more.
    await vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 20_000, interval: 100 })
    expect(watched.filter((path) => existsSync(path))).toEqual([])
    expect(readdirSync(home).filter((name) => name.startsWith('holdfast-'))).toEqual([])
    expect(existsSync(join(home, 'data', 'server.json'))).toBe(false)
  },
)

test.skipIf(process.platform !== 'linux').each([
  ['the process that serves and tells', (pid: number): number => childOf(pid)],
  ['the process that was started', (pid: number): number => pid],
] as const)('SIGKILL of %s ends the server and the stories, and leaves nobody', async (_, victim) => {
  const { run, said } = start()
  const closed = once(run, 'close')
  await vi.waitFor(() => expect(said()).toContain('started acting'), { timeout: 400_000, interval: 100 })
  const watched = cgroups()
  process.kill(victim(run.pid ?? 0), 'SIGKILL')
  await closed
  await vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 60_000, interval: 100 })
  expect(watched.filter((path) => existsSync(path))).toEqual([])
  expect(existsSync(join(home, 'data', 'server.json'))).toBe(false)
})

/** The one process that it started. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}
