import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOT, say } from './say.ts'

/** One command of a task. */
export type Step = {
  readonly name: string
  /** Arguments of our own `node`. */
  readonly args: readonly string[]
  /** Below the repository root; the root unless told. */
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  /**
   * Asks it to end; it is waited for, since it may have to end what it started itself. So that it does that too where this process is
   * killed and asks nothing any more, it is started over a channel, whose end it sees.
   */
  readonly signal?: AbortSignal
}

/** Runs a step on our own streams and says how it ended. */
export async function runStep(step: Step): Promise<boolean> {
  say(`${step.name} ...`)
  const began = performance.now()
  const code = await new Promise<number | null>((done) => {
    const child = spawn(process.execPath, [...step.args], {
      cwd: fileURLToPath(new URL(step.folder ?? '.', ROOT)),
      stdio: ['ignore', 'inherit', 'inherit', ...(step.signal === undefined ? [] : ['ipc' as const])],
      env: { ...process.env, ...step.env },
      ...(step.signal === undefined ? {} : { signal: step.signal }),
    })
    // An abort is an error as well, and comes before the end.
    child.on('error', () => child.pid === undefined && done(null))
    child.once('exit', done)
  })
  if (step.signal?.aborted === true) return false
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  say(
    code === 0
      ? `${step.name}: ok, ${seconds} s`
      : `${step.name}: FAILED (${code ?? 'ended by a signal'}), ${seconds} s`,
  )
  return code === 0
}

/** Path of a program that an installed package brings, below node_modules. */
export function installed(path: string): string {
  return fileURLToPath(new URL(`node_modules/${path}`, ROOT))
}
