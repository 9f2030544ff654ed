import { expect, test } from 'vitest'
import { parseRunCgroupName, runCgroupName, startTicksOf } from './run-cgroup.ts'

const RUN = 'run-00112233445566aa'
const MAKER = { pidNamespace: '4026531836', pid: 42, startTicks: '123456' }

test('the name of a cgroup says who made it', () => {
  expect(parseRunCgroupName(runCgroupName(RUN, MAKER))).toEqual(MAKER)
})

test.each(['', RUN, `${RUN}.1.2`, `${RUN}.1.2.3.4`, 'run-xyz.1.2.3', `${RUN}.1.-2.3`, `${RUN}.1.2.3/..`])(
  '%j is nobody of ours',
  (name) => {
    expect(parseRunCgroupName(name)).toBeUndefined()
  },
)

test('the start of a process is read behind its name, whatever that holds', () => {
  const fields = Array.from({ length: 40 }, (_, i) => String(i + 3))
  expect(startTicksOf(`7 (a) 1 (b)) ${fields.join(' ')}`)).toBe('22')
  expect(startTicksOf('')).toBeUndefined()
})
