import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

/** How a program ended: with the code that a shell would show for it. */
export type Ended = { readonly code: number; readonly signal: string | undefined }

export type ChildOptions = {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Folder of the cgroup that it is started in. */
  readonly cgroup: string | undefined
  /** Standard output is ours for the summary: the program's goes to standard error. */
  readonly isOutputOurs: boolean
}

/** Joins the cgroup as a shell and becomes the program: nothing of it runs before it is inside. */
const JOIN = 'echo $$ > "$1" || exit 126; shift; exec "$@"'
const SHELL = '/bin/sh'
/** Keeps variables whose names no shell can use (`INPUT_A-B`), which dash drops; as `sh` it reads no file of the user's. */
const KEEPS_ALL = '/bin/bash'

function shellFor(env: Readonly<Record<string, string>>): string {
  const isPlain = Object.keys(env).every((name) => /^[A-Za-z_]\w*$/.test(name))
  return isPlain || !existsSync(KEEPS_ALL) ? SHELL : KEEPS_ALL
}

/** What a shell shows for a program that cannot be run, and for one that is not there. */
const NOT_RUNNABLE = 126
const NOT_FOUND = 127

/** Runs a program on our own terminal to its end. Signals that we get are its to answer. */
export function runChild(options: ChildOptions): Promise<Ended> {
  const { command, cwd, env, cgroup, isOutputOurs } = options
  const [program = '', ...args] =
    cgroup === undefined ? command : [shellFor(env), '-c', JOIN, 'holdfast', join(cgroup, 'cgroup.procs'), ...command]
  const own = cgroup === undefined ? {} : { argv0: 'sh' }
  const child = spawn(program, args, { ...own, cwd, env, stdio: ['inherit', isOutputOurs ? 2 : 'inherit', 'inherit'] })
  const pass = (signal: NodeJS.Signals): void => {
    // A terminal has sent Ctrl-C to the program too.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  return new Promise<Ended>((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`holdfast: ${error.message}\n`)
      resolve({ code: 'code' in error && error.code === 'ENOENT' ? NOT_FOUND : NOT_RUNNABLE, signal: undefined })
    })
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal: signal ?? undefined }),
    )
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass)
  })
}
