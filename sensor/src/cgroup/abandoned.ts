import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseRunCgroupName, RUN_CGROUPS, startTicksOf } from '@holdfast/model'

/**
 * Removes the cgroups of runs that were killed and whose programs have ended since; returns their paths below the mount.
 * Only such as the product made, whose maker is gone, and in which nothing runs: the kernel removes no other.
 */
export function removeAbandonedRuns(mount: string): readonly string[] {
  const parent = join(mount, RUN_CGROUPS)
  if (!existsSync(parent)) return []
  const removed = foldersIn(parent)
    .filter((name) => isAbandoned(name) && isEmpty(join(parent, name)) && removeTree(join(parent, name)))
    .map((name) => join(RUN_CGROUPS, name))
  if (removed.length > 0) remove(parent)
  return removed
}

/** False where that cannot be known: the maker is in another pid namespace, which may be a container's. */
function isAbandoned(name: string): boolean {
  const maker = parseRunCgroupName(name)
  if (maker === undefined || maker.pidNamespace !== pidNamespace()) return false
  try {
    return startTicksOf(readFileSync(`/proc/${maker.pid}/stat`, 'utf8')) !== maker.startTicks
  } catch {
    // There is no such process any more.
    return true
  }
}

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''
}

/** `cgroup.events` speaks of the cgroup and of all below it. */
function isEmpty(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'cgroup.events'), 'utf8').includes('populated 0')
  } catch {
    // Removed meanwhile.
    return false
  }
}

function removeTree(folder: string): boolean {
  return foldersIn(folder).every((name) => removeTree(join(folder, name))) && remove(folder)
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  } catch {
    // Removed meanwhile.
    return []
  }
}

function remove(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    // Somebody has entered it, or made another below: it is left to who did.
    return false
  }
}
