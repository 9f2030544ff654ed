import type { Content, KernelBody } from '@holdfast/model'
import { quoted } from './findings.ts'
import type { Rule } from './kernel-act-rules.ts'
import type { ProcessState } from './process-trees.ts'

type ExecBody = Extract<KernelBody<Content>, { readonly action: 'exec' | 'exec-failed' }>
type ConnectionBody = Extract<KernelBody<unknown>, { readonly kind: 'connection' }>

const SHELL = /\/(sh|bash|dash|ash|zsh|ksh|busybox)$/
const RAW_CLIENT = /\/(nc|ncat|netcat|nc\.(openbsd|traditional)|socat|telnet)$/

/** What a program that begins says of an escape. `before` is what ran in the process until now. */
export function execRule(body: ExecBody, process: ProcessState): Rule | undefined {
  const { binary } = body
  const words = textOf(body.arguments)
  const first = /^\S*/.exec(words)?.[0] ?? ''
  if (body.action === 'exec' && body.fileless !== undefined)
    return body.fileless === 'memfd'
      ? rule('fileless', binary, 0.75, `ran ${quoted(binary)} from memory: no file holds its code`)
      : rule('fileless', binary, 0.6, `ran ${quoted(binary)}, whose file was removed`)
  if (binary.endsWith('/nsenter') && /(^|\s)(-t|--target)[=\s]?\s*\d+/.test(words))
    return rule(
      'namespace-entry',
      words,
      hostTarget(words) ? 0.9 : 0.75,
      `ran ${quoted(words)} to enter namespaces of a process`,
    )
  if (binary.endsWith('/chroot') && /\s\/(proc\/\d+\/root|host|rootfs|mnt\/host)(\/|\s|$)/.test(words))
    return rule('root-change', words, 0.7, `ran ${quoted(words)}, into the root of another system`)
  if (SHELL.test(binary) && /\/dev\/(tcp|udp)\//.test(words))
    return rule('reverse-connection', words, 0.8, `gave a shell a connection as its input: ${quoted(words)}`)
  if (RAW_CLIENT.test(binary)) return rawClient(binary, words)
  if (SHELL.test(binary) && process.remote !== undefined)
    return rule(
      'reverse-connection',
      binary,
      0.8,
      `became a shell after connecting out: whoever answers may type into it`,
    )
  if (/\/ld-(linux|musl)[^/]*\.so[.\d]*$/.test(binary) && !/\s--(verify|list|help|version)/.test(words))
    return rule(
      'loader-exec',
      words,
      0.4,
      `ran a program by the dynamic loader, under the loader’s name: ${quoted(words)}`,
    )
  if (process.tree.written.has(binary) && first !== '' && baseOf(first) !== baseOf(binary))
    return rule(
      'disguised',
      binary,
      0.5,
      `ran ${quoted(binary)}, which it wrote itself, under the name ${quoted(first)}`,
    )
  return undefined
}

/** A shell where this agent never ran one; of a shell that starts shells only the first is told. */
export function shellRule(
  { action, binary, arguments: words }: ExecBody,
  { binary: from }: ProcessState,
): Rule | undefined {
  if (action !== 'exec' || !SHELL.test(binary) || SHELL.test(from)) return undefined
  return rule('unexpected-shell', binary, 0.5, `ran a shell, which it never did before: ${quoted(textOf(words))}`)
}

function rawClient(binary: string, words: string): Rule {
  return /\s(-e|-c|--exec|--sh-exec)[=\s]|\s(exec|system):/i.test(words)
    ? rule('reverse-connection', words, 0.8, `bound a program to a connection: ${quoted(words)}`)
    : rule('raw-client', words, 0.35, `ran ${quoted(baseOf(binary))}, which passes anything to anywhere`)
}

function hostTarget(words: string): boolean {
  return /(^|\s)(-t|--target)[=\s]?\s*1(\s|$)/.test(words)
}

function rule(name: string, key: string, strength: number, words: string): Rule {
  return { detector: `kernel/${name}`, key: key.slice(0, 500), strength, words }
}

function textOf(content: Content): string {
  return 'text' in content ? content.text.slice(0, 4096) : ''
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

const ENGINE_SOCKET = /\/(docker|containerd|crio|podman)\.sock$/
const METADATA: ReadonlySet<string> = new Set(['169.254.169.254', '169.254.170.2', 'fd00:ec2::254', '100.100.100.200'])
/** Command line clients; a library of the cloud asks this address for credentials all day. */
const TYPED_CLIENT = /\/(curl|wget|nc|ncat|netcat|socat|busybox)$/

/** What a connection says of an escape. Refused and unanswered ones count: the intent is the same. */
export function connectionRule(body: ConnectionBody, process: ProcessState | undefined): Rule | undefined {
  if (body.action !== 'connect' || body.remote === undefined) return undefined
  const { address } = body.remote
  const from = process?.binary ?? ''
  if (body.protocol === 'unix' && ENGINE_SOCKET.test(address))
    return {
      ...rule(
        'engine-socket',
        address,
        0.75,
        `connected to ${quoted(address)}: who speaks there starts containers as root of the host`,
      ),
      surface: 'S3',
    }
  if (METADATA.has(address))
    return {
      ...rule(
        'metadata',
        address,
        TYPED_CLIENT.test(from) ? 0.55 : 0.4,
        `asked the machine’s metadata service (${address}), which gives out credentials`,
      ),
      surface: 'S3',
    }
  return undefined
}

/** An address that is neither of this machine, nor of a private network, nor of the link. */
export function isOutside(address: string): boolean {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/i.exec(address)
  if (v4 !== null) {
    const [a, b] = [Number(v4[1]), Number(v4[2])]
    return !(
      a === 0 ||
      a === 10 ||
      a === 127 ||
      a >= 224 ||
      (a === 100 && b >= 64 && b < 128) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168)
    )
  }
  return address.includes(':') && !/^(::1?$|f[cdef]|fe[89ab])/i.test(address)
}

/** Calls that ordinary programs never make, by name: known for a whole cgroup, not by which process. */
const RARE_CALLS: ReadonlyMap<string, readonly [strength: number, what: string]> = new Map([
  ['open_by_handle_at', [0.6, 'opens files past all mounts']],
  ['userfaultfd', [0.3, 'handles page faults itself, and so wins races in the kernel']],
  ['perf_event_open', [0.3, 'opens performance counters, a large part of the kernel']],
  ['kexec_load', [0.8, 'loads another kernel']],
  ['kexec_file_load', [0.8, 'loads another kernel']],
  ['iopl', [0.7, 'reaches the machine’s ports']],
  ['ioperm', [0.7, 'reaches the machine’s ports']],
  ['pidfd_getfd', [0.4, 'takes files that another process has open']],
])

export function callRules(calls: readonly string[]): readonly Rule[] {
  return calls.flatMap((call) => {
    const known = RARE_CALLS.get(call)
    return known === undefined ? [] : [rule('rare-call', call, known[0], `${call} was called: it ${known[1]}`)]
  })
}
