import { runChild, type ChildOptions, type Ended } from '../child.ts'
import type { Confinement } from './confinement.ts'
import { findProgram } from './find-program.ts'
import { prepareLaunch } from './launcher.ts'

/** What a shell shows for a program that cannot be run. */
const NOT_RUNNABLE = 126

/** As `runChild`, under a profile. */
export async function runConfined(
  options: ChildOptions,
  { confinement, id }: { readonly confinement: Confinement; readonly id: string },
): Promise<Ended> {
  const { command, cwd, env, cgroup } = options
  const [name = '', ...args] = command
  const program = findProgram(name, { cwd, path: env['PATH'] })
  if (typeof program === 'number') {
    process.stderr.write(`holdfast: ${name}: ${program === NOT_RUNNABLE ? 'cannot be run' : 'not found'}\n`)
    return { code: program, signal: undefined }
  }
  const { profile, runtime } = confinement
  const launch = prepareLaunch({ runtime, profile, id, command: [program, ...args], cwd, env, cgroup })
  try {
    // The runtime has its own environment, and puts the program into the cgroup itself.
    const ended = await runChild({ ...options, command: launch.command, env: ownEnvironment(), cgroup: undefined })
    const failure = launch.failure()
    if (failure === undefined) return ended
    process.stderr.write(`holdfast: the program did not begin under this seccomp profile: ${failure}\n`)
    return { code: NOT_RUNNABLE, signal: undefined }
  } finally {
    launch.remove()
  }
}

function ownEnvironment(): Record<string, string> {
  const own = Object.entries(process.env)
  return Object.fromEntries(own.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
