/** The `linux.seccomp` object of the OCI runtime specification, as far as envelopes use it. */
export type SeccompEnvelope = {
  readonly defaultAction: 'SCMP_ACT_ERRNO' | 'SCMP_ACT_LOG'
  readonly defaultErrnoRet?: number
  /** Calls of any other architecture end the process: 32-bit ones, and x32, which has numbers of its own. */
  readonly architectures: readonly string[]
  readonly syscalls: readonly SeccompEnvelopeRule[]
}

export type SeccompEnvelopeRule = {
  readonly names: readonly string[]
  readonly action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO'
  readonly errnoRet?: number
  readonly args?: readonly {
    readonly index: number
    readonly value: number
    readonly valueTwo: number
    readonly op: 'SCMP_CMP_MASKED_EQ'
  }[]
}

/** `clone` flags that make namespaces (linux/sched.h): of these none may be set. */
export const CLONE_NAMESPACES = 0x7e02_0000
export const EPERM = 1
export const ENOSYS = 38
