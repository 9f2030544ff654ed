import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import type { RunReport } from './summary.ts'

let server: TestServer
let folder = ''
let noKernel = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-run-'))
  server = await startTestServer({ sensor: true })
  const probe = await run('--name', 'probe', '--', 'true')
  noKernel = probe.stderr.includes('less is seen') ? probe.stderr : ''
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function start(args: readonly string[]) {
  // No shell can use a variable of that name, and some drop it.
  const env = { ...process.env, ...server.env, 'INPUT_A-B': 'kept' }
  return spawn(process.execPath, [...CLI_PROGRAM, 'run', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(...args: readonly string[]): Promise<Ran> {
  return await ended(start(args))
}

async function ended(child: ReturnType<typeof start>): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null] // node:child_process, "close"
  return { code, stdout, stderr }
}

function reportOf({ stdout }: Ran): RunReport {
  return JSON.parse(stdout) as RunReport
}

const programs = (report: RunReport): readonly string[] =>
  report.processes.map(({ binary }) => binary.split('/').at(-1) ?? '')

test('the exit code is that of the program, and its output goes to standard error beside the JSON', async () => {
  const ran = await run('--name', 'seven', '--json', '--', 'sh', '-c', 'echo said; exit 7')
  expect(ran.code).toBe(7)
  expect(ran.stderr).toContain('said\n')
  const report = reportOf(ran)
  expect(report).toMatchObject({ name: 'seven', exitCode: 7 })
  expect(fieldFaults(report, documentedFields('run -- CMD --json'))).toEqual([])
})

test('a program that is not there ends with 127, one that may not run with 126', async () => {
  expect((await run('--', 'no-such-program-here')).code).toBe(127)
  const plain = join(folder, 'plain')
  writeFileSync(plain, 'text', { mode: 0o600 })
  expect((await run('--', plain)).code).toBe(126)
})

test('the environment names the server, the agent, the run and a trace', async () => {
  const ran = await run('--name', 'told', '--json', '--', 'sh', '-c', 'env')
  const report = reportOf(ran)
  expect(ran.stderr).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${server.ready.otlpHttp}\n`)
  expect(ran.stderr).toContain('OTEL_SERVICE_NAME=told\n')
  expect(ran.stderr).toContain(`holdfast.run=${report.run}\n`)
  expect(ran.stderr).toContain(`TRACEPARENT=00-${report.trace}-`)
})

test('a variable that no shell can use reaches the program', async () => {
  expect((await run('--', 'cat', '/proc/self/environ')).stdout).toContain('INPUT_A-B=kept\0')
})

test('SIGTERM is the program’s to answer, and what it did is still said', async () => {
  const child = start(['--json', '--', 'sh', '-c', 'trap "exit 9" TERM; echo up >&2; while :; do sleep 0.1; done'])
  await new Promise<void>((resolve) => child.stderr.on('data', (chunk: Buffer) => chunk.includes('up') && resolve()))
  child.kill('SIGTERM')
  const ran = await ended(child)
  expect(ran.code).toBe(9)
  expect(reportOf(ran).exitCode).toBe(9)
})

describe('in the kernel', () => {
  test('every process is listed, those of children too, and the cgroup is gone', async ({ skip }) => {
    skip(noKernel !== '', noKernel)
    const report = reportOf(await run('--json', '--', 'sh', '-c', 'ls / >/dev/null; sh -c "cat /etc/hostname"'))
    expect(programs(report)).toEqual(expect.arrayContaining(['ls', 'cat']))
    expect(foldersOf(report)).toEqual([])
  })

  test('what is left behind is ended', async ({ skip }) => {
    skip(noKernel !== '', noKernel)
    const report = reportOf(await run('--json', '--', 'sh', '-c', 'setsid sleep 300 >/dev/null 2>&1 &'))
    expect(report.leftBehind).toBe(1)
    expect(foldersOf(report)).toEqual([])
  })

  test('two runs at once see each its own', async ({ skip }) => {
    skip(noKernel !== '', noKernel)
    const script = (name: string) => [
      '--name',
      name,
      '--json',
      '--',
      'sh',
      '-c',
      `/usr/bin/${name} /etc/hostname >/dev/null`,
    ]
    const [a, b] = await Promise.all([run(...script('head')), run(...script('tail'))])
    expect(programs(reportOf(a))).toContain('head')
    expect(programs(reportOf(a))).not.toContain('tail')
    expect(programs(reportOf(b))).toContain('tail')
    expect(programs(reportOf(b))).not.toContain('head')
  })
})

/** Cgroups of a run that are still there; those of other tests come and go. */
function foldersOf({ run: id }: RunReport): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const mount = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1] ?? ''
  const folder = join(mount, 'holdfast')
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.includes(id)) : []
}
