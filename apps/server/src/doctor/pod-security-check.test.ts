import { expect, test } from 'vitest'
import { podSecurityChecks } from './pod-security-check.ts'

const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' }

test('outside of a cluster the level does not apply, and that is said', () => {
  expect(podSecurityChecks({ env: {}, found: [] })).toMatchObject([
    { status: 'PASS', detail: expect.stringContaining('does not apply') },
  ])
})

test('in a pod it is not known unless a connector asked', () => {
  expect(podSecurityChecks({ env: pod, found: [{ id: 'connector kubernetes:prod' }] })).toMatchObject([
    { status: 'WARN' },
  ])
  expect(podSecurityChecks({ env: pod, found: [{ id: 'pod-security' }] })).toEqual([])
})
