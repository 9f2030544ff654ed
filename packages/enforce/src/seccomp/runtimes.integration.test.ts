import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { seccompGenerator } from './seccomp.ts'

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const isReady = process.getuid?.() === 0 && ['strace', 'unshare'].every(has)
const COMMAND = ['/bin/sh', '-c', 'echo ran; mkdir "$0/made" || echo refused; (exit 3); echo $?']
/** Runtimes mount the root over itself: in a mount namespace of its own that ends with it. */
const APART = ['--mount', '--propagation', 'private', '--fork', '--kill-child', '--']
/** crun runs beside no cgroup of version 1. */
const PURE_V2 =
  'grep -q " cgroup " /proc/self/mounts && { for m in /sys/fs/cgroup/*; do umount "$m" 2>/dev/null; done; umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; }; exec "$@"'

let folder: string
let observed: readonly string[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-envelope-'))
  if (isReady) observed = callsOf(COMMAND)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.skipIf(!isReady || !has('runc'))(
  'under runc the program does what it was seen to do, 10 times of 10 (skipped without root or runc)',
  () => {
    for (const privileges of [false, true])
      for (let run = 0; run < 5; run += 1) expect(underEnvelope('runc', privileges)).toEqual(['ran', 'made', '3'])
  },
)

test.skipIf(!isReady || !has('crun'))(
  'under crun the program does what it was seen to do, 10 times of 10 (skipped without root or crun)',
  () => {
    for (const privileges of [false, true])
      for (let run = 0; run < 5; run += 1) expect(underEnvelope('crun', privileges)).toEqual(['ran', 'made', '3'])
  },
)

test.skipIf(!isReady || !has('runc'))(
  'a call that was taken out of what was seen is refused, and the program goes on (skipped without root or runc)',
  () => {
    const without = observed.filter((call) => call !== 'mkdir')
    // Its family would bring it back: no other member of it was seen.
    expect(without).not.toContain('mkdirat')
    expect(underEnvelope('runc', false, without)).toEqual(['ran', 'refused', '3'])
  },
)

/** Runs the command under the envelope of what was seen; lines of its output, and whether its folder was made. */
function underEnvelope(runtime: 'runc' | 'crun', mayGrow: boolean, calls = observed): readonly string[] {
  const generation = seccompGenerator.generate(
    factsFixture({ entries: calls.map((call, at) => profileFact('syscall', call, at)) }),
  )
  if (generation.status === 'refused') throw new Error(generation.reason)
  const bundle = mkdtempSync(join(folder, 'bundle-'))
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(configOf(bundle, mayGrow, generation.artifact.document)))
  const options = runtime === 'crun' ? ['--cgroup-manager=disabled'] : []
  const run = [runtime, ...options, '--root', join(bundle, 'state'), 'run', '--bundle', bundle, bundle.slice(-6)]
  const { stdout, stderr } = spawnSync('unshare', [...APART, 'sh', '-c', PURE_V2, 'sh', ...run], {
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  const lines = stdout.trim().split('\n')
  expect({ stderr: stderr.replace(/^mkdir: .*\n/m, ''), first: lines[0] }).toEqual({ stderr: '', first: 'ran' })
  return readdirSync(bundle).includes('made') ? ['ran', 'made', ...lines.slice(1)] : lines
}

function configOf(bundle: string, mayGrow: boolean, seccomp: unknown): object {
  const capabilities = ['CAP_DAC_OVERRIDE']
  return {
    ociVersion: '1.0.2',
    root: { path: '/', readonly: false },
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: [...COMMAND, bundle],
      env: ['PATH=/usr/bin:/bin'],
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: !mayGrow,
    },
    mounts: [{ destination: '/dev', type: 'bind', source: '/dev', options: ['rbind'] }],
    linux: {
      namespaces: [],
      cgroupsPath: bundle.slice(-6),
      resources: { devices: [{ allow: true, access: 'rwm' }] },
      seccomp,
    },
  }
}

/** What the command calls from its first program on. */
function callsOf(command: readonly string[]): readonly string[] {
  const trace = join(folder, 'trace')
  const seen = mkdtempSync(join(folder, 'seen-'))
  execFileSync('strace', ['-f', '-qq', '-o', trace, ...command, seen])
  const names = readFileSync(trace, 'utf8').matchAll(/^\d+ +([a-z_0-9]+)\(/gm)
  return [...new Set([...names].map(([, name = '']) => name))].toSorted()
}
