/**
 * Numbers of the kernel as their names in the manual pages. Facts of the uapi headers; what a table lacks is shown in
 * hexadecimal, so that nothing is dropped.
 */
type Bits = readonly (readonly [bit: number, name: string])[]

/** `CLONE_NEWNS|CLONE_NEWPID`; `0` where no bit is set. */
function named(value: bigint, bits: Bits): string {
  const names: string[] = []
  let rest = value
  for (const [bit, name] of bits) {
    const mask = BigInt(bit)
    if ((rest & mask) !== mask) continue
    names.push(name)
    rest &= ~mask
  }
  if (rest !== 0n) names.push(`0x${rest.toString(16)}`)
  return names.length === 0 ? '0' : names.join('|')
}

const CLONE: Bits = [
  [0x100, 'CLONE_VM'],
  [0x200, 'CLONE_FS'],
  [0x400, 'CLONE_FILES'],
  [0x800, 'CLONE_SIGHAND'],
  [0x4000, 'CLONE_VFORK'],
  [0x8000, 'CLONE_PARENT'],
  [0x10000, 'CLONE_THREAD'],
  [0x20000, 'CLONE_NEWNS'],
  [0x2000000, 'CLONE_NEWCGROUP'],
  [0x4000000, 'CLONE_NEWUTS'],
  [0x8000000, 'CLONE_NEWIPC'],
  [0x10000000, 'CLONE_NEWUSER'],
  [0x20000000, 'CLONE_NEWPID'],
  [0x40000000, 'CLONE_NEWNET'],
  [0x80, 'CLONE_NEWTIME'],
]

/** Flags of setns, unshare and clone. */
export function cloneFlags(value: bigint): string {
  return named(value, CLONE)
}

const MOUNT: Bits = [
  [0x1, 'MS_RDONLY'],
  [0x2, 'MS_NOSUID'],
  [0x4, 'MS_NODEV'],
  [0x8, 'MS_NOEXEC'],
  [0x10, 'MS_SYNCHRONOUS'],
  [0x20, 'MS_REMOUNT'],
  [0x400, 'MS_NOATIME'],
  [0x1000, 'MS_BIND'],
  [0x2000, 'MS_MOVE'],
  [0x4000, 'MS_REC'],
  [0x8000, 'MS_SILENT'],
  [0x20000, 'MS_UNBINDABLE'],
  [0x40000, 'MS_PRIVATE'],
  [0x80000, 'MS_SLAVE'],
  [0x100000, 'MS_SHARED'],
  [0x200000, 'MS_RELATIME'],
]

export function mountFlags(value: bigint): string {
  // Old programs put a magic number into the upper half, which the kernel ignores.
  return named((value & 0xffff0000n) === 0xc0ed0000n ? value & 0xffffn : value, MOUNT)
}

const MEMFD: Bits = [
  [0x1, 'MFD_CLOEXEC'],
  [0x2, 'MFD_ALLOW_SEALING'],
  [0x4, 'MFD_HUGETLB'],
  [0x8, 'MFD_NOEXEC_SEAL'],
  [0x10, 'MFD_EXEC'],
]

export function memfdFlags(value: bigint): string {
  return named(value, MEMFD)
}

/** O_CREAT, the same number on x86-64 and arm64. */
export const O_CREAT = 0o100
const PTRACE: ReadonlyMap<number, string> = new Map([
  [0, 'PTRACE_TRACEME'],
  [1, 'PTRACE_PEEKTEXT'],
  [2, 'PTRACE_PEEKDATA'],
  [3, 'PTRACE_PEEKUSR'],
  [4, 'PTRACE_POKETEXT'],
  [5, 'PTRACE_POKEDATA'],
  [6, 'PTRACE_POKEUSR'],
  [7, 'PTRACE_CONT'],
  [8, 'PTRACE_KILL'],
  [9, 'PTRACE_SINGLESTEP'],
  [12, 'PTRACE_GETREGS'],
  [13, 'PTRACE_SETREGS'],
  [16, 'PTRACE_ATTACH'],
  [17, 'PTRACE_DETACH'],
  [24, 'PTRACE_SYSCALL'],
  [0x4200, 'PTRACE_SETOPTIONS'],
  [0x4202, 'PTRACE_GETSIGINFO'],
  [0x4204, 'PTRACE_GETREGSET'],
  [0x4205, 'PTRACE_SETREGSET'],
  [0x4206, 'PTRACE_SEIZE'],
  [0x4207, 'PTRACE_INTERRUPT'],
  [0x4208, 'PTRACE_LISTEN'],
  [0x420e, 'PTRACE_GET_SYSCALL_INFO'],
])

export function ptraceRequest(value: number): string {
  return PTRACE.get(value) ?? `0x${value.toString(16)}`
}

const CAPABILITIES = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).split(' ')

export function capabilityName(value: number): string {
  const name = CAPABILITIES[value]
  return name === undefined ? `#${value}` : `CAP_${name}`
}

/** The set of capabilities that names stand for, as 16 hex digits; other sensors name them. Unknown names are left out. */
export function capabilitySet(names: readonly string[]): string {
  let set = 0n
  for (const name of names) {
    const at = CAPABILITIES.indexOf(name.replace(/^CAP_/, ''))
    if (at >= 0) set |= 1n << BigInt(at)
  }
  return set.toString(16).padStart(16, '0')
}

const BPF_COMMANDS = (
  'MAP_CREATE MAP_LOOKUP_ELEM MAP_UPDATE_ELEM MAP_DELETE_ELEM MAP_GET_NEXT_KEY PROG_LOAD OBJ_PIN OBJ_GET PROG_ATTACH ' +
  'PROG_DETACH PROG_TEST_RUN PROG_GET_NEXT_ID MAP_GET_NEXT_ID PROG_GET_FD_BY_ID MAP_GET_FD_BY_ID OBJ_GET_INFO_BY_FD ' +
  'PROG_QUERY RAW_TRACEPOINT_OPEN BTF_LOAD BTF_GET_FD_BY_ID TASK_FD_QUERY MAP_LOOKUP_AND_DELETE_ELEM MAP_FREEZE ' +
  'BTF_GET_NEXT_ID MAP_LOOKUP_BATCH MAP_LOOKUP_AND_DELETE_BATCH MAP_UPDATE_BATCH MAP_DELETE_BATCH LINK_CREATE ' +
  'LINK_UPDATE LINK_GET_FD_BY_ID LINK_GET_NEXT_ID ENABLE_STATS ITER_CREATE LINK_DETACH PROG_BIND_MAP TOKEN_CREATE'
).split(' ')

export function bpfCommand(value: number): string {
  const name = BPF_COMMANDS[value]
  return name === undefined ? `#${value}` : `BPF_${name}`
}

const KEYCTL = (
  'GET_KEYRING_ID JOIN_SESSION_KEYRING UPDATE REVOKE CHOWN SETPERM DESCRIBE CLEAR LINK UNLINK SEARCH READ INSTANTIATE ' +
  'NEGATE SET_REQKEY_KEYRING SET_TIMEOUT ASSUME_AUTHORITY GET_SECURITY SESSION_TO_PARENT REJECT INSTANTIATE_IOV ' +
  'INVALIDATE GET_PERSISTENT DH_COMPUTE PKEY_QUERY PKEY_ENCRYPT PKEY_DECRYPT PKEY_SIGN PKEY_VERIFY RESTRICT_KEYRING ' +
  'MOVE CAPABILITIES WATCH_KEY'
).split(' ')

export function keyctlOperation(value: number): string {
  const name = KEYCTL[value]
  return name === undefined ? `#${value}` : `KEYCTL_${name}`
}

const URING = (
  'NOP READV WRITEV FSYNC READ_FIXED WRITE_FIXED POLL_ADD POLL_REMOVE SYNC_FILE_RANGE SENDMSG RECVMSG TIMEOUT ' +
  'TIMEOUT_REMOVE ACCEPT ASYNC_CANCEL LINK_TIMEOUT CONNECT FALLOCATE OPENAT CLOSE FILES_UPDATE STATX READ WRITE ' +
  'FADVISE MADVISE SEND RECV OPENAT2 EPOLL_CTL SPLICE PROVIDE_BUFFERS REMOVE_BUFFERS TEE SHUTDOWN RENAMEAT UNLINKAT ' +
  'MKDIRAT SYMLINKAT LINKAT MSG_RING FSETXATTR SETXATTR FGETXATTR GETXATTR SOCKET URING_CMD SEND_ZC SENDMSG_ZC'
).split(' ')

export function uringOperation(value: number): string {
  const name = URING[value]
  return name === undefined ? `#${value}` : `IORING_OP_${name}`
}

const FAMILIES: ReadonlyMap<number, string> = new Map([
  [1, 'AF_UNIX'],
  [2, 'AF_INET'],
  [10, 'AF_INET6'],
  [16, 'AF_NETLINK'],
  [17, 'AF_PACKET'],
  [40, 'AF_VSOCK'],
  [44, 'AF_XDP'],
])

export function familyName(value: number): string {
  return FAMILIES.get(value) ?? `#${value}`
}

/** Audit architectures whose calls the table of names does not fit. */
const ARCHITECTURES: ReadonlyMap<number, string> = new Map([
  [0x40000003, 'i386'],
  [0xc000003e, 'x32'],
  [0x40000028, 'arm'],
])

export function architectureName(value: number): string {
  return ARCHITECTURES.get(value) ?? `0x${value.toString(16)}`
}
