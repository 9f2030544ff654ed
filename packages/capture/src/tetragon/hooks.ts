import { sensitivePathName, syscallName } from '@holdfast/model'
import type { Content, KernelAction, KernelBody, Machine } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { cloneFlags } from '../sensor/flags.ts'
import { argument, boundedText, integer, numberAfterFile, plainArguments, socketConnection } from './arguments.ts'
import type { TetragonEvent } from './event.ts'

/**
 * A hook of a tracing policy. Policies may hook any function, so the usual ones are read for what they mean, and any
 * other is kept under its own name with its plain arguments.
 */
export function hookBody(event: TetragonEvent): KernelBody<Content> {
  const { body } = event
  const entered = enteredCall(body)
  if (entered !== undefined) return entered
  const hook = textField(body, 'function_name', 'symbol', 'event') ?? event.kind
  const name = hook.replace(/^__(x64|arm64|ia32)_/, '').replace(/^(sys_enter_|sys_exit_|sys_|security_)/, '')
  const result = integer(field(field(body, 'return'), 'int_arg'))
  const path = pathOf(body)
  const socket = argument(body, 'sock_arg', 'skb_arg', 'sockaddr_arg')
  const file = FILES.get(name)
  if (file !== undefined && path !== undefined) return fileBody(path, accessOf(file, body), result)
  const connection = CONNECTIONS.get(name)
  if (connection !== undefined && socket !== undefined) return socketConnection(socket, connection, result)
  const policy = textField(body, 'policy_name')
  const action = textField(body, 'action')
  return {
    kind: 'kernel',
    action: actOf(name, body),
    target: boundedText(targetOf(body, name, path) ?? hook.slice(0, 256)),
    details: {
      hook: boundedText(hook, 256),
      ...Object.fromEntries(plainArguments(body).map((value, i) => [`argument ${i}`, value])),
      ...(policy === undefined ? {} : { policy: boundedText(policy, 256) }),
      ...(action === undefined ? {} : { enforced: boundedText(action, 256) }),
    },
    result,
  }
}

/**
 * A system call as the tracepoint of all of them tells it: a set of one. Older versions tell a bare number and no machine, so such
 * a call stays without a name.
 */
function enteredCall(body: Json): KernelBody<Content> | undefined {
  if (textField(body, 'subsys') !== 'raw_syscalls' || textField(body, 'event') !== 'sys_enter') return undefined
  const told = argument(body, 'syscall_id')
  const bare = told === undefined ? argument(body, 'long_arg', 'size_arg') : undefined
  if (told === undefined && bare === undefined) return undefined
  // Fields that are 0 are left out of the export: the call of number 0 (read) has none.
  const number = integer(told === undefined ? bare : field(told, 'id'))
  const abi = told === undefined ? '' : (textField(told, 'abi') ?? '')
  const machine = MACHINES.get(abi)
  if (machine !== undefined) return { kind: 'syscall-set', calls: [syscallName(number, machine)] }
  if (abi === '') return { kind: 'syscall-set', calls: [`#${number}`] }
  const details = { hook: 'sys_enter', architecture: boundedText(abi, 64) }
  return { kind: 'kernel', action: 'foreign-arch', target: `#${number}`, details, result: 0 }
}

/** How Tetragon calls the machines whose calls have names here; `i386` and `arm32` number theirs otherwise. */
const MACHINES: ReadonlyMap<string, Machine> = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
])

/** What the call does with the file, or which of its arguments says so: flags of open(2), or a mask. */
type FileHook = 'read' | 'write' | 'unlink' | 'flags' | 'mask'

const FILES: ReadonlyMap<string, FileHook> = new Map<string, FileHook>([
  ['read', 'read'],
  ['pread64', 'read'],
  ['write', 'write'],
  ['pwrite64', 'write'],
  ['open', 'flags'],
  ['openat', 'flags'],
  ['openat2', 'flags'],
  ['file_open', 'read'],
  ['file_permission', 'mask'],
  ['fd_install', 'read'],
  ['mmap_file', 'mask'],
  ['path_truncate', 'write'],
  ['truncate', 'write'],
  ['unlink', 'unlink'],
  ['unlinkat', 'unlink'],
  ['path_unlink', 'unlink'],
  ['inode_unlink', 'unlink'],
])

const CONNECTIONS: ReadonlyMap<string, 'connect' | 'accept' | 'bind' | 'flow' | 'close'> = new Map([
  ['tcp_connect', 'connect'],
  ['connect', 'connect'],
  ['socket_connect', 'connect'],
  ['ip4_datagram_connect', 'connect'],
  ['ip6_datagram_connect', 'connect'],
  ['tcp_close', 'close'],
  ['tcp_sendmsg', 'flow'],
  ['udp_sendmsg', 'flow'],
  ['ip_output', 'flow'],
  ['inet_csk_accept', 'accept'],
  ['inet_csk_listen_start', 'bind'],
  ['bind', 'bind'],
  ['socket_bind', 'bind'],
])

const ACTS: ReadonlyMap<string, KernelAction> = new Map([
  ['setns', 'setns'],
  ['unshare', 'unshare'],
  ['mount', 'mount'],
  ['sb_mount', 'mount'],
  ['move_mount', 'mount'],
  ['pivot_root', 'pivot-root'],
  ['sb_pivotroot', 'pivot-root'],
  ['chroot', 'chroot'],
  ['path_chroot', 'chroot'],
  ['ptrace', 'ptrace'],
  ['ptrace_access_check', 'ptrace'],
  ['process_vm_writev', 'process-vm'],
  ['process_vm_readv', 'process-vm'],
  ['capable', 'capability'],
  ['cap_capable', 'capability'],
  ['ns_capable', 'capability'],
  ['setuid', 'set-id'],
  ['setgid', 'set-id'],
  ['setresuid', 'set-id'],
  ['setreuid', 'set-id'],
  ['commit_creds', 'set-id'],
  ['bpf', 'bpf'],
  ['bpf_check', 'bpf'],
  ['bpf_prog_load', 'bpf'],
  ['init_module', 'module'],
  ['finit_module', 'module'],
  ['kernel_module_request', 'module'],
  ['kernel_read_file', 'module'],
  ['do_init_module', 'module'],
  ['free_module', 'module'],
  ['find_module_sections', 'module'],
  ['keyctl', 'keyctl'],
  ['memfd_create', 'memfd'],
  ['io_uring_setup', 'io-uring'],
  ['io_uring_enter', 'io-uring'],
])

/** A path as the hooks of Tetragon give it; those of file arguments lack their first slash in old versions. */
function pathOf(body: Json): string | undefined {
  const text = textField(argument(body, 'file_arg', 'path_arg', 'linux_binprm_arg'), 'path') ?? firstPath(body)
  if (text === undefined) return undefined
  const isBare = !text.startsWith('/') && field(argument(body, 'file_arg'), 'path') !== undefined
  return boundedText(`${isBare ? '/' : ''}${text}`)
}

function firstPath(body: Json): string | undefined {
  const text = argument(body, 'string_arg')
  return typeof text === 'string' && text.startsWith('/') ? text : undefined
}

/** O_WRONLY and O_RDWR among flags, MAY_WRITE or PROT_WRITE in a mask. What is not told counts as the lesser act. */
function accessOf(file: FileHook, body: Json): 'read' | 'write' | 'unlink' {
  switch (file) {
    case 'flags':
      return ((numberAfterFile(body) ?? 0) & 3) === 0 ? 'read' : 'write'
    case 'mask':
      return ((numberAfterFile(body) ?? 0) & 2) === 0 ? 'read' : 'write'
    case 'read':
    case 'write':
    case 'unlink':
      return file
  }
}

/** Every new process is a clone; the one that gets a namespace of its own says so in its flags. */
function actOf(name: string, body: Json): KernelAction {
  if (name === 'clone' && (integer(argument(body, 'int_arg', 'uint_arg', 'size_arg')) & NEW_NAMESPACES) !== 0)
    return 'clone-ns'
  return ACTS.get(name) ?? 'other'
}

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const NEW_NAMESPACES = 0x7e020000

function fileBody(path: string, action: 'read' | 'write' | 'unlink', result: number): KernelBody<Content> {
  const isSensitive = sensitivePathName(path) !== undefined
  return { kind: 'file', action, path, flags: 0, isSensitive, isForeign: false, result }
}

function targetOf(body: Json, name: string, path: string | undefined): string | undefined {
  const capability = argument(body, 'capability_arg')
  if (capability !== undefined) return textField(capability, 'name')
  const module = argument(body, 'module_arg')
  if (module !== undefined) return textField(module, 'name')
  // setns takes a descriptor first.
  const flags = name === 'setns' ? plainArguments(body)[1] : FLAGS_FIRST.has(name) ? plainArguments(body)[0] : undefined
  if (flags !== undefined) return cloneFlags(BigInt(Math.max(0, integer(flags))))
  const text = name === 'kernel_module_request' ? argument(body, 'string_arg') : undefined
  return typeof text === 'string' ? text : path
}

const FLAGS_FIRST: ReadonlySet<string> = new Set(['unshare', 'clone'])
