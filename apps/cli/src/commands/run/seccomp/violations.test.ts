import { expect, test } from 'vitest'
import { effectOf, loggedCalls, partlyLogged } from './effect.ts'
import type { SeccompProfile } from './profile.ts'
import { setupViolations, violationsOf } from './violations.ts'

const PROFILE: SeccompProfile = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
    { names: ['getpid', 'getppid'], action: 'SCMP_ACT_LOG' },
    { names: ['clone'], action: 'SCMP_ACT_LOG', args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }] },
    { names: ['sync'], action: 'SCMP_ACT_KILL' },
    { names: ['sync'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }] },
  ],
}

test('what a profile does to a call is known unless its arguments decide', () => {
  expect(effectOf(PROFILE, 'mkdir')).toEqual({ kind: 'errno', errno: 13 })
  expect(effectOf(PROFILE, 'read')).toEqual({ kind: 'allow' })
  expect(effectOf(PROFILE, 'clone')).toEqual({ kind: 'depends' })
  expect(effectOf(PROFILE, 'sync')).toEqual({ kind: 'depends' })
  const denying: SeccompProfile = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [] }
  expect(effectOf(denying, 'read')).toEqual({ kind: 'errno', errno: 1 })
  expect(effectOf({ ...denying, defaultErrnoRet: 38 }, 'read')).toEqual({ kind: 'errno', errno: 38 })
})

test('logged are the calls that always are, and the others are named', () => {
  expect(loggedCalls(PROFILE, 'x86_64')).toEqual([39, 110])
  expect(partlyLogged(PROFILE)).toEqual(['clone'])
  expect(loggedCalls({ defaultAction: 'SCMP_ACT_LOG', syscalls: [] }, 'x86_64').length).toBe(512)
})

const violation = (fields: object) => ({
  event: 'e',
  call: 'mkdir',
  outcome: 'refused' as const,
  errno: 13,
  basis: 'answer' as const,
  isSetup: false,
  count: 1,
  ...fields,
})

test.each([
  [{}, 'profile'],
  [{ errno: 1 }, undefined],
  [{ call: 'read' }, undefined],
  [{ architecture: 'i386' }, undefined],
  [{ call: 'read', basis: 'kernel' }, 'kernel'],
  [{ isSetup: true, basis: 'kernel' }, undefined],
])('without proof by the kernel, %j counts by %s', (fields, basis) => {
  const found = violationsOf([violation(fields)], { profile: PROFILE, isProven: false })
  expect(found.map((one) => one.basis)).toEqual(basis === undefined ? [] : [basis])
})

test('where the kernel proves what a filter refused, an answer alone is none', () => {
  expect(violationsOf([violation({})], { profile: PROFILE, isProven: true })).toEqual([])
  expect(violationsOf([violation({})], { profile: undefined, isProven: false })).toEqual([])
})

test('calls of the runtime that were refused are named once', () => {
  const setup = { isSetup: true, basis: 'kernel' as const }
  const all = [
    violation({ ...setup, call: 'write' }),
    violation({ ...setup, call: 'close' }),
    violation(setup),
    violation(setup),
  ]
  expect(setupViolations(all)).toEqual(['close', 'mkdir', 'write'])
})
