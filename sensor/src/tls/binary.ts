import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { readElf } from './elf.ts'
import type { Elf } from './elf.ts'
import { MAX_SEARCHED_BYTES } from './limits.ts'

/** What a program or library is, for seeing the plain text of its TLS. */
export type TlsBinary =
  /** `offsets` in the order of SPEC S4; 0 for a function that it lacks. */
  | { readonly kind: 'hookable'; readonly library: 'openssl' | 'node-openssl'; readonly offsets: readonly number[] }
  /** It does TLS in a way that has no place to hook; `name` says which. */
  | { readonly kind: 'not-hookable'; readonly name: string }
  | { readonly kind: 'no-tls' }

/** Number of a library in `tls attach` and in records (SPEC S2). */
export const LIBRARY_NUMBER = { openssl: 1, 'node-openssl': 2 } as const

/** Names a file wherever it is mounted. */
export type FileId = string

/** The identity of a file that can be opened; undefined where it is gone, or no regular file. */
export function fileIdOf(path: string): FileId | undefined {
  return withFile(path, (fd) => {
    const status = fstatSync(fd, { bigint: true })
    return status.isFile() ? `${status.dev}:${status.ino}:${status.mtimeNs}` : undefined
  })
}

/** Reads a program or library; undefined where it cannot be opened. `name` is what the process calls it. */
export function inspectBinary(path: string, name: string): TlsBinary | undefined {
  return withFile(path, (fd) => {
    const elf = readElf(fd)
    if (elf === undefined) return { kind: 'no-tls' }
    const found = elf.functions(FUNCTIONS)
    const offsets = FUNCTIONS.map((one) => found.get(one) ?? 0)
    if (found.has('SSL_write') && found.has('SSL_read') && !isBun(name))
      return { kind: 'hookable', library: isLibrary(name) ? 'openssl' : 'node-openssl', offsets }
    return notHookable(fd, name, elf)
  })
}

/** In the order of SPEC S4. */
const FUNCTIONS = ['SSL_write', 'SSL_write_ex', 'SSL_read', 'SSL_read_ex', 'SSL_free', 'SSL_set_fd']

/** Libraries that do TLS and are told by their names alone. */
const LIBRARIES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^libgnutls\.so/, 'GnuTLS'],
  [/^lib(?:nss3|ssl3)\.so/, 'NSS'],
  [/^libjvm\.so/, 'Java (JSSE)'],
  [/^libmbedtls\.so/, 'mbed TLS'],
  [/^libwolfssl\.so/, 'wolfSSL'],
]

/** Marks that a library leaves in the constants of a program it is linked into, the most particular first. */
const MARKS: readonly (readonly [mark: string, name: string])[] = [
  ['crypto/tls.(*Conn)', 'Go (crypto/tls)'],
  ['crypto/tls', 'Go (crypto/tls)'],
  ['/rustls-0.', 'rustls, linked in'],
  ['rustls::', 'rustls, linked in'],
  ['BoringSSL', 'BoringSSL, linked in without symbols'],
  ['OpenSSL 3.', 'OpenSSL, linked in without symbols'],
  ['OpenSSL 1.1.', 'OpenSSL, linked in without symbols'],
]

function notHookable(fd: number, name: string, elf: Elf): TlsBinary {
  const library = LIBRARIES.find(([pattern]) => pattern.test(basename(name)))
  if (library !== undefined) return { kind: 'not-hookable', name: library[1] }
  // Any other library is searched only where it is a program of its own: what links it is what does TLS.
  if (/\.so(?:\.|$)/.test(basename(name))) return { kind: 'no-tls' }
  if (isBun(name)) return { kind: 'not-hookable', name: 'Bun (BoringSSL, linked in)' }
  const isGo = elf.sections.has('.go.buildinfo') || elf.sections.has('.gopclntab')
  const marks = MARKS.filter(([, what]) => isGo || !what.startsWith('Go'))
  const found = search(
    fd,
    marks.map(([mark]) => mark),
  )
  const first = marks.find(([mark]) => found.has(mark))
  return first === undefined ? { kind: 'no-tls' } : { kind: 'not-hookable', name: first[1] }
}

function isBun(name: string): boolean {
  return /^bun(?:-|$)/.test(basename(name))
}

function isLibrary(name: string): boolean {
  return /\.so(?:\.|$)/.test(basename(name))
}

/** Which of the texts stand anywhere in the file's first part. */
function search(fd: number, texts: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const overlap = 64
  const window = Buffer.allocUnsafe(4 * 1024 * 1024 + overlap)
  for (let at = 0; at < MAX_SEARCHED_BYTES; at += window.length - overlap) {
    const bytes = readSync(fd, window, 0, window.length, at)
    const part = window.subarray(0, bytes)
    for (const text of texts) if (!found.has(text) && part.includes(text, 0, 'latin1')) found.add(text)
    if (bytes < window.length || found.size === texts.length) break
  }
  return found
}

function withFile<T>(path: string, read: (fd: number) => T | undefined): T | undefined {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    // The process ended, or the file was replaced: there is nothing to hook.
    return undefined
  }
  try {
    return read(fd)
  } catch {
    // A file that breaks off while it is read is no program that can run.
    return undefined
  } finally {
    closeSync(fd)
  }
}
