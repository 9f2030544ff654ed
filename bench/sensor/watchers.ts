import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SENSITIVE_PATHS } from '@holdfast/model'
import { WATCH_FLAG } from '../../sensor/src/index.ts'
import type { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { Watching } from '../../sensor/src/testing/watching.ts'

/** The account of the load: auditd and bpftrace are told to look at it alone. */
export const LOAD_USER = 64_242

/** Who watches while a load runs. `records` counts what was recorded, where that is known. */
export type Watcher = {
  readonly name: string
  readonly stop: () => Promise<{ readonly records?: number; readonly cpuMicros?: number }>
}

export type Start = (cgroup: TestCgroup, folder: string) => Promise<Watcher>

export const WATCHERS: Readonly<Record<string, Start>> = {
  none: async () => ({ name: 'none', stop: async () => ({}) }),
  'attached, not watched': async () => sensor('attached, not watched', undefined),
  watched: async (cgroup) => sensor('watched', cgroup),
  ...(isAuditFree() ? { auditd: (_, folder: string) => auditd(folder) } : {}),
  ...(existsSync('/usr/bin/bpftrace') ? { bpftrace: (_, folder: string) => bpftrace(folder) } : {}),
}

/** The kernel has one audit daemon: where it has one already, that one is left alone. */
function isAuditFree(): boolean {
  try {
    return existsSync('/usr/sbin/auditd') && status('pid') === 0
  } catch {
    // No auditctl, or no permission to ask.
    return false
  }
}

async function sensor(name: string, cgroup: TestCgroup | undefined): Promise<Watcher> {
  const watching = await Watching.start()
  for (const { prefix } of SENSITIVE_PATHS) await watching.command('sensitive', 'add', prefix)
  if (cgroup !== undefined) await watching.command('watch', cgroup.id, WATCH_FLAG.descend)
  const before = cpuMicrosOf(watching.loader.pid)
  return {
    name,
    stop: async () => {
      let records = 0
      await watching.each(undefined, () => {
        records += 1
      })
      const cpuMicros = cpuMicrosOf(watching.loader.pid) - before
      await watching[Symbol.asyncDispose]()
      return { records, cpuMicros }
    },
  }
}

/** CPU time of a process in microseconds; the kernel counts in hundredths of a second. */
function cpuMicrosOf(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

const RULE = ['-a', 'always,exit', '-F', 'arch=b64', '-F', `uid=${LOAD_USER}`]
const CALLS = ['open', 'openat', 'openat2', 'creat', 'connect', 'accept', 'accept4', 'bind', 'execve', 'execveat']

/** auditd of our own, with a configuration and a log of its own, raw. */
async function auditd(folder: string): Promise<Watcher> {
  const place = join(folder, 'audit')
  mkdirSync(join(place, 'plugins'), { recursive: true })
  writeFileSync(
    join(place, 'auditd.conf'),
    [
      'local_events = yes',
      'write_logs = yes',
      `log_file = ${place}/audit.log`,
      'log_format = RAW',
      'flush = INCREMENTAL_ASYNC',
      'freq = 50',
      'log_group = root',
      'num_logs = 2',
      'max_log_file = 512',
      'max_log_file_action = IGNORE',
      // Without these, and in this order of size, auditd does not begin.
      'space_left = 75',
      'space_left_action = IGNORE',
      'admin_space_left = 50',
      'admin_space_left_action = IGNORE',
      'disk_full_action = IGNORE',
      'disk_error_action = IGNORE',
      `plugin_dir = ${place}/plugins`,
      'priority_boost = 4',
      '',
    ].join('\n'),
    { mode: 0o640 },
  )
  // The daemon turns auditing on.
  const before = { enabled: status('enabled'), backlog: status('backlog_limit') }
  const daemon = spawn('/usr/sbin/auditd', ['-n', '-c', place], { stdio: 'ignore' })
  const rule = [...RULE, ...CALLS.flatMap((call) => ['-S', call])]
  await until(() => status('pid') === daemon.pid, daemon)
  execFileSync('auditctl', ['-b', '65536'], { stdio: 'ignore' })
  execFileSync('auditctl', rule, { stdio: 'ignore' })
  return {
    name: 'auditd',
    stop: async () => {
      execFileSync('auditctl', ['-d', ...rule.slice(1)], { stdio: 'ignore' })
      execFileSync('auditctl', ['-e', String(before.enabled), '-b', String(before.backlog)], { stdio: 'ignore' })
      const end = once(daemon, 'exit')
      daemon.kill('SIGTERM')
      await end
      return {}
    },
  }
}

function status(key: string): number {
  const line = execFileSync('auditctl', ['-s'], { encoding: 'utf8' })
    .split('\n')
    .find((text) => text.startsWith(key))
  return Number(line?.split(' ')[1])
}

/** Tracepoints are found in tracefs, which need not be mounted. */
const WITH_TRACEFS = 'mount -t tracefs none /sys/kernel/tracing; exec "$0" "$@"'

const PROBES = 9

/** Descriptors of performance events that a process has open. */
function perfEventsOf(pid: number | undefined): number {
  const fds = `/proc/${pid}/fd`
  return readdirSync(fds).filter((fd) => {
    try {
      return readlinkSync(join(fds, fd)).includes('perf_event')
    } catch {
      // Closed meanwhile.
      return false
    }
  }).length
}

async function bpftrace(folder: string): Promise<Watcher> {
  const script = [
    ...['open', 'openat', 'openat2', 'creat'].map(
      (call) =>
        `tracepoint:syscalls:sys_enter_${call} /uid == ${LOAD_USER}/ { printf("%d %s %s\\n", pid, comm, str(args->${call === 'creat' ? 'pathname' : 'filename'})); }`,
    ),
    ...['connect', 'accept', 'accept4', 'bind'].map(
      (call) =>
        `tracepoint:syscalls:sys_enter_${call} /uid == ${LOAD_USER}/ { printf("%d %s ${call}\\n", pid, comm); }`,
    ),
    `tracepoint:syscalls:sys_enter_execve /uid == ${LOAD_USER}/ { printf("%d ", pid); join(args->argv); }`,
  ].join('\n')
  const output = join(folder, 'bpftrace.txt')
  const tracer = spawn(
    'unshare',
    ['--mount', 'sh', '-c', WITH_TRACEFS, '/usr/bin/bpftrace', '-o', output, '-e', script],
    { stdio: 'ignore' },
  )
  // It says so on a page that it keeps until the end: what tells is that each tracepoint and each CPU is open.
  await until(() => perfEventsOf(tracer.pid) >= PROBES + cpus().length, tracer)
  return {
    name: 'bpftrace',
    stop: async () => {
      const end = once(tracer, 'exit')
      tracer.kill('SIGINT')
      // Some versions hang at their end.
      const timer = setTimeout(() => tracer.kill('SIGKILL'), 5_000)
      await end
      clearTimeout(timer)
      return {}
    },
  }
}

/** Waits until it holds; throws where the process ends before, or after 20 s. */
async function until(holds: () => boolean, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (holds()) return
    if (child.exitCode !== null) break
    await delay(50)
  }
  child.kill('SIGKILL')
  throw new Error(`${child.spawnfile} did not begin`)
}
