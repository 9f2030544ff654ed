import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Acts } from '../testing/acts.ts'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { Watching } from '../testing/watching.ts'
import { FIELD_TAG, RECORD_TYPE } from './record-layout.ts'

const reason = whyNoKernel()
const CHILDREN = 2

describe.skipIf(reason !== undefined)(`storms (${reason ?? 'with kernel programs'})`, () => {
  let acts: Acts
  beforeAll(() => {
    acts = new Acts()
  })
  afterAll(() => acts[Symbol.dispose]())

  test('of opens from two processes at once, sent is recorded and counted as lost', async () => {
    const opens = 100_000
    await acts.watch({ flags: 0, act: ['storm', acts.folder, `${CHILDREN}`, `${opens}`] }, async (seen, { cgroup }) => {
      expect((await opensBelow(seen, acts.folder)) + seen.lostOf(cgroup.id, RECORD_TYPE.open)).toBe(CHILDREN * opens)
    })
  })

  test('a driver that does not read costs counted loss, and frames without a hole', async () => {
    const opens = 250_000
    await using watching = await Watching.start()
    await using cgroup = new TestCgroup()
    await watching.command('watch', cgroup.id, 0)
    const goOn = watching.hold()
    await cgroup.run(acts.path, 'storm', acts.folder, `${CHILDREN}`, `${opens}`)
    goOn()
    const recorded = await opensBelow(watching, acts.folder)
    const lost = watching.lostOf(cgroup.id, RECORD_TYPE.open)
    expect(lost).toBeGreaterThan(0)
    expect(recorded + lost).toBe(CHILDREN * opens)
  })

  test('of forks, execs and exits, sent is recorded and counted as lost', async () => {
    const execs = 500
    await acts.watch({ flags: 0, act: ['exec-storm', `${execs}`] }, async (seen, { cgroup }) => {
      const count = async (type: number): Promise<number> => {
        let recorded = 0
        await seen.each(type, () => recorded++)
        return recorded + seen.lostOf(cgroup.id, type)
      }
      // The program itself is exec'd and exits too; its fork was made outside.
      expect(await count(RECORD_TYPE.exec)).toBe(execs + 1)
      expect(await count(RECORD_TYPE.fork)).toBe(execs)
      expect(await count(RECORD_TYPE.exit)).toBe(execs + 1)
    })
  })
})

async function opensBelow(seen: Watching, folder: string): Promise<number> {
  let count = 0
  const prefix = Buffer.from(`${folder}/`)
  await seen.each(RECORD_TYPE.open, (record) => {
    if (record.field(FIELD_TAG.path)?.subarray(0, prefix.length).equals(prefix) === true) count++
  })
  return count
}
