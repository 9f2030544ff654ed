import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseRunCgroupName, RUN_CGROUPS } from '@holdfast/model'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startOwnHoldfast } from './holdfast.ts'
import { obstacleHere } from './testing/sensor-here.ts'

// A run folds its quiet weeks first, which takes minutes on a machine with other work.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 120_000 })

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

let obstacle: string | undefined
let folder = ''
beforeAll(async () => {
  await using probe = await startOwnHoldfast({ sensor: true })
  obstacle = await obstacleHere(probe)
})
beforeEach(({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  folder = mkdtempSync(join(tmpdir(), 'holdfast-interrupted-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A whole response on a server of its own, whose processes all have this home, and whose temporary folders all lie in it. */
function respond(): ChildProcess {
  const args = ['--conditions=@holdfast/source', MAIN, 'refund-agent', '--respond', '--executions', '1']
  const env = { ...process.env, HOME: folder, TMPDIR: folder }
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

function left(): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('holdfast-') && name !== 'holdfast-compile-cache')
}

/** Processes that were started for the run, by the home that they were given. */
function processes(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`HOME=${folder}`) ? [Number(name)] : []
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
  const own = new Set(processes())
  const above = join(mount, RUN_CGROUPS)
  if (!existsSync(above)) return []
  return readdirSync(above)
    .filter((name) => own.has(parseRunCgroupName(name)?.pid ?? 0))
    .map((name) => join(above, name))
}

test.each([['SIGINT'], ['SIGTERM']] as const)(
  '%s while agents are there, and again, leaves no folder, no process and no cgroup',
  async (signal) => {
    const run = respond()
    const closed = once(run, 'close')
    await vi.waitFor(() => expect(cgroups()).not.toEqual([]), { timeout: 600_000, interval: 200 })
    expect(left().some((name) => name.startsWith('holdfast-network-'))).toBe(true)
    const watched = cgroups()
    run.kill(signal)
    run.kill(signal)
    // Whoever pressed Ctrl-C twice reads no more.
    run.stderr?.destroy()
    await closed
    expect([run.signalCode, run.exitCode]).toEqual([null, 1])
    expect(left()).toEqual([])
    // The far end of an agent's cable ends by itself, once nobody holds its standard input any more.
    await vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 20_000, interval: 100 })
    expect(watched.filter((path) => existsSync(path))).toEqual([])
  },
)
