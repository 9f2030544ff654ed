import { setImmediate as everythingElse } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { oneByOne, Turns } from './turns.ts'

/** Work that notes its beginning and its end, and ends when it is let. */
function workOf(said: string[]) {
  return (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const work = async (): Promise<string> => {
      said.push(`${name} begins`)
      return await promise.finally(() => said.push(`${name} ends`))
    }
    return { work, end: () => resolve(name), fail: () => reject(new Error(name)) }
  }
}

test('the next begins once the one before is over, whatever became of it', async () => {
  const said: string[] = []
  const [first, second] = ['first', 'second'].map(workOf(said))
  const inTurn = oneByOne()
  const [one, other] = [first, second].map((each) => inTurn(each?.work ?? (async () => '')))
  second?.end()
  await everythingElse()
  expect(said).toEqual(['first begins'])
  first?.fail()
  await expect(one).rejects.toThrow('first')
  expect(await other).toBe('second')
  expect(said).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

test('keys do not wait for one another, and none is kept that nothing waits under', async () => {
  const said: string[] = []
  const [held, after, other] = ['held', 'after', 'other'].map(workOf(said))
  const turns = new Turns()
  const under = (key: string, each: typeof held) => turns.take(key, each?.work ?? (async () => ''))
  const all = [under('a', held), under('a', after), under('b', other)]
  other?.end()
  expect(await all[2]).toBe('other')
  expect(said).toEqual(['held begins', 'other begins', 'other ends'])
  held?.fail()
  after?.end()
  await expect(all[0]).rejects.toThrow('held')
  expect(await all[1]).toBe('after')
  await everythingElse()
  expect(turns.size).toBe(0)
})
