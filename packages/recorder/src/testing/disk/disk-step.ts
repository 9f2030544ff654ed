/** What a process did to its folder, in the order of its system calls. Names are relative to the folder; '' is itself. */
export type DiskStep =
  | { readonly kind: 'create'; readonly name: string }
  | { readonly kind: 'write'; readonly name: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly name: string; readonly size: number }
  | { readonly kind: 'sync'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'remove'; readonly name: string }
  /** A line that it said to the outside: from then on the outside relies on it. */
  | { readonly kind: 'said'; readonly line: string }

/** A step and the system call that made it. `call` is its number among the process' calls of that name, from 1. */
export type TracedStep = { readonly step: DiskStep; readonly syscall: string; readonly call: number }

/** The system calls that change what is on a disk, or promise that it stays. */
export const DISK_SYSCALLS: readonly string[] = [
  'openat',
  'write',
  'pwrite64',
  'ftruncate',
  'fsync',
  'fdatasync',
  'rename',
  'unlink',
  'mkdir',
]

/** Reads what `strace -y -xx` wrote about one thread. Calls outside `folder` are counted, but are no steps. */
export function parseTrace(trace: string, folder: string): readonly TracedStep[] {
  const steps: TracedStep[] = []
  const calls = new Map<string, number>()
  const reader = new TraceReader(folder)
  for (const line of trace.split('\n')) {
    const parts = /^(\w+)\((.*)\) += (-?\d+)/.exec(line)
    if (parts === null) continue
    const [, syscall = '', args = '', result = ''] = parts
    const call = (calls.get(syscall) ?? 0) + 1
    calls.set(syscall, call)
    if (Number(result) < 0) continue
    for (const step of reader.read(syscall, args, Number(result))) steps.push({ step, syscall, call })
  }
  return steps
}

class TraceReader {
  readonly #folder: string
  readonly #files = new Set<string>()
  /** Where a plain write goes on, by descriptor. */
  readonly #positions = new Map<number, number>()
  #said = ''

  constructor(folder: string) {
    this.#folder = folder
  }

  read(syscall: string, args: string, result: number): DiskStep[] {
    const fd = Number(/^\d+/.exec(args)?.[0] ?? -1)
    const name = this.#nameOf(unescape(/^\d+<([^>]*)>/.exec(args)?.[1] ?? ''))
    const texts = [...args.matchAll(/"([^"]*)"/g)].map(([, text = '']) => unescape(text))
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = texts
    if (syscall === 'write' && fd === 1) return this.#say(first.toString())
    if (syscall === 'openat') return this.#open(first, args, result)
    if (syscall === 'rename') return this.#rename(first, second)
    if (syscall === 'unlink') return this.#remove(first)
    if (name === undefined) return []
    if (syscall === 'fsync' || syscall === 'fdatasync') return [{ kind: 'sync', name }]
    if (syscall === 'ftruncate') return [{ kind: 'truncate', name, size: lastNumber(args) }]
    if (syscall === 'pwrite64')
      return [{ kind: 'write', name, offset: lastNumber(args), bytes: first.subarray(0, result) }]
    if (syscall !== 'write') return []
    const offset = this.#positions.get(fd) ?? 0
    this.#positions.set(fd, offset + result)
    return [{ kind: 'write', name, offset, bytes: first.subarray(0, result) }]
  }

  #say(text: string): DiskStep[] {
    const lines = (this.#said + text).split('\n')
    this.#said = lines.pop() ?? ''
    return lines.map((line) => ({ kind: 'said', line }))
  }

  #open(path: Buffer, args: string, fd: number): DiskStep[] {
    const name = this.#nameOf(path)
    this.#positions.set(fd, 0)
    if (name === undefined || !args.includes('O_CREAT')) return []
    if (this.#files.has(name)) return args.includes('O_TRUNC') ? [{ kind: 'truncate', name, size: 0 }] : []
    this.#files.add(name)
    return [{ kind: 'create', name }]
  }

  #rename(from: Buffer, into: Buffer): DiskStep[] {
    const name = this.#nameOf(from)
    const to = this.#nameOf(into)
    if (name === undefined || to === undefined) return []
    this.#files.delete(name)
    this.#files.add(to)
    return [{ kind: 'rename', name, to }]
  }

  #remove(path: Buffer): DiskStep[] {
    const name = this.#nameOf(path)
    if (name === undefined) return []
    this.#files.delete(name)
    return [{ kind: 'remove', name }]
  }

  /** Undefined outside the folder, and for the shared memory of SQLite, which is rebuilt and never synced. */
  #nameOf(path: Buffer): string | undefined {
    const text = path.toString()
    if (text === this.#folder) return ''
    if (!text.startsWith(`${this.#folder}/`) || text.endsWith('-shm')) return undefined
    return text.slice(this.#folder.length + 1)
  }
}

function lastNumber(args: string): number {
  return Number(/(\d+)$/.exec(args)?.[1])
}

/** `\x2f\x61` of strace's -xx. */
function unescape(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}
