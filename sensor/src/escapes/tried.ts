import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStaticProgram } from '../testing/static-program.ts'
import type { TestCgroup } from '../testing/test-cgroup.ts'

/** Joins the cgroup from namespaces that are already throw-away ones: making them is no part of what is tried. */
const JOIN = 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"'
/** Standard input is a file that was opened outside. */
const OPEN = 'exec "$@" <"$0"'
const NAMESPACES = ['--mount', '--net', '--uts', '--ipc', '--propagation', 'private']

/** The program of ways/ with somebody to attack, in a folder that is removed with all that was made in it. */
export type Tries = {
  /** Tries one way inside of the cgroup; what it said. */
  readonly attempt: (name: string, inside: TestCgroup, outside: TestCgroup) => Promise<string>
  readonly end: () => void
}

/** Builds the program and starts the victim. Needs root. Rejects where the victim does not start. */
export async function startTries(): Promise<Tries> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-escapes-'))
  const program = join(folder, 'escapes')
  buildStaticProgram(new URL('ways/', import.meta.url), program)
  const library = join(folder, 'preloaded.c')
  writeFileSync(library, 'int holdfast_preloaded;\n')
  execFileSync('gcc', ['-shared', '-o', join(folder, 'preloaded.so'), library])
  writeFileSync(join(folder, 'inherited'), 'x')
  const victim = spawn('/usr/bin/unshare', ['--mount', '--propagation', 'private', program, 'victim'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const words = (await firstLine(victim)).split(' ')
  return {
    attempt: (name, inside, outside) =>
      new Promise((resolve, reject) => {
        const way = [program, name, folder, ...words, outside.path]
        const joining = ['/bin/sh', '-c', JOIN, 'sh', inside.path]
        const command = ['/usr/bin/unshare', ...NAMESPACES, ...joining, ...way]
        execFile('/bin/sh', ['-c', OPEN, join(folder, 'inherited'), ...command], (error, stdout, stderr) => {
          if (error === null) resolve(stdout)
          else reject(new Error(`${name}: ${stderr || error.message}`))
        })
      }),
    end: () => {
      victim.stdin.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) return text.trim()
  }
  throw new Error('the victim said nothing')
}
