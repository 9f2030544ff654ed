import { expect, test } from 'vitest'
import type { SeccompProfile } from '../seccomp/profile.ts'
import { inMode } from './in-mode.ts'

const envelope: SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  architectures: ['SCMP_ARCH_X86_64'],
  syscalls: [
    { names: ['read'], action: 'SCMP_ACT_ALLOW' },
    { names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 },
    { names: ['bpf'], action: 'SCMP_ACT_KILL_PROCESS' },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
  ],
}

test('while enforcing an envelope is as it was made', () => {
  expect(inMode(envelope, 'enforce')).toEqual(envelope)
})

test('while monitoring whatever it would refuse is let through and told, and has no errno', () => {
  expect(inMode(envelope, 'monitor')).toEqual({
    defaultAction: 'SCMP_ACT_LOG',
    architectures: ['SCMP_ARCH_X86_64'],
    syscalls: [
      { names: ['read'], action: 'SCMP_ACT_ALLOW' },
      { names: ['mount'], action: 'SCMP_ACT_LOG' },
      { names: ['bpf'], action: 'SCMP_ACT_LOG' },
      { names: ['clone3'], action: 'SCMP_ACT_ALLOW' },
    ],
  })
})

test('what an envelope only logged is refused once it is enforced', () => {
  const logging: SeccompProfile = { defaultAction: 'SCMP_ACT_LOG', syscalls: [] }
  expect(inMode(logging, 'enforce')).toEqual({ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 1, syscalls: [] })
})
