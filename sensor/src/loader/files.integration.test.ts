import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Acts } from '../testing/acts.ts'
import { whyNoKernel } from '../testing/root.ts'
import type { RecordCursor } from './record-cursor.ts'
import { FIELD_TAG, RECORD_FLAG, RECORD_TYPE, WATCH_FLAG } from './record-layout.ts'

const reason = whyNoKernel()
const opened = (record: RecordCursor): unknown => ({
  path: record.text(FIELD_TAG.path),
  marks: Number(record.number(4)),
  isHigh: (record.flags & RECORD_FLAG.high) !== 0,
  hasFile: record.result >= 0n,
})

describe.skipIf(reason !== undefined)(`files (${reason ?? 'with kernel programs'})`, () => {
  let acts: Acts
  beforeAll(() => {
    acts = new Acts()
  })
  afterAll(() => acts[Symbol.dispose]())

  test('a read is told once for a process where all opens are asked for', async () => {
    await acts.watch({ flags: WATCH_FLAG.allOpens, act: ['open-often', '/etc/hostname', '50'] }, async (seen) => {
      const all = await seen.all(RECORD_TYPE.open, opened)
      expect(all.filter((one) => JSON.stringify(one).includes('/etc/hostname'))).toEqual([
        { path: '/etc/hostname', marks: 0, isHigh: false, hasFile: true },
      ])
    })
  })

  test('a read is not told where only sensitive and written files are asked for', async () => {
    await acts.watch({ flags: 0, act: ['open', '/etc/hostname', '0'] }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.open, opened)).toEqual([])
    })
  })

  test('a sensitive file is told every time, by its own path and not by that of a link', async () => {
    const act = ['open-often', '/proc/self/root/etc/../etc/shadow', '3']
    await acts.watch({ flags: 0, sensitive: ['/etc/shadow'], act }, async (seen) => {
      const one = { path: '/etc/shadow', marks: 1, isHigh: true, hasFile: true }
      expect(await seen.all(RECORD_TYPE.open, opened)).toEqual([one, one, one])
    })
  })

  test('a star stands for a process id in a sensitive prefix', async () => {
    const act = ['open', '/proc/self/environ', '0']
    await acts.watch({ flags: 0, sensitive: ['/proc/*/environ'], act }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.open, opened)).toEqual([
        { path: expect.stringMatching(/^\/proc\/\d+\/environ$/), marks: 1, isHigh: true, hasFile: true },
      ])
    })
  })

  test('an attempt on a sensitive file that is missing is told, on any other is not', async () => {
    const sensitive = ['/var/run/secrets']
    await acts.watch({ flags: 1, sensitive, act: ['open', '/var/run/secrets/holdfast-none', '0'] }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.open, opened)).toEqual([
        { path: '/var/run/secrets/holdfast-none', marks: 1, isHigh: true, hasFile: false },
      ])
    })
    await acts.watch({ flags: 1, sensitive, act: ['open', '/etc/holdfast-none', '0'] }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.open, opened)).toEqual([])
    })
  })

  test('what is written, renamed and removed is told with whole paths', async () => {
    await acts.watch({ flags: 0, act: ['files', acts.folder] }, async (seen) => {
      const path = (record: RecordCursor): unknown => [record.text(FIELD_TAG.path), record.text(FIELD_TAG.path2)]
      const [first, second] = [`${acts.folder}/first`, `${acts.folder}/second`]
      expect(await seen.all(RECORD_TYPE.open, opened)).toEqual([
        { path: first, marks: 2, isHigh: false, hasFile: true },
      ])
      expect(await seen.all(RECORD_TYPE.rename, path)).toEqual([[first, second]])
      expect(await seen.all(RECORD_TYPE.unlink, path)).toEqual([[second, undefined]])
    })
  })

  test('a file of another mount namespace is told as foreign', async () => {
    // The acts' own namespace is another one than that of this process, whose root is reached through /proc.
    const act = ['in-new-mounts', `/proc/${process.pid}/root/etc/hostname`]
    await acts.watch({ flags: 0, act }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.open, opened)).toContainEqual({
        path: '/etc/hostname',
        marks: 4,
        isHigh: true,
        hasFile: true,
      })
    })
  })

  test('a call by the 32-bit entry is told', async () => {
    await acts.watch({ flags: 0, act: ['foreign'] }, async (seen, { output }) => {
      const told = await seen.all(RECORD_TYPE.foreignArch, (record) => [record.number(0), record.number(1)])
      // A kernel without that entry ends the process with a signal, and there is nothing to tell.
      expect(told).toEqual(output.startsWith('done') ? [[0x40000003n, 20n]] : [])
    })
  })

  test('a signal handler that returns is no foreign call', async () => {
    await acts.watch({ flags: 0, act: ['signal'] }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.foreignArch, (record) => record.number(1))).toEqual([])
    })
  })

  test('a call whose number has something in its upper half is told as the kernel takes it', async () => {
    await acts.watch({ flags: 0, act: ['wide-number'] }, async (seen) => {
      expect(await seen.all(RECORD_TYPE.chroot, (record) => record.text(FIELD_TAG.path))).toEqual(['/'])
    })
  })
})
