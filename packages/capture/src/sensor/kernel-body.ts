import { sensitivePathName, syscallName } from '@holdfast/model'
import type { Content, KernelBody, Machine, ProcessKey, SocketEnd } from '@holdfast/model'
import { contentOf } from '../dialects/content.ts'
import { readDns } from './dns.ts'
import { O_CREAT } from './flags.ts'
import { kernelAct } from './kernel-acts.ts'
import { argumentsOf, FIELD, isUnixEnd, numberAt, socketEnd, textField } from './record.ts'
import type { SensorRecord } from './record.ts'

export type RecordContext = {
  /** Names a process of the record's boot. */
  readonly keyOf: (pid: number, startNs: bigint) => ProcessKey
  readonly machine: Machine
  readonly isMasked: boolean
  /** The policy whose filter the process runs under. */
  readonly seccomp?: { readonly artifact: string; readonly mode: string }
}

/**
 * What a record means (sensor/SPEC.md, S2). A type or layout that is not known is kept as `kernel`, action `other`, and
 * `isKnown` is false.
 */
export function kernelBody(
  record: SensorRecord,
  context: RecordContext,
): { readonly body: KernelBody<Content>; readonly isKnown: boolean } {
  const body = bodyOf(record, context)
  return body === undefined
    ? {
        body: {
          kind: 'kernel',
          action: 'other',
          target: '',
          details: { type: record.type.toString() },
          result: record.result,
        },
        isKnown: false,
      }
    : { body, isKnown: true }
}

function bodyOf(record: SensorRecord, context: RecordContext): KernelBody<Content> | undefined {
  switch (record.type) {
    case 1:
    case 34:
      return execBody(record, context)
    case 2:
      return { kind: 'process', action: 'fork', child: context.keyOf(numberAt(record, 0), record.numbers[2] ?? 0n) }
    case 3:
      // As `wait` gives it: the code above eight bits, the signal in the lowest seven.
      return {
        kind: 'process',
        action: 'exit',
        exitCode: (numberAt(record, 0) >> 8) & 255,
        signal: numberAt(record, 0) & 127,
      }
    case 4:
      return openBody(record)
    case 25:
      return fileBody(record, { action: 'unlink' })
    case 26:
      return fileBody(record, { action: 'rename', to: textField(record, FIELD.path2) })
    case 35:
      return fileBody(record, { action: 'set-capability' })
    case 5:
      return connectionBody(record, 'connect')
    case 6:
      return connectionBody(record, 'accept')
    case 7:
      return connectionBody(record, 'bind')
    case 8:
      return dnsBody(record)
    case 9:
      return flowBody(record)
    case 31:
      return refusedBody(record)
    case 37:
      return unlistedBody(record)
    case 29:
      return { kind: 'syscall-set', calls: callsOf(record, context.machine) }
    default:
      return kernelAct(record, context)
  }
}

function execBody(record: SensorRecord, { isMasked }: RecordContext): KernelBody<Content> {
  const binary = textField(record, FIELD.path)
  const cwd = textField(record, FIELD.cwd)
  const interpreter = textField(record, FIELD.interpreter)
  const capabilities = record.fields.get(FIELD.capabilities)
  const isFailed = record.type === 34
  // Nothing in any folder refers to the file that runs.
  const fileless = isFailed || numberAt(record, 1) !== 0 ? undefined : binary.includes('memfd:') ? 'memfd' : 'deleted'
  return {
    kind: 'process',
    action: isFailed ? 'exec-failed' : 'exec',
    binary,
    arguments: argumentsContent(record, isMasked),
    ...(cwd === '' ? {} : { cwd }),
    ...(fileless === undefined ? {} : { fileless }),
    ...(interpreter === '' ? {} : { interpreter }),
    uid: record.uid,
    ...(capabilities === undefined || capabilities.length < 8
      ? {}
      : { capabilities: Buffer.from(capabilities.subarray(0, 8)).reverse().toString('hex') }),
    result: record.result,
  }
}

function argumentsContent(record: SensorRecord, isMasked: boolean): Content {
  const text = argumentsOf(record)
  if (text === undefined) return { state: 'not-captured', reason: 'instrumentation-omits' }
  const content = contentOf({ value: text }, isMasked)
  if (!record.isCut || content.state !== 'captured') return content
  const { digest, bytes, mediaType } = content
  return { state: 'truncated', text, digest, bytes, mediaType }
}

const O_EXCL = 0o200

function openBody(record: SensorRecord): KernelBody<Content> {
  const flags = numberAt(record, 2)
  const marks = numberAt(record, 4)
  const isWritten = (marks & 2) !== 0 || (flags & 3) !== 0
  // Most writers pass O_CREAT for a file that is there already; only with O_EXCL is it known to be new.
  const isNew = (flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0 && record.result >= 0
  return fileBody(record, {
    action: isNew ? 'create' : isWritten ? 'write' : 'read',
    flags,
    isSensitive: (marks & 1) !== 0,
    isForeign: (marks & 4) !== 0,
  })
}

type FileParts = {
  readonly action: Extract<KernelBody<Content>, { readonly kind: 'file' }>['action']
  readonly to?: string
  readonly flags?: number
  readonly isSensitive?: boolean
  readonly isForeign?: boolean
}

function fileBody(record: SensorRecord, { action, to, flags, isSensitive, isForeign }: FileParts): KernelBody<Content> {
  const path = fullPath(record)
  return {
    kind: 'file',
    action,
    path,
    ...(to === undefined ? {} : { to }),
    flags: flags ?? 0,
    isSensitive: isSensitive === true || sensitivePathName(path) !== undefined || isSensitiveTarget(to),
    isForeign: isForeign ?? false,
    result: record.result,
  }
}

function isSensitiveTarget(to: string | undefined): boolean {
  return to !== undefined && sensitivePathName(to) !== undefined
}

/** A relative path is put behind the working directory where the record has both. */
function fullPath(record: SensorRecord): string {
  const path = textField(record, FIELD.path)
  const cwd = textField(record, FIELD.cwd)
  return path.startsWith('/') || cwd === '' ? path : `${cwd.replace(/\/$/, '')}/${path}`
}

function connectionBody(
  record: SensorRecord,
  action: 'connect' | 'accept' | 'bind',
): Extract<KernelBody<Content>, { readonly kind: 'connection' }> {
  return {
    kind: 'connection',
    action,
    protocol: protocolOf(record, numberAt(record, 1)),
    ...ends(record),
    ...cookie(record.numbers[2]),
    result: record.result,
  }
}

function flowBody(record: SensorRecord): KernelBody<Content> {
  return {
    kind: 'connection',
    action: numberAt(record, 4) === 1 ? 'close' : 'flow',
    protocol: protocolOf(record, numberAt(record, 3)),
    ...ends(record),
    ...cookie(record.numbers[2]),
    bytesSent: numberAt(record, 0),
    bytesReceived: numberAt(record, 1),
    result: record.result,
  }
}

const REFUSED = ['', 'connect', 'sendmsg', 'packet out', 'packet in', 'unix socket', 'system call', 'bind', 'socket']

function refusedBody(record: SensorRecord): KernelBody<Content> | undefined {
  const what = REFUSED[numberAt(record, 0)]
  if (what === undefined || what === '') return undefined
  const count = Math.max(1, numberAt(record, 2))
  if (what === 'system call')
    return {
      kind: 'kernel',
      action: 'other',
      target: 'system call of a held agent',
      details: { refused: what, count: `${count}` },
      result: record.result,
    }
  return {
    kind: 'connection',
    action: 'refused',
    protocol: what === 'unix socket' ? 'unix' : protocolOf(record, 0),
    ...ends(record),
    ...cookie(record.numbers[1]),
    refused: what,
    count,
    // EPERM, which is what the caller saw.
    result: record.result === 0 ? -1 : record.result,
  }
}

/** By the number of its mode. */
const MODES = [undefined, 'monitor', 'enforce'] as const

function unlistedBody(record: SensorRecord): KernelBody<Content> | undefined {
  const refused = REFUSED[numberAt(record, 0)]
  const mode = MODES[numberAt(record, 3)]
  const artifact = textField(record, FIELD.text)
  if (refused === undefined || refused === '' || mode === undefined || !/^[0-9a-f]{64}$/.test(artifact))
    return undefined
  return {
    kind: 'connection',
    action: mode === 'enforce' ? 'refused' : 'unlisted',
    protocol: protocolOf(record, numberAt(record, 4)),
    ...ends(record),
    ...cookie(record.numbers[1]),
    refused,
    count: Math.max(1, numberAt(record, 2)),
    policy: { artifact, mode },
    result: record.result,
  }
}

function ends(record: SensorRecord): { readonly local?: SocketEnd; readonly remote?: SocketEnd } {
  const local = socketEnd(record, FIELD.local)
  const remote = socketEnd(record, FIELD.remote)
  return { ...(local === undefined ? {} : { local }), ...(remote === undefined ? {} : { remote }) }
}

function cookie(value: bigint | undefined): { readonly socket?: string } {
  return value === undefined || value === 0n ? {} : { socket: value.toString() }
}

function protocolOf(record: SensorRecord, number: number): 'tcp' | 'udp' | 'unix' | 'raw' | 'other' {
  if (isUnixEnd(record)) return 'unix'
  switch (number) {
    case 6:
      return 'tcp'
    case 17:
      return 'udp'
    case 255:
      return 'raw'
    default:
      return 'other'
  }
}

function dnsBody(record: SensorRecord): KernelBody<Content> | undefined {
  const bytes = record.fields.get(FIELD.dns)
  const message = bytes === undefined ? undefined : readDns(bytes)
  if (message === undefined) return undefined
  const { isAnswer, ...said } = message
  return { kind: 'dns', action: isAnswer ? 'answer' : 'question', ...said }
}

function callsOf(record: SensorRecord, machine: Machine): readonly string[] {
  const bitmap = record.fields.get(FIELD.bitmap)
  const calls: string[] = []
  for (let number = 0; number < (bitmap?.length ?? 0) * 8 && number < 512; number++) {
    if ((((bitmap?.[number >> 3] ?? 0) >> (number & 7)) & 1) === 1) calls.push(syscallName(number, machine))
  }
  return calls.toSorted()
}
