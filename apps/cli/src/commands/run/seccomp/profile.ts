/** A seccomp profile: the `linux.seccomp` object of the OCI runtime specification, without what nobody here can serve. */
export type SeccompProfile = {
  readonly defaultAction: SeccompAction
  readonly defaultErrnoRet?: number
  /** Absent: the machine's own. Calls of any other architecture are killed by the filter. */
  readonly architectures?: readonly string[]
  readonly flags?: readonly string[]
  readonly syscalls: readonly SeccompRule[]
}

export type SeccompRule = {
  readonly names: readonly string[]
  readonly action: SeccompAction
  readonly errnoRet?: number
  /** All of them must hold. */
  readonly args?: readonly SeccompArgument[]
}

export type SeccompArgument = {
  readonly index: number
  readonly value: number
  readonly valueTwo?: number
  readonly op: string
}

/** `SCMP_ACT_NOTIFY` is none of them: nobody would answer, and every such call would wait for ever. */
export const SECCOMP_ACTIONS = [
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
] as const
export type SeccompAction = (typeof SECCOMP_ACTIONS)[number]

export const SECCOMP_OPERATORS = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
] as const

export const SECCOMP_ARCHITECTURES = [
  'X86',
  'X86_64',
  'X32',
  'ARM',
  'AARCH64',
  'MIPS',
  'MIPS64',
  'MIPS64N32',
  'MIPSEL',
  'MIPSEL64',
  'MIPSEL64N32',
  'PPC',
  'PPC64',
  'PPC64LE',
  'S390',
  'S390X',
  'PARISC',
  'PARISC64',
  'RISCV64',
  'LOONGARCH64',
].map((name) => `SCMP_ARCH_${name}`)

export const SECCOMP_FLAGS = ['TSYNC', 'LOG', 'SPEC_ALLOW', 'WAIT_KILLABLE_RECV'].map(
  (name) => `SECCOMP_FILTER_FLAG_${name}`,
)
