import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, freemem, loadavg, release, tmpdir, totalmem } from 'node:os'

/** What a result must be read with. */
export type Environment = Readonly<Record<string, string>>

export function environment(dir: string = tmpdir()): Environment {
  const [first] = cpus()
  return {
    cpu: `${first?.model ?? 'unknown'}, ${cpus().length} cores`,
    memory: `${gib(totalmem())} GiB, ${gib(freemem())} free`,
    kernel: release(),
    fileSystem: mountOf(dir),
    load: loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    node: process.version,
    commit: commit(),
  }
}

/** Whether processes can be pinned to cores here, and there is more than one. */
export function canPin(): boolean {
  if (cpus().length < 2) return false
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    // No taskset on this system: the run says that nothing was pinned.
    return false
  }
}

function mountOf(dir: string): string {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, point]) => point !== undefined && dir.startsWith(point))
    const mount = mounts.toSorted((a, b) => (b[1]?.length ?? 0) - (a[1]?.length ?? 0))[0]
    return mount === undefined ? 'unknown' : `${mount[2] ?? ''} ${mount[3] ?? ''}`
  } catch {
    // No /proc on this system.
    return 'unknown'
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim()
  } catch {
    // Run from an unpacked archive.
    return 'unknown'
  }
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1)
}
