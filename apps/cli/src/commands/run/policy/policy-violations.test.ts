import { expect, test } from 'vitest'
import { policyViolations } from './policy-violations.ts'
import type { RunPolicy } from './run-policy.ts'
import { egressArtifact, madeArtifact } from './testing/made-artifact.ts'

const seccomp = madeArtifact('seccomp', {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [
    { names: ['mount', 'read'], action: 'SCMP_ACT_ALLOW' },
    { names: ['bpf', 'mount'], action: 'SCMP_ACT_ERRNO' },
  ],
})
const egress = egressArtifact([])
// The confinement plays no part in what is told.
const policy = {
  seccomp: { artifact: seccomp, mode: 'enforce' },
  egress: { artifact: egress, mode: 'monitor' },
  notes: [],
} as unknown as RunPolicy

const violation = (call: string, artifact: string) => ({
  event: `event of ${call}`,
  call,
  outcome: 'refused' as const,
  basis: 'kernel' as const,
  artifact,
  conversation: 'c-1',
  count: 2,
})
const unlisted = {
  event: 'event of a connection',
  artifact: egress.id,
  mode: 'monitor' as const,
  what: 'connect',
  protocol: 'tcp',
  address: '2001:db8::1',
  port: 443,
  names: ['a.test'],
  count: 1,
}

test('each refusal is told with its artifact, the line that refused and its conversation', () => {
  const told = policyViolations(policy, {
    violations: [violation('mount', seccomp.id), violation('setns', seccomp.id)],
    unlisted: [unlisted],
  })
  expect(told).toEqual([
    {
      event: 'event of mount',
      artifact: seccomp.id,
      kind: 'seccomp',
      pointer: '/syscalls/1',
      mode: 'enforce',
      what: 'mount',
      conversation: 'c-1',
      count: 2,
    },
    {
      event: 'event of setns',
      artifact: seccomp.id,
      kind: 'seccomp',
      pointer: '/defaultAction',
      mode: 'enforce',
      what: 'setns',
      conversation: 'c-1',
      count: 2,
    },
    {
      event: 'event of a connection',
      artifact: egress.id,
      kind: 'host-egress',
      pointer: '/default',
      mode: 'monitor',
      what: '[2001:db8::1]:443/tcp (a.test)',
      count: 1,
    },
  ])
})

test('what is answered as unknown, so that a library takes another call, is no refusal', () => {
  const told = policyViolations(policy, {
    violations: [{ ...violation('clone3', seccomp.id), errno: 38 }],
    unlisted: [],
  })
  expect(told).toEqual([])
})

test('what another filter or list did is none of the policy', () => {
  const other = 'f'.repeat(64)
  expect(
    policyViolations(policy, { violations: [violation('mount', other)], unlisted: [{ ...unlisted, artifact: other }] }),
  ).toEqual([])
})
