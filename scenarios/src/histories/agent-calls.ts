import { syscallNumber } from '@holdfast/model'

/**
 * System calls of agents on a quiet day, with their numbers on x86-64. The sensor of this product recorded them of agents of these
 * scenarios at their ordinary work (Node.js 24, Python 3.11, curl, Linux on x86-64, under `holdfast run`); what is simulated is when.
 */

/** Of a tool agent on Node.js, or of a peer that takes work. */
export const NODE_CALLS = numbered(`
  accept4 access arch_prctl bind brk capget clock_nanosleep clone3 close connect epoll_create1 epoll_ctl
  epoll_pwait eventfd2 execve fcntl fstat futex getcwd getegid geteuid getgid getpeername getpid getppid
  getrandom getsockname getsockopt gettid getuid io_uring_enter io_uring_setup ioctl listen lseek madvise mmap
  mprotect munmap newfstatat openat pipe2 prctl pread64 prlimit64 read readlink rseq rt_sigaction
  rt_sigprocmask sched_getaffinity sched_getparam sched_getscheduler set_robust_list set_tid_address
  setsockopt shutdown socket statx sysinfo uname write writev
`)

/** Of a research agent on Node.js, which fetches by curl and runs Python. */
export const RESEARCH_CALLS = numbered(`
  access arch_prctl brk capget chdir clock_nanosleep clone clone3 close close_range connect dup2 epoll_create1
  epoll_ctl epoll_pwait eventfd2 execve fadvise64 fcntl fstat futex getcwd getdents64 getegid geteuid getgid
  getpeername getpid getppid getrandom getsockname getsockopt gettid getuid io_uring_enter io_uring_setup
  ioctl kill lseek lstat madvise mkdir mmap mprotect munmap newfstatat openat pipe2 poll prctl pread64
  prlimit64 pwritev read readlink recvfrom rename rmdir rseq rt_sigaction rt_sigprocmask sched_getaffinity
  sched_getparam sched_getscheduler sendmmsg sendto set_robust_list set_tid_address setsockopt shutdown socket
  socketpair statx sysinfo tgkill uname unlink unlinkat vfork wait4 write writev
`)

function numbered(names: string): Readonly<Record<string, number>> {
  const known = names.trim().split(/\s+/)
  return Object.fromEntries(known.map((name) => [name, syscallNumber(name, 'x86_64') ?? unknown(name)]))
}

function unknown(name: string): never {
  throw new Error(`${name} is no system call of x86-64`)
}
