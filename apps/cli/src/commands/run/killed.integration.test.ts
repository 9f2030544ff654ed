import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import type { RunReport } from './summary.ts'

let folder = ''
let server: TestServer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-killed-'))
  server = await startTestServer({ sensor: true })
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Tells that it runs by a file, goes on until another is there, and ends with 5. */
const SCRIPT = 'touch up; while [ ! -e go ]; do sleep 0.1; done; echo still here >&2; /bin/ls / >/dev/null; exit 5'

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'run', '--json', '--name', 'k', '--', 'sh', '-c', SCRIPT], {
    cwd: folder,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await vi.waitFor(() => expect(existsSync(join(folder, 'up'))).toBe(true), { timeout: 60_000, interval: 50 })
  return child
}

async function reportOf(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null] // node:child_process, "close"
  return { code, stderr, report: JSON.parse(stdout) as RunReport }
}

test('a run whose server is killed goes on, ends with the code of its program, and says what it cannot know', async () => {
  const child = await start()
  const ended = reportOf(child)
  server.child.kill('SIGKILL')
  await server.ended
  writeFileSync(join(folder, 'go'), '')
  const { code, stderr, report } = await ended
  expect(code).toBe(5)
  expect(stderr).toContain('still here')
  expect(report).toMatchObject({ exitCode: 5, sight: 'none', processes: [] })
  expect(report.unseen.join('\n')).toMatch(/all that the program did: no answer from .*lost unless it sends it again/)
})

test('a run that is killed leaves a cgroup that is gone once its program has ended', async ({ skip }) => {
  const child = await start()
  const folders = runFolders(child.pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  writeFileSync(join(folder, 'go'), '')
  skip(folders.length === 0, 'no kernel sensor: the run has no cgroup')
  await vi.waitFor(() => expect(folders.filter((path) => existsSync(path))).toEqual([]), {
    timeout: 60_000,
    interval: 200,
  })
})

test('a run that is asked to end while its sensor is told of it ends, begins nothing and leaves no cgroup', async ({
  skip,
}) => {
  const args = [...CLI_PROGRAM, 'run', '--name', 'k', '--', 'sh', '-c', SCRIPT]
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...server.env }, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const isWatched = vi.waitFor(() => expect(runFolders(child.pid)).not.toEqual([]), { timeout: 60_000, interval: 1 })
  const came = await Promise.race([isWatched.then(() => true), vi.waitFor(begun, { timeout: 60_000, interval: 50 })])
  const folders = runFolders(child.pid)
  // What it asks of the server is not answered before the signal has come.
  server.child.kill('SIGSTOP')
  child.kill('SIGTERM')
  server.child.kill('SIGCONT')
  const [code] = (await ended) as [number | null] // node:child_process, "close"
  skip(came === undefined, 'no kernel sensor: the run has no cgroup')
  expect(code).toBe(143)
  expect(folders.filter((path) => existsSync(path))).toEqual([])
})

/** Without a sensor the program begins with no cgroup before it. */
function begun(): undefined {
  expect(existsSync(join(folder, 'up'))).toBe(true)
}

/** Cgroups that one run made: their names say which process did. */
function runFolders(pid: number | undefined): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const mount = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1] ?? ''
  const parent = join(mount, 'holdfast')
  if (mount === '' || !existsSync(parent)) return []
  return readdirSync(parent).flatMap((name) => (name.includes(`.${pid}.`) ? [join(parent, name)] : []))
}
