/** SPEC S1: where the fixed part of a record holds what, in bytes from its beginning. */
export const RECORD_OFFSET = {
  type: 0,
  flags: 2,
  bytes: 4,
  bootNs: 8,
  cgroup: 16,
  pid: 24,
  tid: 28,
  startNs: 32,
  ppid: 40,
  uid: 44,
  parentStartNs: 48,
  result: 56,
  numbers: 64,
  comm: 112,
  fields: 128,
} as const

/** SPEC S1: flags of a record. */
export const RECORD_FLAG = { high: 1, cut: 2, incomplete: 4, setup: 8 } as const

/** SPEC S2: what a record tells. */
export const RECORD_TYPE = {
  exec: 1,
  fork: 2,
  exit: 3,
  open: 4,
  connect: 5,
  accept: 6,
  bind: 7,
  dns: 8,
  flow: 9,
  setns: 10,
  unshare: 11,
  cloneNs: 12,
  mount: 13,
  pivotRoot: 14,
  chroot: 15,
  ptrace: 16,
  processVm: 17,
  capability: 18,
  setId: 19,
  bpf: 20,
  module: 21,
  keyctl: 22,
  memfd: 23,
  ioUring: 24,
  unlink: 25,
  rename: 26,
  cgroupMkdir: 27,
  cgroupMove: 28,
  syscalls: 29,
  seccompRefused: 30,
  holdRefused: 31,
  tlsData: 32,
  rawSocket: 33,
  execFailed: 34,
  setxattrCap: 35,
  foreignArch: 36,
  policyRefused: 37,
} as const

/** SPEC S1: tags of the fields behind the fixed part. */
export const FIELD_TAG = {
  path: 1,
  argv: 2,
  cwd: 3,
  traceparent: 4,
  path2: 5,
  local: 6,
  remote: 7,
  dns: 8,
  data: 9,
  interpreter: 10,
  text: 11,
  bitmap: 12,
  fsmagic: 13,
  capabilities: 14,
  connection: 15,
} as const

/** SPEC S4: flags of `watch`. */
export const WATCH_FLAG = { allOpens: 1, tls: 2, descend: 4, resetAtExec: 8, refusals: 16 } as const
