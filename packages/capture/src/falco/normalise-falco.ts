import { hash } from 'node:crypto'
import { sensitivePathName } from '@holdfast/model'
import type { Content, Event, KernelAction, KernelBody, LogEntry, SocketEnd } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { contentOf } from '../dialects/content.ts'
import { oneEvent } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'
import { boundedText, integer, protocolOf, socketEnd } from '../tetragon/arguments.ts'
import { timeOf } from '../tetragon/event.ts'
import { falcoEvent, falcoProcess } from './event.ts'
import type { FalcoEvent } from './event.ts'

/**
 * What one alert of Falco means: the act that it was raised for, in the words of our own sensor, and the rule that raised
 * it. Undefined where the bytes are none.
 */
export function normaliseFalco(entry: LogEntry, bytes: Uint8Array): Normalised | undefined {
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  const event = json === undefined ? undefined : falcoEvent(json)
  if (event === undefined) return undefined
  const isMasked = entry.masks.length > 0
  const { channel, instance, credential, tier, clock } = entry.envelope
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: 'falco', instrumentation: 'falco' },
      agent: agentOf(entry, event),
      context: contextOf(entry, event),
    },
    start: timeOf(textField(event.whole, 'time')),
    idPrefix: `falco.${sourceTag(entry.envelope)}.${hash('sha256', bytes, 'hex').slice(0, 24)}`,
    isMasked,
  }
  const type = textField(event.fields, 'evt.type') ?? ''
  const act = actOf(event.fields, type, isMasked)
  const rule: KernelBody<Content> = {
    kind: 'kernel',
    action: 'other',
    target: boundedText(event.rule),
    details: {
      priority: boundedText(textField(event.whole, 'priority') ?? '', 64),
      ...(type === '' ? {} : { event: boundedText(type, 64) }),
    },
    result: 0,
  }
  return {
    events: [...(act === undefined ? [] : [oneEvent(frame, act.kind, act)]), oneEvent(frame, 'rule', rule)],
    dialect: 'falco',
    mapped: act === undefined ? 0 : 1,
    unmapped: act === undefined ? [`evt.type ${type.slice(0, 64)}`] : [],
    cut: 0,
  }
}

function agentOf({ envelope }: LogEntry, event: FalcoEvent): Event['agent'] {
  return { id: envelope.agent, name: envelope.agentName, instance: placeOf(event) }
}

function contextOf({ envelope }: LogEntry, event: FalcoEvent): Event['context'] {
  const process = falcoProcess(event, 'proc.pid')
  const parent = falcoProcess(event, 'proc.ppid')
  return {
    session: `${envelope.agent}~${placeOf(event)}`,
    ...(process === undefined ? {} : { process }),
    ...(process === undefined || parent === undefined ? {} : { parentProcess: parent }),
  }
}

function placeOf({ whole, fields }: FalcoEvent): string {
  const place = textField(fields, 'k8s.pod.name', 'container.id') ?? textField(whole, 'hostname') ?? '-'
  return boundedText(place, 256)
}

function actOf(fields: JsonObject, type: string, isMasked: boolean): KernelBody<Content> | undefined {
  const path = textField(fields, 'fd.name', 'fs.path.name', 'evt.arg.path', 'evt.arg.name', 'evt.arg.pathname')
  const result = resultOf(textField(fields, 'evt.res'))
  switch (type) {
    case 'execve':
    case 'execveat':
    case 'spawned_process':
      return execBody(fields, result, isMasked)
    case 'open':
    case 'openat':
    case 'openat2':
    case 'creat':
      return path === undefined ? undefined : fileBody(path, isWrite(fields) ? 'write' : 'read', result)
    case 'unlink':
    case 'unlinkat':
      return path === undefined ? undefined : fileBody(path, 'unlink', result)
    case 'rename':
    case 'renameat':
    case 'renameat2': {
      const from = textField(fields, 'fs.path.source', 'evt.arg.oldpath') ?? path
      const to = textField(fields, 'fs.path.target', 'evt.arg.newpath')
      return from === undefined
        ? undefined
        : { ...fileBody(from, 'rename', result), ...(to === undefined ? {} : { to: boundedText(to) }) }
    }
    case 'connect':
    case 'accept':
    case 'accept4':
    case 'bind':
    case 'sendto':
    case 'sendmsg':
      return connectionBody(fields, type, result)
    default: {
      const action = actionOf(type, fields)
      const target = boundedText(path ?? textField(fields, 'evt.args') ?? '')
      return action === undefined ? undefined : { kind: 'kernel', action, target, details: { call: type }, result }
    }
  }
}

const ACTS: ReadonlyMap<string, KernelAction> = new Map([
  ['setns', 'setns'],
  ['unshare', 'unshare'],
  ['mount', 'mount'],
  ['pivot_root', 'pivot-root'],
  ['chroot', 'chroot'],
  ['ptrace', 'ptrace'],
  ['process_vm_readv', 'process-vm'],
  ['process_vm_writev', 'process-vm'],
  ['setuid', 'set-id'],
  ['setgid', 'set-id'],
  ['setresuid', 'set-id'],
  ['bpf', 'bpf'],
  ['init_module', 'module'],
  ['finit_module', 'module'],
  ['keyctl', 'keyctl'],
  ['memfd_create', 'memfd'],
  ['io_uring_setup', 'io-uring'],
])

/** Every new process is a clone; the one that gets a namespace of its own says so in its flags. */
function actionOf(type: string, fields: JsonObject): KernelAction | undefined {
  if (type !== 'clone' && type !== 'clone3') return ACTS.get(type)
  return /CLONE_NEW/.test(textField(fields, 'evt.arg.flags', 'evt.args') ?? '') ? 'clone-ns' : undefined
}

function execBody(fields: JsonObject, result: number, isMasked: boolean): KernelBody<Content> {
  const binary = textField(fields, 'proc.exepath', 'proc.name') ?? ''
  const args = textField(fields, 'proc.cmdline')
  const cwd = textField(fields, 'proc.cwd')
  const fileless = field(fields, 'proc.is_exe_from_memfd') === true ? 'memfd' : undefined
  return {
    kind: 'process',
    action: result < 0 ? 'exec-failed' : 'exec',
    binary: boundedText(binary),
    // What a rule prints is its author's choice.
    arguments:
      args === undefined
        ? { state: 'not-captured', reason: 'instrumentation-omits' }
        : contentOf({ value: args }, isMasked),
    ...(cwd === undefined ? {} : { cwd: boundedText(cwd) }),
    ...(fileless === undefined ? {} : { fileless }),
    uid: integer(field(fields, 'user.uid')),
    result,
  }
}

type File = Extract<KernelBody<Content>, { readonly kind: 'file' }>

function fileBody(path: string, action: File['action'], result: number): File {
  const isSensitive = sensitivePathName(path) !== undefined
  return { kind: 'file', action, path: boundedText(path), flags: 0, isSensitive, isForeign: false, result }
}

function isWrite(fields: JsonObject): boolean {
  return (
    field(fields, 'evt.is_open_write') === true ||
    textField(fields, 'evt.type') === 'creat' ||
    /O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(textField(fields, 'evt.arg.flags') ?? '')
  )
}

function connectionBody(fields: JsonObject, type: string, result: number): KernelBody<Content> | undefined {
  const ends = namedEnds(textField(fields, 'fd.name') ?? '')
  // What the process itself is at: of a sent packet client and server do not tell who sent it.
  const own = socketEnd(fields, 'fd.lip', 'fd.lport')
  const far = socketEnd(fields, 'fd.rip', 'fd.rport')
  const server = socketEnd(fields, 'fd.sip', 'fd.sport') ?? ends?.remote
  if (server === undefined && far === undefined) return undefined
  const isServer = type.startsWith('accept') || type === 'bind'
  // Falco speaks of client and server; who accepts or binds is the server itself.
  const local = own ?? (isServer ? server : ends?.local)
  const remote = far ?? (isServer ? ends?.local : server)
  return {
    kind: 'connection',
    action: type === 'bind' ? 'bind' : isServer ? 'accept' : type === 'connect' ? 'connect' : 'flow',
    protocol: protocolOf(textField(fields, 'fd.l4proto')),
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined || type === 'bind' ? {} : { remote }),
    result,
  }
}

/** `10.0.0.1:40000->10.0.0.2:443`, client first. */
function namedEnds(name: string): { readonly local: SocketEnd; readonly remote: SocketEnd } | undefined {
  const parts = /^([0-9a-fA-F.:]{2,64}):(\d{1,5})->([0-9a-fA-F.:]{2,64}):(\d{1,5})$/.exec(name)
  if (parts === null) return undefined
  return {
    local: { address: parts[1] ?? '', port: Number(parts[2]) },
    remote: { address: parts[3] ?? '', port: Number(parts[4]) },
  }
}

const ERRORS: ReadonlyMap<string, number> = new Map([
  ['EPERM', -1],
  ['ENOENT', -2],
  ['EACCES', -13],
  ['EEXIST', -17],
  ['EINVAL', -22],
  ['ENOSYS', -38],
  ['ECONNREFUSED', -111],
  ['EINPROGRESS', -115],
])

/** `SUCCESS`, or the name of an error; an error that the table lacks is still one. */
function resultOf(text: string | undefined): number {
  if (text === undefined || text === 'SUCCESS' || !/^E[A-Z0-9]+$/.test(text)) return 0
  return ERRORS.get(text) ?? -1
}
