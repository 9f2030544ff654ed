import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Acts } from '../testing/acts.ts'
import { whyNoKernel } from '../testing/root.ts'
import { cgroupRoot, TestCgroup } from '../testing/test-cgroup.ts'
import { Watching } from '../testing/watching.ts'
import { FIELD_TAG, RECORD_TYPE, WATCH_FLAG } from './record-layout.ts'

const reason = whyNoKernel()
const OPENAT = 257
const UNSHARE = 272

describe.skipIf(reason !== undefined)(`cgroups (${reason ?? 'with kernel programs'})`, () => {
  let acts: Acts
  beforeAll(() => {
    acts = new Acts()
  })
  afterAll(() => acts[Symbol.dispose]())

  test('a new child of a watched cgroup is told and watched before its first process', async () => {
    await using watching = await Watching.start()
    await using parent = new TestCgroup()
    await watching.command('watch', parent.id, WATCH_FLAG.descend)
    await using child = new TestCgroup(parent.path)
    await using grandchild = new TestCgroup(child.path)
    await grandchild.run('/bin/true')
    const made = await watching.all(RECORD_TYPE.cgroupMkdir, (record) => [record.number(0), record.number(1)])
    const execs = await watching.all(RECORD_TYPE.exec, (record) => [record.cgroup, record.text(FIELD_TAG.path)])
    expect(made).toEqual([
      [child.id, parent.id],
      [grandchild.id, child.id],
    ])
    expect(execs).toContainEqual([grandchild.id, expect.stringMatching(/\/true$/)])
  })

  test('a child is not watched without that flag', async () => {
    await using watching = await Watching.start()
    await using parent = new TestCgroup()
    await watching.command('watch', parent.id, 0)
    await using child = new TestCgroup(parent.path)
    await child.run('/bin/true')
    expect(await watching.all(RECORD_TYPE.exec, (record) => record.cgroup)).toEqual([])
  })

  test('a process that moves itself out is told, and still seen as of the cgroup it left', async () => {
    await using watching = await Watching.start()
    await using cgroup = new TestCgroup()
    await using other = new TestCgroup()
    await watching.command('watch', cgroup.id, 0)
    await cgroup.run(
      '/bin/sh',
      '-c',
      `/bin/true inside; echo $$ > ${other.path}/cgroup.procs; /bin/true outside; exit 0`,
    )
    const moves = await watching.all(RECORD_TYPE.cgroupMove, (record) => [record.number(0), record.number(1)])
    const execs = await watching.all(RECORD_TYPE.exec, (record) => [record.cgroup, record.argv.at(-1)])
    expect(moves).toContainEqual([cgroup.id, other.id])
    expect(execs).toContainEqual([cgroup.id, 'outside'])
  })

  test('the system calls of a cgroup are told on request, from its first exec on where that is asked for', async () => {
    await using watching = await Watching.start()
    await using cgroup = new TestCgroup()
    await watching.command('watch', cgroup.id, WATCH_FLAG.resetAtExec)
    await cgroup.run(acts.path, 'namespaces', acts.folder)
    await watching.command('syscalls', cgroup.id)
    await watching.command('syscalls-reset', cgroup.id)
    await watching.command('syscalls', cgroup.id)
    const [first, second] = await watching.all(RECORD_TYPE.syscalls, (record) => ({
      cgroup: record.cgroup,
      calls: bitsOf(record.field(FIELD_TAG.bitmap)),
      count: record.number(0),
    }))
    expect(first).toMatchObject({ cgroup: cgroup.id, calls: expect.arrayContaining([OPENAT, UNSHARE]) })
    expect(first?.count).toBeGreaterThan(10n)
    expect(second).toEqual({ cgroup: cgroup.id, calls: [], count: 0n })
  })

  test('a watched cgroup that is removed tells its system calls and is forgotten', async () => {
    await using watching = await Watching.start()
    const path = join(cgroupRoot(), `holdfast-test-removed-${process.pid}`)
    mkdirSync(path)
    const id = statSync(path, { bigint: true }).ino
    await watching.command('watch', id, 0)
    rmdirSync(path)
    expect(await watching.all(RECORD_TYPE.syscalls, (record) => record.cgroup)).toEqual([id])
    expect(await watching.loader.send('unwatch', id)).toMatchObject({ ok: false })
  })
})

function bitsOf(bitmap: Buffer | undefined): readonly number[] {
  return [...Array(512).keys()].filter((bit) => (((bitmap?.[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1)
}
