import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Acts } from '../testing/acts.ts'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { Watching } from '../testing/watching.ts'
import type { RecordCursor } from './record-cursor.ts'
import { RECORD_TYPE, WATCH_FLAG } from './record-layout.ts'

const reason = whyNoKernel()
const EPERM = 1
const EXDEV = 18
const CALL = { link: 86, getppid: 110, getpgrp: 111, sync: 162, times: 100, getpidThere: 20 } as const
const I386 = 0x4000_0003
/** SPEC S2, type 30. */
const KNOWN_BY = { answer: 0, notBegun: 1, killed: 2, noted: 3, trapped: 4 } as const

/** Call, errno, how it is known, architecture. */
function refusals(seen: Watching): Promise<readonly (readonly number[])[]> {
  return seen.all(RECORD_TYPE.seccompRefused, (record: RecordCursor) =>
    [0, 1, 2, 3].map((slot) => Number(record.number(slot))),
  )
}

describe.skipIf(reason !== undefined)(`refusals (${reason ?? 'with kernel programs'})`, () => {
  let acts: Acts
  beforeAll(() => {
    acts = new Acts()
  })
  afterAll(() => acts[Symbol.dispose]())

  test('what a filter refused is told from what the kernel refused, whatever the answer is', async () => {
    await acts.watch({ flags: WATCH_FLAG.refusals, act: ['filtered'] }, async (seen) => {
      expect(await refusals(seen)).toEqual([
        [CALL.sync, EXDEV, KNOWN_BY.notBegun, 0],
        [CALL.link, EPERM, KNOWN_BY.answer, 0],
        [CALL.getppid, 0, KNOWN_BY.trapped, 0],
        [CALL.times, 0, KNOWN_BY.killed, 0],
        [CALL.getpidThere, 0, KNOWN_BY.killed, I386],
      ])
    })
  })

  test('where nobody asked for proof, an answer that filters give is told as that, and a kill with proof', async () => {
    await acts.watch({ flags: 0, act: ['filtered'] }, async (seen) => {
      expect(await refusals(seen)).toEqual([
        [CALL.link, EPERM, KNOWN_BY.answer, 0],
        [CALL.times, 0, KNOWN_BY.killed, 0],
        [CALL.getpidThere, 0, KNOWN_BY.killed, I386],
      ])
    })
  })

  test('a call that the profile has noted is told once, in cgroups below too', async () => {
    await using seen = await Watching.start()
    await using cgroup = new TestCgroup()
    await seen.command('watch', cgroup.id, WATCH_FLAG.refusals | WATCH_FLAG.descend)
    await seen.command('noted', cgroup.id, CALL.getpgrp, 511)
    await using below = new TestCgroup(cgroup.path)
    await below.run(acts.path, 'filtered')
    expect(await refusals(seen)).toContainEqual([CALL.getpgrp, 0, KNOWN_BY.noted, 0])
    expect((await refusals(seen)).length).toBe(6)
    expect(await seen.loader.send('noted', cgroup.id, 512)).toMatchObject({ ok: false })
  })
})
