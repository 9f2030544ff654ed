import { expect, test } from 'vitest'
import { workloadIn } from './workload.ts'

test('a run goes by the Deployment that the caller names, with what is stated of it', () => {
  const stated = 'k8s.cluster.name=blue,k8s.namespace.name=ml,k8s.deployment.name=research%20agent,service.name=x'
  expect(workloadIn({ OTEL_RESOURCE_ATTRIBUTES: stated })).toEqual({
    name: 'research agent',
    namespace: 'ml',
    cluster: 'blue',
  })
  expect(workloadIn({ OTEL_RESOURCE_ATTRIBUTES: 'k8s.job.name=nightly-42,k8s.cronjob.name=nightly' })).toEqual({
    name: 'nightly',
  })
})

test('a run without a Deployment is a program of its host', () => {
  expect(workloadIn({})).toBeUndefined()
  expect(workloadIn({ OTEL_RESOURCE_ATTRIBUTES: 'k8s.namespace.name=ml,k8s.deployment.name=' })).toBeUndefined()
})
