import { readFileSync } from 'node:fs'

/** What the kernel says of this process and a launched program is to inherit. */
export type OwnProcess = {
  readonly effective: readonly string[]
  readonly permitted: readonly string[]
  readonly inheritable: readonly string[]
  readonly bounding: readonly string[]
  readonly ambient: readonly string[]
  readonly noNewPrivileges: boolean
}

/** Throws where /proc does not tell, as on another system than Linux. */
export function readOwnProcess(): OwnProcess {
  const status = new Map(
    readFileSync('/proc/self/status', 'utf8')
      .split('\n')
      .map((line) => [line.split(':')[0] ?? '', line.split('\t')[1] ?? ''] as const),
  )
  const set = (name: string): readonly string[] => capabilitiesOf(BigInt(`0x${status.get(name) ?? '0'}`))
  return {
    effective: set('CapEff'),
    permitted: set('CapPrm'),
    inheritable: set('CapInh'),
    bounding: set('CapBnd'),
    ambient: set('CapAmb'),
    noNewPrivileges: status.get('NoNewPrivs') === '1',
  }
}

function capabilitiesOf(bits: bigint): readonly string[] {
  return CAPABILITIES.filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 1n).map((name) => `CAP_${name}`)
}

/** By their bit, linux/capability.h. */
const CAPABILITIES = `
CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE
`
  .trim()
  .split(/\s+/)
