import { expect, test } from 'vitest'
import { twinsOf } from './twins.ts'

test('a name is told apart where two agents bear it, and not where one agent has several rows', () => {
  const rows = [
    { agent: 'k8s:blue/desk', name: 'desk' },
    { agent: 'k8s:blue/till', name: 'till' },
    { agent: 'k8s:green/desk', name: 'desk' },
    { agent: 'k8s:blue/till', name: 'till' },
  ]
  expect([...twinsOf(rows)]).toEqual(['desk'])
  expect(twinsOf([]).size).toBe(0)
})
