import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import type { RunReport } from './summary.ts'

const EXDEV = 18
/** What runtimes call between the filter and the program, found by trying; another version may need others. */
const OF_RUNTIMES = `
brk capget capset chdir clock_gettime clone clone3 close close_range dup3 epoll_ctl epoll_pwait execve exit exit_group faccessat2
fchdir fcntl fgetxattr fstat fstatfs futex getcwd getdents64 getpid getppid getrandom gettid getuid lseek madvise mmap mprotect
munmap nanosleep newfstatat openat openat2 prctl read readlinkat rt_sigaction rt_sigprocmask rt_sigreturn sched_yield seccomp
setgid setgroups setresgid setresuid setuid sigaltstack statx tgkill umask unlinkat write
`
  .trim()
  .split(/\s+/)

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const has = (name: string): boolean => ['/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, name)))
const hasV1 = isRoot && /^\S+ \S+ cgroup /m.test(readFileSync('/proc/self/mounts', 'utf8'))

/** Each runtime, and what goes before a command so that it is the one that is taken. */
const RUNTIMES = [
  ['runc', hasV1 ? [] : undefined],
  // crun does not run beside cgroup v1.
  [
    'crun',
    hasV1
      ? [
          'unshare',
          '--mount',
          'sh',
          '-c',
          'umount -R -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec "$@"',
          'sh',
        ]
      : [],
  ],
] as const

let server: TestServer
let folder = ''
let noKernel = ''

beforeAll(async () => {
  if (!isRoot) return
  folder = mkdtempSync(join(tmpdir(), 'holdfast-seccomp-'))
  writeFileSync(join(folder, 'read'), 'text')
  server = await startTestServer({ sensor: true })
  const { stderr } = await run([], '--', 'true')
  noKernel = stderr.includes('less is seen') ? stderr : ''
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function start(before: readonly string[], args: readonly string[]) {
  const [program = '', ...rest] = [...before, process.execPath, ...CLI_PROGRAM, 'run', ...args]
  return spawn(program, rest, { cwd: folder, env: { ...process.env, ...server.env, 'INPUT_A-B': 'kept' } })
}

async function run(before: readonly string[], ...args: readonly string[]): Promise<Ran> {
  return await ended(start(before, args))
}

async function ended(child: ReturnType<typeof start>): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.end('said to it')
  const [code] = (await once(child, 'close')) as [number | null] // node:child_process, "close"
  return { code, stdout, stderr }
}

function profileFile(profile: object): string {
  const path = join(folder, 'profile.json')
  writeFileSync(path, JSON.stringify(profile))
  return path
}

/** Mounts and devices; those of namespaces that other tests make come and go. */
function machine(): unknown {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return {
    mounts: mounts.filter((line) => !line.includes('nsfs')).length,
    ptmx: lstatSync('/dev/ptmx').mode,
    dev: readdirSync('/dev'),
  }
}

const refusing = (rule: object) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] })

test.skipIf(!isRoot)('a profile that is not understood is refused before anything runs (needs root)', async () => {
  const file = profileFile(refusing({ names: ['pread'], action: 'SCMP_ACT_ERRNO' }))
  const ran = await run([], '--seccomp', file, '--', 'touch', 'ran')
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('"pread" is no system call') })
  expect(existsSync(join(folder, 'ran'))).toBe(false)
})

describe.each(RUNTIMES)('under %s', (runtime, before) => {
  const reason = !isRoot
    ? 'not root'
    : !has(runtime)
      ? `no ${runtime} here`
      : before === undefined
        ? 'crun is taken here'
        : undefined
  const confined = (profile: object, ...command: readonly string[]): Promise<Ran> =>
    run(before ?? [], '--json', '--seccomp', profileFile(profile), '--', ...command)
  const reportOf = (ran: Ran): RunReport => {
    expect(ran.stdout, ran.stderr).not.toBe('')
    return JSON.parse(ran.stdout) as RunReport
  }

  test.skipIf(reason !== undefined)(
    `what the profile refuses, kills and logs is told of who called it (${reason ?? 'needs root'})`,
    async ({ skip }) => {
      skip(noKernel !== '', noKernel)
      const profile = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [
          { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: EXDEV },
          { names: ['sync'], action: 'SCMP_ACT_KILL_PROCESS' },
          { names: ['fdatasync'], action: 'SCMP_ACT_LOG' },
        ],
      }
      const ran = await confined(profile, 'sh', '-c', 'mkdir made; sync; sync --data read; rmdir /proc; exit 5')
      const report = reportOf(ran)
      expect(fieldFaults(report, documentedFields('run -- CMD --json'))).toEqual([])
      expect(report).toMatchObject({ exitCode: 5, sight: 'kernel', seccomp: { profile: expect.any(String) } })
      const told = report.violations.map(({ call, outcome, errno, basis, binary }) => [
        call,
        outcome,
        errno,
        basis,
        binary?.split('/').at(-1),
      ])
      // That /proc cannot be removed is the kernel's no, not the filter's.
      expect(told).toEqual([
        ['mkdir', 'refused', EXDEV, 'kernel', 'mkdir'],
        ['sync', 'killed', undefined, 'kernel', 'sync'],
        ['fdatasync', 'logged', undefined, 'profile', 'sync'],
      ])
      const binaries = report.processes.map(({ binary }) => binary.split('/').at(-1))
      expect(binaries).toEqual([expect.stringMatching(/sh$/), 'mkdir', 'sync', 'sync', 'rmdir'])
      expect(report.filesWritten).toEqual([])
    },
    30_000,
  )

  test.skipIf(reason !== undefined)(
    `what a program called, made into a profile, lets it run and nothing more (${reason ?? 'needs root'})`,
    async ({ skip }) => {
      skip(noKernel !== '', noKernel)
      const command = ['sh', '-c', 'cat read; cat read | wc -c']
      const seen = reportOf(await run(before ?? [], '--json', '--', ...command))
      expect(seen.syscalls).toEqual(expect.arrayContaining(['execve', 'openat', 'pipe2', 'read', 'wait4', 'write']))
      expect(seen.syscalls).not.toContain('mkdir')
      const names = [...new Set([...seen.syscalls, ...OF_RUNTIMES])].filter((name) => !name.startsWith('#'))
      const profile = {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }],
      }
      const same = await confined(profile, ...command)
      expect(same).toMatchObject({ code: 0, stderr: expect.stringContaining('text4\n') })
      expect(reportOf(same).violations).toEqual([])
      const other = await confined(profile, 'mkdir', 'made')
      expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('Operation not permitted') })
      expect(reportOf(other).violations).toContainEqual(
        expect.objectContaining({ call: 'mkdir', outcome: 'refused', errno: 1, basis: 'kernel' }),
      )
    },
    30_000,
  )

  test.skipIf(reason !== undefined)(
    `a call of another architecture is killed unless the profile has it (${reason ?? 'needs root'})`,
    async ({ skip }) => {
      skip(noKernel !== '' || process.arch !== 'x64' || !has('gcc'), 'needs the sensor, x86-64 and gcc')
      const source = join(folder, 'foreign.c')
      // getpid by the 32-bit entry: number 20 there.
      writeFileSync(source, 'int main(void){int r=20;__asm__ volatile("int $0x80":"+a"(r)::"memory");return r<=0;}')
      const program = join(folder, 'foreign')
      execFileSync('gcc', ['-static', '-o', program, source])
      const own = { ...refusing({ names: ['sync'], action: 'SCMP_ACT_ERRNO' }), architectures: ['SCMP_ARCH_X86_64'] }
      const killed = reportOf(await confined(own, program))
      expect(killed.exitCode).toBe(128 + 31)
      expect(killed.violations).toEqual([
        expect.objectContaining({ call: '#20', architecture: 'i386', outcome: 'killed', basis: 'kernel' }),
      ])
      const both = { ...own, architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] }
      expect(reportOf(await confined(both, program))).toMatchObject({ exitCode: 0, violations: [] })
    },
    30_000,
  )

  test.skipIf(reason !== undefined)(
    `the profile is all that is different, and the machine’s mounts and devices stay as they are (${reason ?? 'needs root'})`,
    async () => {
      const script =
        'pwd; cat; grep -a -o INPUT_A-B=kept /proc/$$/environ; grep -E "CapEff|NoNew|Seccomp:" /proc/$$/status; id; umask'
      const profile = refusing({ names: ['reboot'], action: 'SCMP_ACT_ERRNO' })
      const earlier = machine()
      const [bare, under] = [
        await run(before ?? [], '--json', '--', 'sh', '-c', script),
        await confined(profile, 'sh', '-c', script),
      ]
      const lines = ({ stderr }: Ran) => stderr.split('\n').filter((line) => !/^(holdfast|Seccomp):/.test(line))
      expect(lines(under)).toEqual(lines(bare))
      expect(machine()).toEqual(earlier)
      expect(under.stderr).toContain('said to it')
      expect(under.stderr).toContain('Seccomp:\t2')

      const child = start(before ?? [], [
        '--seccomp',
        profileFile(profile),
        '--',
        'sh',
        '-c',
        'trap "exit 9" TERM; echo up >&2; while :; do sleep 0.1; done',
      ])
      const up = new Promise<void>((resolve) =>
        child.stderr.on('data', (chunk: Buffer) => chunk.includes('up') && resolve()),
      )
      const end = ended(child)
      await up
      child.kill('SIGTERM')
      expect((await end).code).toBe(9)
    },
    30_000,
  )

  test.skipIf(reason !== undefined)(
    `a program that is not there, may not run or cannot begin says so (${reason ?? 'needs root'})`,
    async () => {
      const profile = refusing({ names: ['reboot'], action: 'SCMP_ACT_ERRNO' })
      expect((await confined(profile, 'no-such-program-here')).code).toBe(127)
      writeFileSync(join(folder, 'plain'), 'text', { mode: 0o600 })
      expect((await confined(profile, './plain')).code).toBe(126)
      const strict = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] }
      const ran = await confined(strict, 'true')
      expect(ran).toMatchObject({
        code: 126,
        stderr: expect.stringContaining('did not begin under this seccomp profile'),
      })
    },
    30_000,
  )
})
