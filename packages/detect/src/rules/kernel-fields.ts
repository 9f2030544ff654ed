import type { KernelBody, SocketEnd } from '@holdfast/model'
import type { Content } from '@holdfast/model'
import { field, type Field, many, textOf } from './field.ts'

type ProcessBody = Extract<KernelBody<Content>, { readonly kind: 'process' }>
type Program = Extract<ProcessBody, { readonly action: 'exec' | 'exec-failed' }>

/** What a sensor saw. All texts are captured: untrusted. */
export const KERNEL_FIELDS: Readonly<Record<string, Field>> = {
  'process.action': field(['process'], 'text', '`exec`, `exec-failed`, `exit`, `fork`', ({ action }) => action),
  'process.binary': field(['process'], 'text', 'path of the program', (body) => program(body)?.binary),
  'process.arguments': field(['process'], 'text', 'its arguments, by spaces', (body) => {
    const started = program(body)
    return started === undefined ? undefined : textOf(started.arguments)
  }),
  'process.cwd': field(['process'], 'text', 'where it began', (body) => program(body)?.cwd),
  'process.uid': field(['process'], 'number', 'its user', (body) => program(body)?.uid),
  'process.capabilities': field(
    ['process'],
    'text',
    'effective capabilities, 16 hex digits',
    (body) => program(body)?.capabilities,
  ),
  'process.fileless': field(
    ['process'],
    'text',
    '`memfd`, `deleted`: no file holds it',
    (body) => program(body)?.fileless,
  ),
  'process.interpreter': field(['process'], 'text', 'what runs the script', (body) => program(body)?.interpreter),
  'process.exit_code': field(['process'], 'number', 'how it ended', (body) =>
    body.action === 'exit' ? body.exitCode : undefined,
  ),
  'file.action': field(
    ['file'],
    'text',
    '`read`, `write`, `create`, `unlink`, `rename`, `set-capability`',
    ({ action }) => action,
  ),
  'file.path': field(['file'], 'text', 'the file', ({ path }) => path),
  'file.to': field(['file'], 'text', 'where it was moved', ({ to }) => to),
  'file.sensitive': field(['file'], 'flag', 'it is on the list of secrets', ({ isSensitive }) => isSensitive),
  'file.foreign': field(['file'], 'flag', 'it is of another container', ({ isForeign }) => isForeign),
  'connection.action': field(
    ['connection'],
    'text',
    '`connect`, `accept`, `bind`, `flow`, `close`, `refused`',
    ({ action }) => action,
  ),
  'connection.protocol': field(['connection'], 'text', '`tcp`, `udp`, `unix`, `raw`', ({ protocol }) => protocol),
  'connection.address': field(
    ['connection'],
    'text',
    'other end: an address or a path',
    ({ remote }) => remote?.address,
  ),
  'connection.port': field(['connection'], 'number', 'its port', ({ remote }) => portOf(remote)),
  'connection.local_port': field(['connection'], 'number', 'own port', ({ local }) => portOf(local)),
  'connection.bytes_sent': field(['connection'], 'number', 'bytes sent so far', ({ bytesSent }) => bytesSent),
  'connection.bytes_received': field(['connection'], 'number', 'bytes received', ({ bytesReceived }) => bytesReceived),
  'connection.refused': field(['connection'], 'text', 'what a hold refused', ({ refused }) => refused),
  'dns.action': field(['dns'], 'text', '`question`, `answer`', ({ action }) => action),
  'dns.name': field(['dns'], 'text', 'the name', ({ name }) => name),
  'dns.type': field(['dns'], 'text', '`A`, `TXT`', ({ recordType }) => recordType),
  'dns.answers': many(field(['dns'], 'text', 'addresses and names answered', ({ answers }) => answers)),
  'kernel.action': field(['kernel'], 'text', '`setns`, `mount`, `ptrace`, `bpf`, ...', ({ action }) => action),
  'kernel.target': field(['kernel'], 'text', 'what it was done to', ({ target }) => target),
  'kernel.details': many(
    field(['kernel'], 'text', 'arguments as `name=value`', ({ details }) =>
      Object.entries(details).map(([name, value]) => `${name}=${value}`),
    ),
  ),
  'syscall.names': many(field(['syscall-set'], 'text', 'system calls that were made', ({ calls }) => calls)),
  'call.result': field(
    ['process', 'file', 'connection', 'kernel'],
    'number',
    'what the call returned; below 0 an error',
    (body) => ('result' in body ? body.result : undefined),
  ),
}

function program(body: ProcessBody): Program | undefined {
  return body.action === 'exec' || body.action === 'exec-failed' ? body : undefined
}

function portOf(end: SocketEnd | undefined): number | undefined {
  return end?.port
}
