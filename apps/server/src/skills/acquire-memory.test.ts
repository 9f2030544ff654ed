import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hash } from 'node:crypto'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireMemory } from './acquire-memory.ts'
import { takeStep, type StepContext, type StepSources } from './steps.ts'

/** Put together by the process, so that it stands in no file of it. */
const SECRET = ['frost', 'over', 'the', 'weir'].join('-')
const HOLDS = `const held = Buffer.from(['frost', 'over', 'the', 'weir'].join('-').repeat(400)); process.stdout.write('there'); setInterval(() => held[0], 60_000)`

let folder = ''
let child: ChildProcess | undefined
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-memory-'))))
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** A process in a made cgroup, which the kernel is said to have frozen. */
async function heldProcess(frozen: 0 | 1): Promise<Parameters<typeof acquireMemory>[0]> {
  child = spawn(process.execPath, ['-e', HOLDS], { stdio: ['ignore', 'pipe', 'ignore'] })
  if (child.stdout === null || child.pid === undefined) throw new Error('no process was started')
  await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  const cgroups = join(folder, 'cgroups')
  mkdirSync(join(cgroups, 'a'), { recursive: true })
  writeFileSync(join(cgroups, 'a', 'cgroup.procs'), `${child.pid}\n`)
  writeFileSync(join(cgroups, 'a', 'cgroup.events'), `populated 1\nfrozen ${frozen}\n`)
  const sensor = {
    state: 'connected',
    report: { host: hostname() },
    watched: [{ path: 'a', agent: 'desk', agentName: 'desk' }],
  }
  // The three members that are read.
  return { sensors: [sensor] as never, workload: 'desk', folder, name: 'run-acquire', cgroups }
}

test('IR-24 memory of a frozen process is taken whole pages at a time, and only digests of it are told', async () => {
  const order = await heldProcess(1)
  const taken = await acquireMemory(order)
  if (taken.status !== 'taken') throw new Error(taken.reason)
  const bytes = readFileSync(join(folder, taken.file))
  expect(bytes.includes(SECRET.repeat(3))).toBe(true)
  expect(hash('sha256', bytes)).toBe(taken.digest)
  const [of] = taken.processes
  expect(of).toMatchObject({ pid: child?.pid, bytes: bytes.length, pagesLeft: 0 })
  expect(JSON.stringify(taken)).not.toContain('weir')
  // Nobody but the owner of the data folder reads it.
  expect(statSync(join(folder, 'acquired')).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, taken.file)).mode & 0o777).toBe(0o600)

  const listed = readFileSync(join(folder, 'acquired', 'run-acquire.list'), 'utf8')
  expect(hash('sha256', listed)).toBe(taken.list)
  const rows = listed.trim().split('\n')
  expect(rows.length).toBe(of?.runs)
  for (const row of rows) {
    const { offset, bytes: length, sha256 } = JSON.parse(row) as Readonly<Record<string, number | string>>
    const page = bytes.subarray(Number(offset), Number(offset) + Number(length))
    expect(hash('sha256', page)).toBe(sha256)
  }
})

test('what runs is refused, and leaves no file', async () => {
  const taken = await acquireMemory(await heldProcess(0))
  expect(taken).toEqual({ status: 'impossible', reason: 'a is not frozen: hold it with the rung pause first' })
  expect(readdirSync(folder)).toEqual(['cgroups'])
})

test('memory waits for an admin, whoever asked for the run', async () => {
  const step = { id: 'acquire', do: 'acquire', what: 'memory', target: 'workload' } as const
  const sources = { folder, sensors: { sensors: () => [] } } as unknown as StepSources // the members that the step reads
  const outcome = async (role: StepContext['role']) =>
    await takeStep(sources, step, {
      run: 'r',
      targets: { workload: 'desk' },
      incident: {},
      role,
    } as unknown as StepContext) // likewise
  expect(await outcome('responder')).toMatchObject({
    state: 'waiting',
    detail: expect.stringContaining('admin') as string,
  })
  expect(await outcome('admin')).toEqual({ state: 'failed', detail: 'no sensor of this machine is connected' })
  expect(readdirSync(folder)).toEqual([])
})
