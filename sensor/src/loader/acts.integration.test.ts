import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Acts } from '../testing/acts.ts'
import { whyNoKernel } from '../testing/root.ts'
import type { Watching } from '../testing/watching.ts'
import type { RecordCursor } from './record-cursor.ts'
import { FIELD_TAG, RECORD_TYPE } from './record-layout.ts'

const reason = whyNoKernel()
const { path, path2, text, remote } = FIELD_TAG

/** What was seen of one type: the numbers that the test names, then what the kernel answered, then the texts. */
function told(
  seen: Watching,
  type: number,
  numbers: readonly number[],
  tags: readonly number[] = [],
): Promise<unknown> {
  return seen.all(type, (record: RecordCursor) => [
    ...numbers.map((slot) => Number(record.number(slot))),
    ...tags.map((tag) => record.text(tag)),
    Number(record.result),
  ])
}

describe.skipIf(reason !== undefined)(`acts (${reason ?? 'with kernel programs'})`, () => {
  let acts: Acts
  beforeAll(() => {
    acts = new Acts()
  })
  afterAll(() => acts[Symbol.dispose]())

  test('namespaces, mounts and roots are told with their flags and paths', async () => {
    await acts.watch({ flags: 0, act: ['namespaces', acts.folder] }, async (seen) => {
      expect(await told(seen, RECORD_TYPE.unshare, [0])).toEqual([[0x0402_0000, 0]])
      expect(await told(seen, RECORD_TYPE.mount, [0, 1], [path, path2, text])).toEqual([
        [0x44000, 165, '/', 'none', undefined, 0],
        [2, 165, acts.folder, 'holdfast-none', 'tmpfs', 0],
        [2, 166, acts.folder, undefined, undefined, 0],
      ])
      expect(await told(seen, RECORD_TYPE.setns, [1])).toEqual([[0x0400_0000, 0]])
      expect(await told(seen, RECORD_TYPE.cloneNs, [0])).toEqual([[0x0800_0000, expect.any(Number)]])
      expect(await told(seen, RECORD_TYPE.chroot, [], [path])).toEqual([[`${acts.folder}/.`, 0]])
      expect(await told(seen, RECORD_TYPE.pivotRoot, [])).toEqual([[expect.any(Number)]])
    })
  })

  test('taking hold of another process and writing into it are told', async () => {
    await acts.watch({ flags: 0, act: ['processes'] }, async (seen, { output }) => {
      const child = Number(/child (\d+)/.exec(output)?.[1])
      expect(await told(seen, RECORD_TYPE.ptrace, [0, 1])).toEqual([[16, child, 0]])
      expect(await told(seen, RECORD_TYPE.processVm, [0, 1])).toEqual([[child, 1, 1]])
      expect(await seen.all(RECORD_TYPE.exit, (record) => [record.pid, Number(record.number(0))])).toContainEqual([
        child,
        9,
      ])
    })
  })

  test('acts of privilege are told, granted or not', async () => {
    const file = `${acts.folder}/set-id`
    await acts.watch({ flags: 0, act: ['privileges', file] }, async (seen) => {
      expect(await told(seen, RECORD_TYPE.bpf, [0])).toEqual([[0, expect.any(Number)]])
      expect(await told(seen, RECORD_TYPE.module, [0])).toEqual([[175, expect.any(Number)]])
      expect(await told(seen, RECORD_TYPE.keyctl, [0])).toEqual([[0, expect.any(Number)]])
      expect(await told(seen, RECORD_TYPE.memfd, [0], [text])).toEqual([[1, 'holdfast-memfd', expect.any(Number)]])
      expect(await told(seen, RECORD_TYPE.rawSocket, [0, 1])).toEqual([[17, 3, expect.any(Number)]])
      expect(await told(seen, RECORD_TYPE.setxattrCap, [0], [path, text])).toEqual([
        [0o4755, file, undefined, 0],
        [0, file, 'security.capability', expect.any(Number)],
      ])
      expect(await told(seen, RECORD_TYPE.setId, [0, 1])).toEqual([
        [119, 0, 0],
        [117, 65534, 0],
      ])
      expect(await told(seen, RECORD_TYPE.chroot, [])).toEqual([[-1]])
    })
  })

  test('a capability is told once as granted and once as denied', async () => {
    await acts.watch({ flags: 0, act: ['privileges', `${acts.folder}/again`] }, async (seen) => {
      const isTold = seen.loader.programs.some(({ name, attached }) => name === 'observe_capability' && attached)
      const seenOf = await told(seen, RECORD_TYPE.capability, [0, 1])
      // CAP_NET_RAW 13 is granted to root; CAP_SYS_CHROOT 18 is denied to the account that it then became.
      if (isTold)
        expect(seenOf).toEqual(
          expect.arrayContaining([
            [13, 1, 0],
            [18, 0, -1],
          ]),
        )
      else expect(seenOf).toEqual([])
    })
  })

  test('code that lies in no file is told with its links, arguments and trace context', async () => {
    await acts.watch({ flags: 0, act: ['memfd-exec'] }, async (seen) => {
      const execs = await seen.all(RECORD_TYPE.exec, (record) => ({
        path: record.text(path),
        links: Number(record.number(1)),
        argv: record.argv,
        traceparent: record.text(FIELD_TAG.traceparent),
        uid: record.uid,
      }))
      expect(execs.at(-1)).toEqual({
        path: '/memfd:holdfast-code',
        links: 0,
        argv: ['memfd-program', 'open', '/dev/null', '0'],
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        uid: 0,
      })
    })
  })

  test('an exec that the kernel refuses is told, one that finds no file is not', async () => {
    await acts.watch({ flags: 0, act: ['exec-fail', acts.folder] }, async (seen) => {
      expect(await told(seen, RECORD_TYPE.execFailed, [], [path])).toEqual([[acts.folder, -13]])
    })
    await acts.watch({ flags: 0, act: ['exec-fail', '/etc/holdfast-none'] }, async (seen) => {
      expect(await told(seen, RECORD_TYPE.execFailed, [])).toEqual([])
    })
  })

  test('a call that a seccomp filter answers with an error is told once', async () => {
    await acts.watch({ flags: 0, act: ['refused'] }, async (seen) => {
      expect(await told(seen, RECORD_TYPE.seccompRefused, [0, 1])).toEqual([[162, 1, -1]])
    })
  })

  test('what is asked of a ring is told although no call is made for it', async () => {
    await acts.watch({ flags: 0, act: ['ring', '/etc/hostname'] }, async (seen, { output }) => {
      const rings = await seen.all(RECORD_TYPE.ioUring, (record) => [
        ...[0, 1].map((slot) => Number(record.number(slot))),
        record.text(path),
        record.field(remote)?.toString('hex'),
      ])
      // Where rings are turned off, the attempt to make one is all there is.
      const asked = [
        [1, 18, '/etc/hostname', undefined],
        [1, 16, undefined, '020009007f000001'],
      ]
      expect(rings).toEqual([[0, 0, undefined, undefined], ...(output.startsWith('done 0') ? asked : [])])
    })
  })
})
