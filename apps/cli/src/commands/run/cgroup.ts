import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { RUN_CGROUPS, runCgroupName, startTicksOf, type CgroupMaker } from '@holdfast/model'
import { LEFT_BEHIND_MS } from '../../limits.ts'

const LOOK_MS = 20

/** The cgroup v2 of one run; all that the run starts is in it, however it is started. */
export type RunCgroup = {
  /** Full path of its folder. */
  readonly folder: string
  /** Below the cgroup v2 mount. */
  readonly path: string
  /** Ends what is left in it; how many processes that were. */
  readonly end: () => Promise<number>
  readonly remove: () => void
}

/** Makes the cgroup of a run. Returns the sentence that says why it cannot. */
export function makeRunCgroup(run: string): RunCgroup | string {
  const mount = cgroupMount()
  if (mount === undefined) return 'no cgroup v2 hierarchy is mounted here'
  const path = join(RUN_CGROUPS, runCgroupName(run, maker()))
  const folder = join(mount, path)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    return `no cgroup can be made in ${mount} (${error instanceof Error ? error.message : String(error)})`
  }
  return { folder, path, end: () => endAll(folder), remove: () => removeTree(folder) }
}

/** This process, which the sensor looks for where the cgroup is found empty. */
function maker(): CgroupMaker {
  const pidNamespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  const startTicks = startTicksOf(readFileSync('/proc/self/stat', 'utf8')) ?? '0'
  return { pidNamespace, pid: process.pid, startTicks }
}

function cgroupMount(): string | undefined {
  try {
    const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n')
    return lines.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1]
  } catch {
    // No /proc, as on another system than Linux: no cgroups either.
    return undefined
  }
}

/** Asks first, and kills what has not ended by then (cgroup.kill, Linux 5.14). */
async function endAll(folder: string): Promise<number> {
  const left = processesBelow(folder)
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGTERM')
    } catch {
      // It has ended meanwhile.
    }
  }
  const end = performance.now() + LEFT_BEHIND_MS
  while (processesBelow(folder).length > 0 && performance.now() < end) await delay(LOOK_MS)
  if (processesBelow(folder).length > 0) writeFileSync(join(folder, 'cgroup.kill'), '1')
  // A killed process leaves the cgroup when the kernel has torn it down.
  while (processesBelow(folder).length > 0 && performance.now() < end + LEFT_BEHIND_MS) await delay(LOOK_MS)
  return left.length
}

function processesBelow(folder: string): readonly number[] {
  return foldersBelow(folder).flatMap((path) => {
    try {
      const text = readFileSync(join(path, 'cgroup.procs'), 'utf8')
      return text.split('\n').flatMap((line) => (/^[1-9]\d*$/.test(line) ? [Number(line)] : []))
    } catch {
      // Removed meanwhile, or threaded: its processes are those of the one above.
      return []
    }
  })
}

/** The folder and all below it, the inner before the outer. */
function foldersBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [...inner.flatMap(({ name }) => foldersBelow(join(folder, name))), folder]
}

function removeTree(folder: string): void {
  try {
    for (const path of foldersBelow(folder)) rmdirSync(path)
  } catch {
    // A process that even the kernel cannot end yet is in it: an empty cgroup more is no reason to fail.
    return
  }
  try {
    rmdirSync(join(folder, '..'))
  } catch {
    // Another run is in it, or made it anew: it is the last one's to remove.
  }
}
