import { readFileSync } from 'node:fs'

/** Resident memory of a process in MiB, as the kernel counts it (proc(5), VmRSS). */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`process ${pid} tells no resident memory`)
  return Math.round(Number(kib) / 1_024)
}
