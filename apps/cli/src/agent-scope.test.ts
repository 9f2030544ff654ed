import { expect, test } from 'vitest'
import { placeOf } from './agent-scope.ts'

test('a workload and its namespace are the last two parts of an id, whatever the cluster is called', () => {
  expect(placeOf('k8s:prod/payments/desk')).toEqual({ namespace: 'payments', workload: 'desk' })
  expect(placeOf('k8s:arn:aws:eks:eu:1:cluster/prod/payments/desk')).toEqual({
    namespace: 'payments',
    workload: 'desk',
  })
})

test('an agent of a host is in no namespace', () => {
  expect(placeOf('host:web-1/payments/desk')).toBeUndefined()
  expect(placeOf('k8s:desk')).toBeUndefined()
})
