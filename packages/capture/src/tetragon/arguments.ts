import type { Content, KernelBody, SocketEnd } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'

type Connection = Extract<KernelBody<Content>, { readonly kind: 'connection' }>

/** A name or path as a body may hold it (model/kernel.ts). Untrusted: JSON may hold any length, and half characters. */
export function boundedText(text: string, most = 4_096): string {
  return text.slice(0, most).toWellFormed()
}

/** A whole number that JSON holds as a number or as decimal text; 0 for anything else. */
export function integer(value: Json | undefined): number {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : 0
}

/** The first argument of a hook that has one of the types. */
export function argument(body: Json, ...types: readonly string[]): Json | undefined {
  const args = field(body, 'args')
  if (!isJsonArray(args)) return undefined
  for (const arg of args) {
    const value = field(arg, ...types)
    if (value !== undefined) return value
  }
  return undefined
}

/** The first number behind the argument that names the file: its flags, mode or mask. */
export function numberAfterFile(body: Json): number | undefined {
  const args = field(body, 'args')
  if (!isJsonArray(args)) return undefined
  const file = args.findIndex((arg) => field(arg, 'file_arg', 'path_arg', 'string_arg') !== undefined)
  for (const arg of file < 0 ? [] : args.slice(file + 1)) {
    const value = field(arg, 'int_arg', 'uint_arg')
    if (value !== undefined) return integer(value)
  }
  return undefined
}

/** Arguments that are plain values, in their order. */
export function plainArguments(body: Json): readonly string[] {
  const args = field(body, 'args')
  if (!isJsonArray(args)) return []
  return args.slice(0, 16).flatMap((arg) => {
    const [value] = isJsonObject(arg)
      ? Object.entries(arg).flatMap(([key, held]) => (key === 'label' ? [] : [held]))
      : []
    return typeof value === 'string' || typeof value === 'number' ? [boundedText(`${value}`)] : []
  })
}

const ACTIONS: Readonly<Record<string, Connection['action']>> = {
  process_connect: 'connect',
  process_accept: 'accept',
  process_close: 'close',
  process_listen: 'bind',
}

/** The older events of connections, whose addresses stand beside each other. */
export function connectionOf(body: Json, kind: string): Connection {
  const stats = field(body, 'stats')
  const local = kind === 'process_listen' ? socketEnd(body, 'ip', 'port') : socketEnd(body, 'source_ip', 'source_port')
  const remote = socketEnd(body, 'destination_ip', 'destination_port')
  return {
    kind: 'connection',
    action: ACTIONS[kind] ?? 'connect',
    protocol: protocolOf(textField(body, 'protocol')),
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined ? {} : { remote }),
    ...(stats === undefined
      ? {}
      : { bytesSent: integer(field(stats, 'bytes_sent')), bytesReceived: integer(field(stats, 'bytes_received')) }),
    result: 0,
  }
}

/** A socket or packet as an argument of a hook. */
export function socketConnection(socket: Json, action: Connection['action'], result: number): Connection {
  const local = socketEnd(socket, 'saddr', 'sport')
  const remote = socketEnd(socket, 'daddr', 'dport')
  const cookie = textField(socket, 'cookie')
  return {
    kind: 'connection',
    action,
    protocol: protocolOf(textField(socket, 'protocol')),
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined ? {} : { remote }),
    ...(cookie === undefined || !/^\d{1,20}$/.test(cookie) ? {} : { socket: cookie }),
    result,
  }
}

/** An address and a port that stand beside each other. */
export function socketEnd(json: Json, address: string, port: string): SocketEnd | undefined {
  const text = textField(json, address)
  return text === undefined ? undefined : { address: boundedText(text, 256), port: integer(field(json, port)) }
}

export function protocolOf(text: string | undefined): Connection['protocol'] {
  const name = (text ?? '').toLowerCase().replace(/^ipproto_/, '')
  return name === 'tcp' || name === 'udp' || name === 'unix' || name === 'raw' ? name : 'other'
}
