import { describe, expect, test } from 'vitest'
import { parseProfile } from './parse-profile.ts'

const MACHINE = { architecture: 'x86_64', kernel: '6.1.0-13-amd64', capabilities: ['CAP_SYS_ADMIN'] } as const
const read = (profile: unknown) => parseProfile(JSON.stringify(profile), MACHINE)
const rule = (fields: object) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir'], ...fields }] })

test('a profile of the OCI specification is read as it is', () => {
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 38,
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
    flags: ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'],
    syscalls: [
      { names: ['read', 'socketcall'], action: 'SCMP_ACT_ALLOW' },
      {
        names: ['clone'],
        action: 'SCMP_ACT_LOG',
        args: [{ index: 0, value: 2114060288, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      },
      { names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
    ],
  }
  expect(read(profile)).toEqual(profile)
})

describe.each([
  ['{', 'no JSON'],
  ['[]', 'the profile: is no object'],
  ['{"linux": {}}', 'give its linux.seccomp object'],
  ['{}', 'defaultAction: undefined is none of SCMP_ACT_KILL'],
  ['{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/x"}', 'listenerPath'],
  ['{"defaultAction": "SCMP_ACT_ALLOW", "syscals": []}', '"syscals"'],
  ['{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_AMD64"]}', '"SCMP_ARCH_AMD64"'],
  ['{"defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_X"]}', '"SECCOMP_FILTER_FLAG_X"'],
  ['{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {}}', 'syscalls: is no list'],
  ['{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_AARCH64"}]}', 'SCMP_ARCH_X86_64'],
])('the text %s', (text, fault) => {
  test(`is refused: ${fault}`, () => {
    expect(() => parseProfile(text, MACHINE)).toThrow(fault)
  })
})

test.each([
  [{ action: 'SCMP_ACT_DENY' }, 'syscalls[0].action: "SCMP_ACT_DENY"'],
  [{ action: 'SCMP_ACT_NOTIFY' }, 'nobody would'],
  [{ names: ['pread'], action: 'SCMP_ACT_ALLOW' }, '"pread" is no system call'],
  [{ names: [], action: 'SCMP_ACT_ALLOW' }, 'names no system call'],
  [{ action: 'SCMP_ACT_ERRNO', errnoRet: -1 }, 'syscalls[0].errnoRet: -1'],
  [{ action: 'SCMP_ACT_ERRNO', errno: 1 }, '"errno"'],
  [{ action: 'SCMP_ACT_ALLOW', args: [{ index: 6, value: 0, op: 'SCMP_CMP_EQ' }] }, 'args[0].index: 6'],
  [{ action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 2 ** 60, op: 'SCMP_CMP_EQ' }] }, 'args[0].value'],
  [{ action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 0, op: '==' }] }, 'op "=="'],
  [{ action: 'SCMP_ACT_ALLOW', includes: { kernel: '6.1' } }, 'asks for "kernel"'],
  [{ action: 'SCMP_ACT_ALLOW', includes: { minKernel: 'six' } }, 'minKernel'],
])('the rule %j is refused by name and place', (fields, fault) => {
  expect(() => read(rule(fields))).toThrow(fault)
})

test.each([
  [{ includes: { caps: ['CAP_SYS_ADMIN'] } }, true],
  [{ includes: { caps: ['CAP_SYS_ADMIN', 'CAP_BPF'] } }, false],
  [{ includes: { caps: [] } }, true],
  [{ excludes: { caps: ['CAP_SYS_ADMIN'] } }, false],
  [{ excludes: { caps: ['CAP_BPF'] } }, true],
  [{ includes: { arches: ['amd64', 'x32'] } }, true],
  [{ includes: { arches: ['arm64'] } }, false],
  [{ excludes: { arches: ['s390', 's390x'] } }, true],
  [{ includes: { minKernel: '4.8' } }, true],
  [{ includes: { minKernel: '6.2' } }, false],
  [{ includes: { minKernel: '6.1', arches: ['s390'] } }, false],
  [{ includes: {}, excludes: {}, args: null }, true],
])('of Docker’s rules with %j, those that hold here are kept: %s', (conditions, isKept) => {
  const { syscalls } = read(rule({ action: 'SCMP_ACT_ERRNO', comment: 'said', ...conditions }))
  expect(syscalls).toEqual(isKept ? [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO' }] : [])
})

test('Docker’s map of architectures becomes those that this machine runs', () => {
  const archMap = [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
  ]
  const profile = read({
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap,
    syscalls: [{ name: 'read', action: 'SCMP_ACT_ALLOW' }],
  })
  expect(profile.architectures).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'])
  expect(profile.syscalls).toEqual([{ names: ['read'], action: 'SCMP_ACT_ALLOW' }])
})
