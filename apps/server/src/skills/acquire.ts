import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { KnownSensor } from '../sensor/link.ts'
import { ACQUIRED_FACTS, ACQUIRED_PROCESSES } from './limits.ts'

/** What can be told of one process without taking what it holds: names, never values. */
export type ProcessFacts = {
  readonly pid: number
  readonly program: string
  readonly mapped: readonly string[]
  readonly environment: readonly string[]
  readonly open: readonly string[]
  readonly threads: number
}

export type Acquired =
  | {
      readonly status: 'acquired'
      readonly processes: readonly ProcessFacts[]
      readonly left: number
      readonly unread: number
    }
  | { readonly status: 'impossible'; readonly reason: string }

/**
 * Facts of the processes of a workload on this machine, as the kernel tells them: program, mapped files, names in the environment,
 * open files and sockets. No memory is taken.
 */
export function acquireFacts(
  sensors: readonly KnownSensor[],
  workload: string,
  root = '/sys/fs/cgroup',
  proc = '/proc',
): Acquired {
  const here = watchedHere(sensors, { workload, root })
  if (here.status === 'impossible') return here
  const { pids } = here
  const read = pids.slice(0, ACQUIRED_PROCESSES).map((pid) => factsOf(join(proc, String(pid)), pid))
  const processes = read.filter((facts) => facts !== undefined)
  return {
    status: 'acquired',
    processes,
    left: Math.max(0, pids.length - ACQUIRED_PROCESSES),
    unread: read.length - processes.length,
  }
}

type WatchedHere =
  | { readonly status: 'found'; readonly cgroups: readonly string[]; readonly pids: readonly number[] }
  | Extract<Acquired, { readonly status: 'impossible' }>

/** Cgroups of a workload that a sensor of this machine watches, and their processes. */
export function watchedHere(
  sensors: readonly KnownSensor[],
  { workload, root }: { readonly workload: string; readonly root: string },
): WatchedHere {
  const here = sensors.filter(({ state, report }) => state === 'connected' && report.host === hostname())
  if (here.length === 0) return { status: 'impossible', reason: 'no sensor of this machine is connected' }
  const watched = here.flatMap((sensor) =>
    sensor.watched.filter(({ agent, agentName, run }) => [agent, agentName, run].includes(workload)),
  )
  if (watched.length === 0)
    return { status: 'impossible', reason: `no cgroup of ${workload} is watched on this machine` }
  const cgroups = watched.map(({ path }) => path)
  return { status: 'found', cgroups, pids: cgroups.flatMap((path) => pidsIn(join(root, path))) }
}

function pidsIn(cgroup: string): readonly number[] {
  const text = attempt(() => readFileSync(join(cgroup, 'cgroup.procs'), 'utf8')) ?? ''
  return text
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
}

/** Undefined where the process is gone or is not ours to look at. */
function factsOf(folder: string, pid: number): ProcessFacts | undefined {
  const program = attempt(() => readlinkSync(join(folder, 'exe')))
  const maps = attempt(() => readFileSync(join(folder, 'maps'), 'utf8'))
  if (program === undefined || maps === undefined) return undefined
  const environment = attempt(() => readFileSync(join(folder, 'environ'), 'utf8')) ?? ''
  const numbers = attempt(() => readdirSync(join(folder, 'fd'))) ?? []
  return {
    pid,
    program,
    // The sixth column is the file; what is mapped from none has a name in brackets or none at all.
    mapped: some(
      maps
        .split('\n')
        .map((line) => line.split(/\s+/).slice(5).join(' '))
        .filter((name) => name.startsWith('/')),
    ),
    // A value may be a secret: its name says that it was there.
    environment: some(
      environment
        .split('\0')
        .map((pair) => pair.split('=')[0] ?? '')
        .filter((name) => name !== ''),
    ),
    open: some(numbers.flatMap((fd) => attempt(() => readlinkSync(join(folder, 'fd', fd))) ?? [])),
    threads: (attempt(() => readdirSync(join(folder, 'task'))) ?? []).length,
  }
}

function some(names: readonly string[]): readonly string[] {
  return [...new Set(names)].slice(0, ACQUIRED_FACTS)
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    // A process ends whenever it likes; what cannot be read is counted by the caller.
    return undefined
  }
}
