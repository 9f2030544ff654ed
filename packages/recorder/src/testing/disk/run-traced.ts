import { spawnSync } from 'node:child_process'
import { readFileSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DISK_SYSCALLS, parseTrace, type TracedStep } from './disk-step.ts'

const WORKLOAD = fileURLToPath(new URL('workload.ts', import.meta.url))

/** False where there is no strace or it may not trace. What needs it has then not been tested. */
export const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

/** Runs the workload on an empty folder and gives all that its one writing thread did to the disk. */
export function recordSteps(folder: string, seed: number): readonly TracedStep[] {
  const trace = join(dirname(folder), 'trace')
  const { status, stderr } = runTraced({ folder, seed, out: trace, inject: [] })
  if (status !== 0) throw new Error(`the workload ended with ${status}: ${stderr}`)
  const steps = parseTrace(readFileSync(trace, 'latin1'), realpathSync(folder))
  rmSync(trace)
  return steps
}

export type TracedRun = {
  readonly folder: string
  readonly seed: number
  readonly out: string
  /** Further arguments of strace, such as a fault to inject. */
  readonly inject: readonly string[]
}

export type TracedEnd = {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the workload under strace. Its first thread alone is followed: the recorder writes on no other. */
export function runTraced({ folder, seed, out, inject }: TracedRun): TracedEnd {
  const strace = ['-y', '-xx', '-s', '1048576', '-o', out, '-e', `trace=${DISK_SYSCALLS.join(',')}`, ...inject]
  const node = [process.execPath, '--conditions=@holdfast/source', '--disable-warning=ExperimentalWarning']
  const run = spawnSync('strace', [...strace, '--', ...node, WORKLOAD, folder, String(seed)], {
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status: run.status, signal: run.signal, stdout: run.stdout.toString(), stderr: run.stderr.toString() }
}
