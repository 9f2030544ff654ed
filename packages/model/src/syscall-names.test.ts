import { expect, test } from 'vitest'
import { isSyscallName } from './foreign-syscall-names.ts'
import { syscallName, syscallNumber } from './syscall-names.ts'

test.each([
  [0, 'read', 'io_setup'],
  [17, 'pread64', 'getcwd'],
  [59, 'execve', 'pipe2'],
  [257, 'openat', '#257'],
  [294, 'inotify_init1', 'kexec_file_load'],
  [322, 'execveat', '#322'],
  [425, 'io_uring_setup', 'io_uring_setup'],
  [435, 'clone3', 'clone3'],
  [452, 'fchmodat2', 'fchmodat2'],
  [511, '#511', '#511'],
])('call %i is %s on x86-64 and %s on arm64', (number, x86, arm) => {
  expect([syscallName(number, 'x86_64'), syscallName(number, 'aarch64')]).toEqual([x86, arm])
})

test('a number is found by its name, and its name by the number', () => {
  for (const machine of ['x86_64', 'aarch64'] as const) {
    for (let number = 0; number < 512; number += 1) {
      const name = syscallName(number, machine)
      if (!name.startsWith('#')) expect(syscallNumber(name, machine)).toBe(number)
    }
  }
})

test.each([
  ['pread64', true],
  ['socketcall', true],
  ['s390_sthyi', true],
  ['pread', false],
  ['', false],
  ['constructor', false],
])('%s is a call of some machine: %s', (name, is) => {
  expect(isSyscallName(name)).toBe(is)
})
