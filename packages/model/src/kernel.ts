import type { PolicyMode } from './sensor.ts'

/**
 * Names one process for good: `<boot>.<pid>.<start>`, with the first 8 hex digits of the boot id, the thread group id and
 * the start on the boot clock in ns. A pid alone is used again.
 */
export type ProcessKey = string

/** How a kernel event came by its trace context: its own environment, an ancestor's, or only the run that it is part of. */
export type KernelContextBasis = 'environment' | 'lineage' | 'run'

/** One end of a connection. `address` is an IP address as text, or the path of a unix socket (port 0). */
export type SocketEnd = { readonly address: string; readonly port: number }

/** What the kernel saw. `result` is what the call returned: negative values are errors (`-13` EACCES). */
export type KernelBody<C> =
  | {
      readonly kind: 'process'
      readonly action: 'exec' | 'exec-failed'
      readonly binary: string
      /** The arguments, joined by spaces; captured text. */
      readonly arguments: C
      readonly cwd?: string
      /** Set where the code came from no file that stays: a memfd, or one already deleted. */
      readonly fileless?: 'memfd' | 'deleted'
      readonly interpreter?: string
      readonly uid: number
      /** Effective capabilities as 16 hex digits. */
      readonly capabilities?: string
      readonly result: number
    }
  | {
      readonly kind: 'process'
      readonly action: 'exit'
      readonly exitCode: number
      readonly signal: number
    }
  | {
      readonly kind: 'process'
      readonly action: 'fork'
      readonly child: ProcessKey
    }
  | {
      readonly kind: 'file'
      readonly action: 'read' | 'write' | 'create' | 'unlink' | 'rename' | 'set-capability'
      readonly path: string
      /** Target of a rename. */
      readonly to?: string
      readonly flags: number
      readonly isSensitive: boolean
      /** True where the file belongs to another container than the process. */
      readonly isForeign: boolean
      readonly result: number
    }
  | {
      readonly kind: 'connection'
      /**
       * `flow` says how much has passed so far, `close` at the end; `refused` is a hold or an egress list of ours that stood in
       * the way; `unlisted` passed, and an egress list that only monitors does not name it.
       */
      readonly action: 'connect' | 'accept' | 'bind' | 'flow' | 'close' | 'refused' | 'unlisted'
      readonly protocol: 'tcp' | 'udp' | 'unix' | 'raw' | 'other'
      readonly local?: SocketEnd
      readonly remote?: SocketEnd
      /** Socket cookie as decimal text: the same socket in several events of one boot. */
      readonly socket?: string
      readonly bytesSent?: number
      readonly bytesReceived?: number
      /** What was refused: `connect`, `sendmsg`, `packet out`, `packet in`, `unix socket`, `bind`, or a new `socket`. */
      readonly refused?: string
      /** How often since the last such record. */
      readonly count?: number
      /** The egress list that does not name the other end, by its artifact; none where a hold refused. */
      readonly policy?: { readonly artifact: string; readonly mode: PolicyMode }
      readonly result: number
    }
  | {
      readonly kind: 'dns'
      readonly action: 'question' | 'answer'
      readonly name: string
      readonly recordType: string
      /** Addresses and names answered, at most 32. */
      readonly answers: readonly string[]
      readonly code?: string
    }
  /** Any other act that the kernel reported: namespaces, mounts, ptrace, capabilities, modules, bpf and the like. */
  | {
      readonly kind: 'kernel'
      readonly action: KernelAction
      /** What it was done to: a path, a pid, a capability. Untrusted text, at most 4,096 characters. */
      readonly target: string
      /** Arguments by their name in the manual, decoded (`CLONE_NEWNS|CLONE_NEWPID`). */
      readonly details: Readonly<Record<string, string>>
      readonly result: number
    }
  | {
      readonly kind: 'syscall-set'
      /** Names as libseccomp has them, sorted. */
      readonly calls: readonly string[]
    }
  /** A socket as the agent's own library reports it, with the span that opened it; joins `connection` by five-tuple. */
  | {
      readonly kind: 'socket'
      readonly protocol: 'tcp' | 'udp' | 'unix'
      readonly local: SocketEnd
      readonly remote: SocketEnd
      /** Process id as the agent itself sees it. */
      readonly pid: number
      readonly name?: string
    }

/** One line that names what the kernel saw. Untrusted text. */
export function kernelLabel(body: KernelBody<unknown>): string {
  switch (body.kind) {
    case 'process':
      return processLabel(body)
    case 'file':
      return body.to === undefined ? `${body.action} ${body.path}` : `${body.action} ${body.path} to ${body.to}`
    case 'connection':
      return `${body.action} ${endOf(body.remote ?? body.local)}`
    case 'dns':
      return `${body.action} ${body.name}`
    case 'kernel':
      return body.target === '' ? body.action : `${body.action} ${body.target}`
    case 'syscall-set':
      return `${body.calls.length} system calls`
    case 'socket':
      return `socket to ${endOf(body.remote)}`
  }
}

function processLabel(body: Extract<KernelBody<unknown>, { readonly kind: 'process' }>): string {
  switch (body.action) {
    case 'exec':
    case 'exec-failed':
      return body.binary
    case 'exit':
      return body.signal === 0 ? `exit ${body.exitCode}` : `ended by signal ${body.signal}`
    case 'fork':
      return `fork ${body.child}`
  }
}

function endOf(end: SocketEnd | undefined): string {
  if (end === undefined) return 'unknown'
  if (end.port === 0) return end.address
  return end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`
}

export type KernelAction =
  | 'setns'
  | 'unshare'
  | 'clone-ns'
  | 'mount'
  | 'pivot-root'
  | 'chroot'
  | 'ptrace'
  | 'process-vm'
  | 'capability'
  | 'set-id'
  | 'bpf'
  | 'module'
  | 'keyctl'
  | 'memfd'
  | 'io-uring'
  | 'raw-socket'
  | 'cgroup-create'
  | 'cgroup-move'
  | 'seccomp-refused'
  | 'foreign-arch'
  | 'other'
