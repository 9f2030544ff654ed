/**
 * System calls that do the same work in several forms: a C library, a runtime or a newer model client takes one in the place of
 * another, and an envelope that admits one admits its family. Names as libseccomp has them. No member reaches further than the
 * others do: what opens a new way (execveat, pidfd_getfd, io_uring) stands alone, and so does what changes whom a process acts as.
 */
export const FAMILIES: readonly { readonly name: string; readonly calls: readonly string[] }[] = Object.entries({
  read: 'read readv pread64 preadv preadv2',
  write: 'write writev pwrite64 pwritev pwritev2',
  open: 'open openat openat2 creat',
  close: 'close close_range',
  'file status': 'stat lstat fstat newfstatat statx',
  'file system status': 'statfs fstatfs',
  'access check': 'access faccessat faccessat2',
  'link target': 'readlink readlinkat',
  directory: 'getdents getdents64',
  'read ahead': 'readahead fadvise64',
  'duplicate a descriptor': 'dup dup2 dup3',
  pipe: 'pipe pipe2',
  wait: 'poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2',
  'event descriptor': 'eventfd eventfd2',
  'signal descriptor': 'signalfd signalfd4',
  'timer descriptor': 'timerfd_create timerfd_settime timerfd_gettime',
  'file watch': 'inotify_init inotify_init1 inotify_add_watch inotify_rm_watch',
  'copy between descriptors': 'sendfile copy_file_range splice tee vmsplice',
  send: 'sendto sendmsg sendmmsg',
  receive: 'recvfrom recvmsg recvmmsg',
  accept: 'accept accept4',
  'socket name': 'getsockname getpeername',
  'socket option': 'getsockopt setsockopt',
  lock: 'futex futex_wait futex_wake futex_waitv futex_requeue',
  'start a process': 'clone clone3 fork vfork',
  'wait for a process': 'wait4 waitid',
  'own number': 'getpid getppid gettid getpgid getpgrp getsid',
  'own account': 'getuid geteuid getgid getegid getresuid getresgid getgroups',
  memory: 'mmap munmap mremap brk madvise mprotect',
  'memory lock': 'mlock mlock2 munlock mlockall munlockall',
  clock: 'clock_gettime clock_getres gettimeofday time times',
  sleep: 'nanosleep clock_nanosleep',
  alarm: 'alarm setitimer getitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete',
  'signal handling':
    'rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigsuspend rt_sigreturn sigaltstack pause',
  'signal to a thread': 'tkill tgkill rt_tgsigqueueinfo',
  schedule:
    'sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_getattr sched_get_priority_max sched_get_priority_min getpriority getcpu',
  'thread set-up': 'set_tid_address set_robust_list get_robust_list rseq membarrier',
  'resource limit': 'getrlimit prlimit64 getrusage',
  'machine facts': 'uname sysinfo',
  rename: 'rename renameat renameat2',
  remove: 'unlink unlinkat rmdir',
  'make a directory': 'mkdir mkdirat',
  'hard link': 'link linkat',
  'symbolic link': 'symlink symlinkat',
  mode: 'chmod fchmod fchmodat fchmodat2',
  owner: 'chown fchown lchown fchownat',
  'file time': 'utime utimes futimesat utimensat',
  length: 'truncate ftruncate fallocate',
  flush: 'fsync fdatasync sync syncfs sync_file_range msync',
  'working directory': 'chdir fchdir getcwd',
  'read an attribute': 'getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr',
  'write an attribute': 'setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr',
  'shared memory': 'shmget shmat shmctl shmdt',
  semaphore: 'semget semop semtimedop semctl',
  'message queue': 'mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr',
  'asynchronous file I/O': 'io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents',
}).map(([name, calls]) => ({ name, calls: calls.split(' ') }))

/**
 * Calls that no agent's work needs: other namespaces, mounts, other processes' memory, code in the kernel, keys of others, handles
 * past the path. Denied by name, so that a profile which lets all else through while monitoring still refuses them.
 */
export const NEVER_LEGITIMATE: readonly { readonly why: string; readonly calls: readonly string[] }[] = Object.entries({
  'enters or makes other namespaces': 'setns unshare',
  'changes what is mounted':
    'mount umount2 pivot_root move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr chroot',
  'reads or steers another process': 'ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp',
  'puts code into the kernel': 'bpf init_module finit_module delete_module create_module kexec_load kexec_file_load',
  'opens files past their path': 'open_by_handle_at name_to_handle_at',
  'reaches keys of others': 'keyctl add_key request_key',
  'watches the kernel or the machine': 'perf_event_open userfaultfd fanotify_init lookup_dcookie',
  'changes the machine':
    'reboot swapon swapoff acct quotactl quotactl_fd settimeofday clock_settime sethostname setdomainname iopl ioperm syslog vhangup nfsservctl _sysctl uselib',
}).map(([why, calls]) => ({ why, calls: calls.split(' ') }))

/**
 * What a container runtime calls between putting the filter on and running the program, and what its language does meanwhile.
 * Measured by leaving calls out one at a time until the program no longer runs: crun 1.8.1 needs 3 of its list where privileges may
 * not grow, 9 where they may; runc 1.1.5 needs 12 and 24, and now and then one of the others, because the scheduler of Go runs
 * beside it.
 */
export const RUNTIME_NEEDS: readonly { readonly runtime: string; readonly calls: readonly string[] }[] = [
  {
    runtime: 'crun',
    calls: 'capset close execve exit_group prctl rt_sigaction rt_sigprocmask setgroups setresgid setresuid write'.split(
      ' ',
    ),
  },
  {
    runtime: 'runc',
    calls: (
      'brk capget capset chdir clone close epoll_ctl epoll_pwait execve exit exit_group faccessat2 fcntl fstat fstatfs futex ' +
      'getcwd getdents64 getpid getppid getrandom gettid getuid madvise mmap munmap nanosleep newfstatat openat pipe2 prctl read ' +
      'rt_sigaction rt_sigprocmask rt_sigreturn sched_yield setgid setgroups setuid sigaltstack tgkill write'
    ).split(' '),
  },
  // Nothing calls these by name: the kernel lets a program go on after a signal, and end.
  { runtime: 'the kernel', calls: ['restart_syscall', 'rt_sigreturn', 'exit', 'exit_group'] },
]
