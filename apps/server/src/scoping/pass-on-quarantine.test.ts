import { expect, test } from 'vitest'
import { RECONCILE_TRIES } from './limits.ts'
import { reconciled } from './pass-on-quarantine.ts'

/** Fails so many times, as projections that are made anew do; resolves with the tries and what was told of them. */
async function afterFaults(faults: number): Promise<readonly [tries: number, told: number]> {
  let [tries, told] = [0, 0]
  const reconcile = async (): Promise<void> => {
    tries += 1
    if (tries <= faults) throw new Error('nothing is known of the incident yet')
  }
  await reconciled({ reconcile }, { error: () => (told += 1) }, () => Promise.resolve())
  return [tries, told]
}

test('proxies are brought in line with the quarantine once what it reached is known, and each fault is told', async () => {
  expect(await afterFaults(0)).toEqual([1, 0])
  expect(await afterFaults(3)).toEqual([4, 3])
})

test('it is given up after a while: the incident may be no more', async () => {
  expect(await afterFaults(1_000)).toEqual([RECONCILE_TRIES, RECONCILE_TRIES])
})
