import { expect, test } from 'vitest'
import { syscallName } from './syscall-names.ts'

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
