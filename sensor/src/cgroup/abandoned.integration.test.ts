import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RUN_CGROUPS, runCgroupName, startTicksOf } from '@holdfast/model'
import { afterEach, describe, expect, test } from 'vitest'
import { removeAbandonedRuns } from './abandoned.ts'
import { cgroupMount } from './cgroup-tree.ts'

const mount = cgroupMount() ?? ''
const reason = mount === '' ? 'no cgroup v2' : process.getuid?.() === 0 ? undefined : 'not root'
const pidNamespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''

const made: string[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  for (const folder of made.splice(0).toReversed()) if (existsSync(folder)) rmdirSync(folder)
})

/** The cgroup of a run as this process, or one that has ended, would have made it. */
function cgroup(maker: { readonly isGone: boolean; readonly namespace?: string }): string {
  const ticks = startTicksOf(readFileSync('/proc/self/stat', 'utf8')) ?? ''
  const startTicks = maker.isGone ? String(Number(ticks) + 1) : ticks
  const run = `run-${randomBytes(8).toString('hex')}`
  const folder = join(
    mount,
    RUN_CGROUPS,
    runCgroupName(run, { pidNamespace: maker.namespace ?? pidNamespace, pid: process.pid, startTicks }),
  )
  mkdirSync(folder, { recursive: true })
  made.push(folder)
  return folder
}

describe.skipIf(reason !== undefined)(`cgroups that killed runs left ${reason ?? ''}`, () => {
  test('one whose maker is gone is removed, with what is below it', () => {
    const folder = cgroup({ isGone: true })
    mkdirSync(join(folder, 'inner'))
    expect(removeAbandonedRuns(mount)).toContain(folder.slice(mount.length + 1))
    expect(existsSync(folder)).toBe(false)
  })

  test('one in which something runs stays, and so does what is empty below it, until that has ended', async () => {
    const folder = cgroup({ isGone: true })
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    made.push(inner)
    const child = spawn('sleep', ['300'])
    children.push(child)
    await once(child, 'spawn')
    writeFileSync(join(folder, 'cgroup.procs'), String(child.pid))
    removeAbandonedRuns(mount)
    expect(existsSync(inner)).toBe(true)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    expect(removeAbandonedRuns(mount)).toContain(folder.slice(mount.length + 1))
  })

  test('one that a living run made, another pid namespace, or somebody else, stays', () => {
    const own = cgroup({ isGone: false })
    const foreign = cgroup({ isGone: true, namespace: '1' })
    const other = join(mount, RUN_CGROUPS, `mine-${randomBytes(8).toString('hex')}`)
    mkdirSync(other)
    made.push(other)
    removeAbandonedRuns(mount)
    expect([own, foreign, other].map((folder) => existsSync(folder))).toEqual([true, true, true])
  })
})
