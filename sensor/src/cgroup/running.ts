import { readFileSync } from 'node:fs'
import type { RunningProcess } from '../driver/process-table.ts'

/** Bytes of an environment that are looked at: the bound of one variable on Linux, a few times. */
const ENVIRONMENT_BYTES = 1024 * 1024

/** What /proc tells of processes that run already; those that end meanwhile, or may not be read, are left out. */
export function runningProcesses(pids: readonly number[]): readonly RunningProcess[] {
  return pids.flatMap((pid) => {
    const startTicks = startTicksOf(pid)
    return startTicks === undefined ? [] : [{ pid, startTicks, traceparent: traceparentOf(pid) }]
  })
}

/** Field 22 of /proc/PID/stat. The second may hold anything, so fields are counted behind its last bracket. */
function startTicksOf(pid: number): number | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)?.toString('latin1')
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return ticks === undefined ? undefined : Number(ticks)
}

function traceparentOf(pid: number): string | undefined {
  const environment = readIfThere(`/proc/${pid}/environ`)?.subarray(0, ENVIRONMENT_BYTES).toString('latin1')
  const variable = environment?.split('\0').find((text) => text.startsWith('TRACEPARENT='))
  return variable?.slice('TRACEPARENT='.length)
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    // Ended, or another's.
    return undefined
  }
}
