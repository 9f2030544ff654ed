import type { Agent } from '@holdfast/api'
import { expect, test } from 'vitest'
import { columnsFor } from './run.ts'

function agent(id: string, name: string): Agent {
  return { id, name } as unknown as Agent // what is read of one
}

test('the id stands in the table where two agents go by one name, and only in the wide one else', () => {
  const idOf = (...rows: readonly Agent[]) => columnsFor(rows).find(({ title }) => title === 'ID')
  const [one, other] = [agent('k8s:a/pay/desk', 'desk'), agent('k8s:b/pay/desk', 'desk')]
  expect(idOf(one, agent('k8s:a/pay/till', 'till'))?.isWide).toBe(true)
  expect(idOf(one, other)?.isWide).not.toBe(true)
  expect(idOf(one, other)?.value(other)).toBe('k8s:b/pay/desk')
})

test('what is captured of an agent is said in words that are true of it', () => {
  const [shown] = columnsFor([]).filter(({ title }) => title === 'CAPTURE')
  const of = (capturing: Agent['capturing']) => shown?.value({ capturing } as unknown as Agent) // what is read of one
  expect([of('capturing'), of('partly'), of('not-capturing'), of('none-seen')]).toEqual([
    'content',
    'part of content',
    'metadata only',
    'no content seen',
  ])
})
