import { constants } from 'node:os'
import type { EventBody, EventSummary, SocketEnd } from '@holdfast/model'

type Facts = readonly (readonly [string, string | number | boolean])[]

/** What a page says of a kernel event beyond its plain fields: addresses, named results and flags, whose process it was. */
export function kernelFacts({ body, context }: EventSummary): Facts {
  return [
    ...contextFacts(context),
    ...endsOf(body),
    ...(body.kind === 'kernel' ? Object.entries(body.details) : []),
    ...(body.kind === 'file' ? [['flags', openFlags(body.flags)] as const] : []),
    ...('result' in body && typeof body.result === 'number' ? resultOf(body.result) : []),
  ]
}

function contextFacts({ process, parentProcess, contextBasis }: EventSummary['context']): Facts {
  return [
    ...(process === undefined ? [] : [['process', process] as const]),
    ...(parentProcess === undefined ? [] : [['parentProcess', parentProcess] as const]),
    ...(contextBasis === undefined ? [] : [['contextBasis', contextBasis] as const]),
  ]
}

function endsOf(body: EventBody<unknown>): Facts {
  if (body.kind !== 'connection' && body.kind !== 'socket') return []
  const { local, remote } = body
  return [
    ...(local === undefined ? [] : [['local', endText(local)] as const]),
    ...(remote === undefined ? [] : [['remote', endText(remote)] as const]),
  ]
}

function endText({ address, port }: SocketEnd): string {
  if (port === 0) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

const ERRORS: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [number, name]),
)

/** `-13` as `EACCES`; what is no error is plain. */
function resultOf(result: number): Facts {
  const name = result < 0 ? ERRORS.get(-result) : undefined
  return name === undefined ? [] : [['result', `${result} (${name})`]]
}

/** Flags of open(2) on Linux: the mode of access, then every bit by its name. Numbers are those of x86-64 (fcntl.h). */
function openFlags(flags: number): string {
  const named = BITS.filter(([bits]) => (flags & bits) === bits)
  const rest = named.reduce((left, [bits]) => left & ~bits, flags & ~3)
  return [
    ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'][flags & 3],
    ...named.map(([, name]) => name),
    ...(rest === 0 ? [] : [`0x${(rest >>> 0).toString(16)}`]),
  ].join('|')
}

const BITS: readonly (readonly [number, string])[] = [
  [0o100, 'O_CREAT'],
  [0o200, 'O_EXCL'],
  [0o1000, 'O_TRUNC'],
  [0o2000, 'O_APPEND'],
  [0o4000, 'O_NONBLOCK'],
  [0o40000, 'O_DIRECT'],
  [0o100000, 'O_LARGEFILE'],
  [0o200000, 'O_DIRECTORY'],
  [0o400000, 'O_NOFOLLOW'],
  [0o2000000, 'O_CLOEXEC'],
  [0o10000000, 'O_PATH'],
]
