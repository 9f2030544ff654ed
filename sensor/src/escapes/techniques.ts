import type { Technique, Wanted } from './technique.ts'

/** What a program is given that a way ends with: not what the attempt itself began with. */
const AGAIN = { text: 'escaped nothing' }

/** Every way that is tried. docs/kernel-coverage.md is made of this table. */
export const TECHNIQUES: readonly Technique[] = [
  seen('namespace-entry', 'entering the mount namespace of another container by `/proc/PID/ns/mnt`', [
    { kind: 'kernel', action: 'setns', details: { flags: 'CLONE_NEWNS' } },
  ]),
  seen('unshare-net', 'leaving the network namespace that is filtered', [
    { kind: 'kernel', action: 'unshare', target: 'CLONE_NEWNET' },
  ]),
  seen('host-mount', 'binding the root of the host into a folder', [
    { kind: 'kernel', action: 'mount', target: /\/host$/, details: { source: '/', flags: 'MS_BIND' } },
  ]),
  seen('device', 'making a node of a disk of the host', [
    { kind: 'kernel', action: 'capability', target: 'CAP_MKNOD', details: { verdict: 'granted' } },
  ]),
  seen('release-agent', 'writing the `release_agent` of a cgroup v1 hierarchy', [
    { kind: 'file', action: 'write', path: /\/release_agent$/, isSensitive: true },
  ]),
  seen('core-pattern', 'writing the handler of core dumps', [
    { kind: 'file', action: 'write', path: '/proc/sys/kernel/core_pattern', isSensitive: true },
  ]),
  seen('ptrace', 'taking hold of a process outside', [
    { kind: 'kernel', action: 'ptrace', details: { request: 'PTRACE_ATTACH' } },
  ]),
  seen('process-vm-write', 'writing into the memory of a process outside', [
    { kind: 'kernel', action: 'process-vm', details: { direction: 'write' } },
  ]),
  seen('proc-mem-write', 'the same through `/proc/PID/mem`', [
    { kind: 'file', action: 'write', path: /\/mem$/, isSensitive: true },
  ]),
  seen('memfd-exec', 'running code that lies in memory alone', [
    { kind: 'kernel', action: 'memfd', target: 'escaped' },
    { kind: 'process', action: 'exec', fileless: 'memfd', arguments: AGAIN },
  ]),
  seen('deleted-exec', 'running a file after removing it', [
    { kind: 'file', action: 'unlink', path: /\/deleted$/ },
    { kind: 'process', action: 'exec', fileless: 'deleted', arguments: AGAIN },
  ]),
  seen('descriptor-exec', 'running a file by `/proc/self/fd/N`, without its name', [
    { kind: 'process', action: 'exec', binary: /\/hidden-name$/, arguments: AGAIN },
  ]),
  seen('module-load', 'loading a kernel module', [{ kind: 'kernel', action: 'module' }]),
  seen('bpf-load', 'loading a BPF program', [{ kind: 'kernel', action: 'bpf', target: 'BPF_PROG_LOAD' }]),
  seen('service-account-token', 'reading the token of a Kubernetes service account', [
    { kind: 'file', action: 'read', path: /serviceaccount\/token$/, isSensitive: true },
  ]),
  seen('metadata-address', 'connecting to the metadata service of a cloud', [
    { kind: 'connection', action: 'connect', protocol: 'tcp', remote: { address: '169.254.169.254' } },
  ]),
  seen('cgroup-move', 'moving itself into a cgroup that is not watched, then running a program', [
    { kind: 'kernel', action: 'cgroup-move' },
    { kind: 'process', action: 'exec', arguments: AGAIN },
  ]),
  seen('clone-into-cgroup', 'having a child born in a cgroup that is not watched', [
    { kind: 'process', action: 'exec', arguments: AGAIN },
  ]),
  seen('double-fork', 'losing its parents: two forks, a session of its own, then a program', [
    { kind: 'process', action: 'exec', arguments: AGAIN },
  ]),
  seen('io-uring', 'opening a file through an io_uring, without the call for it', [
    { kind: 'kernel', action: 'io-uring', target: 'setup' },
    { kind: 'kernel', action: 'io-uring', target: '/etc/shadow', details: { operation: 'IORING_OP_OPENAT' } },
  ]),
  {
    ...seen('ld-preload', 'putting a library before all others by `LD_PRELOAD`', [
      { kind: 'file', action: 'read', path: /\/preloaded\.so$/ },
    ]),
    needsAllOpens: true,
  },
  seen('loader-exec', 'running a program by the dynamic loader, so that the loader is what is run', [
    { kind: 'process', action: 'exec', binary: /\/ld-linux-x86-64\.so\.2$/ },
  ]),
  seen('symlink-race', 'opening a link while another process swaps what it means', [
    { kind: 'file', action: 'read', path: '/etc/shadow', isSensitive: true },
  ]),
  seen('user-namespace', 'becoming root of a user namespace and using its capabilities', [
    { kind: 'kernel', action: 'unshare', target: /CLONE_NEWUSER/ },
    { kind: 'kernel', action: 'capability', target: 'CAP_SYS_ADMIN', details: { verdict: 'granted' } },
  ]),
  seen('set-id-file', 'making a file run as its owner', [
    { kind: 'file', action: 'set-capability', path: /\/set-id$/ },
  ]),
  seen('file-capability', 'giving capabilities to a file', [
    { kind: 'file', action: 'set-capability', path: /\/capable$/ },
  ]),
  seen('chroot-break', 'leaving a root by a second one inside of it', [
    { kind: 'kernel', action: 'chroot', target: /\/jail$/ },
    { kind: 'kernel', action: 'chroot', target: /^\/\.?$/ },
  ]),
  seen('pivot-root', 'putting another root in place of its own', [
    { kind: 'kernel', action: 'mount', target: /\/root$/, details: { type: 'tmpfs' } },
    { kind: 'kernel', action: 'pivot-root' },
  ]),
  seen('raw-socket', 'packets past the socket layer', [
    { kind: 'kernel', action: 'raw-socket', target: 'AF_PACKET' },
    { kind: 'kernel', action: 'raw-socket', target: 'AF_INET' },
  ]),
  seen('vsock', 'a socket to the hypervisor', [{ kind: 'kernel', action: 'raw-socket', target: 'AF_VSOCK' }]),
  seen('keyctl', 'asking for the keyring of the session', [
    { kind: 'kernel', action: 'keyctl', target: 'KEYCTL_GET_KEYRING_ID' },
  ]),
  seen('engine-socket', 'connecting to the socket of the container engine', [
    { kind: 'connection', action: 'connect', protocol: 'unix', remote: { address: '/run/docker.sock' } },
  ]),
  seen('foreign-file', 'writing a file of another container through `/proc/PID/root`', [
    { kind: 'file', action: 'write', path: /secret$/, isForeign: true },
  ]),
  seen('file-handle', 'opening a file of the host by its handle, past all mounts', [
    { kind: 'file', action: 'read', path: '/etc/shadow', isSensitive: true },
  ]),
  seen('32-bit-call', 'a system call by the 32-bit entry', [
    { kind: 'kernel', action: 'foreign-arch', target: 'i386' },
  ]),
  seen('x32-call', 'a system call with an x32 number', [{ kind: 'kernel', action: 'foreign-arch', target: 'x32' }]),
  seen('wide-number', 'a system call whose number has something in its upper half', [
    { kind: 'kernel', action: 'chroot', target: '/' },
  ]),
  seen('userfaultfd', 'handling page faults of its own, to win races in the kernel', [
    { kind: 'syscall-set', calls: ['userfaultfd'] },
  ]),
  seen('perf-event', 'opening a performance counter', [{ kind: 'syscall-set', calls: ['perf_event_open'] }]),
  {
    name: 'hard-link',
    what: 'a second name for a secret, then reading by that name',
    status: 'not-seen',
    reason: 'a file is sensitive by its path, and the making of links is not told',
    never: { kind: 'file', path: '/run/harmless', isSensitive: true },
  },
  {
    name: 'written-code',
    what: 'writing code into memory and calling it',
    status: 'not-seen',
    reason: 'every program with a just-in-time compiler does so all day',
    never: { kind: 'kernel', target: /mprotect/ },
  },
  {
    name: 'inherited-descriptor',
    what: 'reading a file that somebody outside opened and passed in',
    status: 'not-seen',
    reason: 'opens are told, not reads; the open was another’s',
    never: { kind: 'file', path: /\/inherited$/ },
  },
]

function seen(name: string, what: string, events: readonly Wanted[]): Technique {
  return { name, what, status: 'seen', events }
}
