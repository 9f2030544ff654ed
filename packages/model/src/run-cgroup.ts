/** Folder below the cgroup v2 mount in which runs have theirs. */
export const RUN_CGROUPS = 'holdfast'

/** The process that made the cgroup of a run: a pid means nothing without its namespace and the start of its process. */
export type CgroupMaker = {
  /** Inode of its pid namespace, decimal (`/proc/PID/ns/pid`). */
  readonly pidNamespace: string
  readonly pid: number
  /** Field 22 of `/proc/PID/stat`, decimal. */
  readonly startTicks: string
}

/** Name of the cgroup of a run. It says who made it, so that what a killed run leaves can be told from a run that begins. */
export function runCgroupName(run: string, { pidNamespace, pid, startTicks }: CgroupMaker): string {
  return [run, pidNamespace, pid, startTicks].join('.')
}

/** Undefined where {@link runCgroupName} did not make the name. */
export function parseRunCgroupName(name: string): CgroupMaker | undefined {
  const [, pidNamespace, pid, startTicks] = /^run-[0-9a-f]{16}\.(\d{1,20})\.(\d{1,10})\.(\d{1,20})$/.exec(name) ?? []
  if (pidNamespace === undefined || pid === undefined || startTicks === undefined) return undefined
  return { pidNamespace, pid: Number(pid), startTicks }
}

/** Field 22 of the text of `/proc/PID/stat`; undefined where it is none. The name in field 2 may hold anything. */
export function startTicksOf(stat: string): string | undefined {
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return ticks !== undefined && /^\d+$/.test(ticks) ? ticks : undefined
}
