import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check } from '@holdfast/api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CLI_PROGRAM } from '../../testing/server.ts'
import type { RunReport } from './summary.ts'

const CLI = [process.execPath, ...CLI_PROGRAM].map((word) => `'${word}'`).join(' ')

/** Starts a server, asks `doctor`, and runs a program; one JSON document a line. */
const STORY = `
mkfifo "$DATA/up"
${CLI} up --data "$DATA/log" --http-port 0 --otlp-http-port 0 --otlp-grpc-port 0 --json >"$DATA/up" &
read -r ready <"$DATA/up"
cd "$DATA"
${CLI} doctor --data log --json | tr -d '\\n'
echo
${CLI} run --data log --json -- sh -c 'exit 4' 2>/dev/null | tr -d '\\n'
echo
kill $! && wait
`

/** Each takes away one thing that a sensor needs, for this process and its children only. */
const WITHOUT = [
  ['root', 'setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "$STORY"', 'sudo'],
  ['btf', 'unshare --mount sh -c \'mount -t tmpfs none /sys/kernel/btf && sh -c "$STORY"\'', 'CONFIG_DEBUG_INFO_BTF'],
  [
    'cgroup2',
    'unshare --mount sh -c \'for at in $(awk "\\$3 == \\"cgroup2\\" { print \\$2 }" /proc/self/mounts); do umount -l "$at"; done; sh -c "$STORY"\'',
    'mount -t cgroup2',
  ],
] as const

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sight-'))
  chmodSync(folder, 0o777)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'

test.skipIf(!isRoot).each(WITHOUT)(
  'without %s doctor names the remedy, and run runs and says what is not seen (needs root)',
  (what, hide, remedy) => {
    const env = { ...process.env, DATA: folder, STORY }
    const { stdout, stderr } = spawnSync('sh', ['-c', hide], { env, timeout: 50_000 })
    const [doctor = '', run = ''] = stdout.toString().split('\n')
    expect(doctor, stderr.toString()).not.toBe('')
    const { checks } = JSON.parse(doctor) as { readonly checks: readonly Check[] }
    const check = checks.find(({ id }) => id === `kernel-sensor-${what}`)
    expect(check).toMatchObject({ status: 'WARN' })
    expect(check?.remedy).toContain(remedy)
    const report = JSON.parse(run) as RunReport
    expect(report).toMatchObject({ exitCode: 4, sight: 'telemetry', processes: [] })
    expect(report.unseen.join('\n')).toContain(remedy)
  },
)
