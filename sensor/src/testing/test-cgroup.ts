import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

/** A cgroup of a test's own, removed with everything in it at the end. */
export class TestCgroup {
  readonly path: string
  readonly id: bigint

  constructor(parent = join(cgroupRoot(), '')) {
    this.path = join(parent, `holdfast-test-${randomBytes(6).toString('hex')}`)
    mkdirSync(this.path)
    this.id = statSync(this.path, { bigint: true }).ino
  }

  /**
   * Runs a program inside from its first instruction on: a shell joins the cgroup, says nothing, and becomes the program.
   * Resolves with what it wrote; the exit code is 0 or that of the program.
   */
  run(file: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
    return new Promise((resolve, reject) => {
      execFile('/bin/sh', ['-c', JOIN, 'sh', this.path, file, ...args], (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        if (typeof code === 'number') resolve({ code, output: stdout + stderr })
        else reject(error ?? new Error('ended by a signal'))
      })
    })
  }

  /** Starts a program inside that is left running. */
  start(file: string, ...args: readonly string[]): ChildProcess {
    return spawn('/bin/sh', ['-c', JOIN, 'sh', this.path, file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    writeFileSync(join(this.path, 'cgroup.kill'), '1')
    // Killed tasks leave the cgroup when their parent or init has reaped them; the kernel tells by this file.
    while (readFileSync(join(this.path, 'cgroup.events'), 'utf8').includes('populated 1')) await wait(5)
    rmdirSync(this.path)
  }
}

const JOIN = 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"'

/** Where cgroup v2 is mounted. Throws where it is not. */
export function cgroupRoot(): string {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((words) => words[2] === 'cgroup2')
  if (mount?.[1] === undefined) throw new Error('cgroup v2 is not mounted')
  return mount[1]
}
