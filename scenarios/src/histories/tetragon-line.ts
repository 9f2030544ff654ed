import type { SimulatedAgent } from './otlp-line.ts'

/** One thing that a kernel saw of a simulated agent. */
export type SimulatedAct =
  | { readonly kind: 'exec'; readonly binary: string; readonly arguments: string }
  | { readonly kind: 'file'; readonly access: 'read' | 'write'; readonly path: string }
  | { readonly kind: 'datagram'; readonly address: string; readonly port: number }
  /** One system call, by its number on x86-64. */
  | { readonly kind: 'call'; readonly number: number }

/** Masks of `security_file_permission`: MAY_WRITE and MAY_READ. */
const MASKS = { write: 2, read: 4 } as const

/** An event of Tetragon's JSON export. `number` tells the process from others of the pod. */
export function tetragonLine(
  agent: SimulatedAgent,
  {
    pod,
    at,
    number,
    startedAt = at,
    act,
  }: {
    readonly pod: string
    readonly at: number
    readonly number: number
    /** When its process began, where that was before the act. */
    readonly startedAt?: number
    readonly act: SimulatedAct
  },
): string {
  const binary = act.kind === 'exec' ? act.binary : '/usr/bin/python3.11'
  const process = {
    exec_id: execId(number, startedAt),
    parent_exec_id: execId(1, 1),
    pid: number,
    uid: 1000,
    cwd: '/',
    binary,
    arguments: act.kind === 'exec' ? act.arguments : '',
    pod: { namespace: agent.namespace, name: pod, workload: agent.deployment, workload_kind: 'Deployment' },
  }
  const more = { node_name: 'node-1', cluster_name: agent.cluster, time: new Date(at).toISOString() }
  if (act.kind === 'exec') return JSON.stringify({ process_exec: { process }, ...more })
  if (act.kind === 'call') {
    const args = [{ syscall_id: { id: act.number, abi: 'x64' } }]
    return JSON.stringify({
      process_tracepoint: { process, subsys: 'raw_syscalls', event: 'sys_enter', args },
      ...more,
    })
  }
  const [hook, args] =
    act.kind === 'file'
      ? (['security_file_permission', [{ file_arg: { path: act.path } }, { int_arg: MASKS[act.access] }]] as const)
      : (['ip4_datagram_connect', [{ sock_arg: { protocol: 'UDP', daddr: act.address, dport: act.port } }]] as const)
  return JSON.stringify({ process_kprobe: { process, function_name: hook, args }, ...more })
}

function execId(pid: number, at: number): string {
  return Buffer.from(`node-1:${at * 1_000_000}:${pid}`).toString('base64')
}
