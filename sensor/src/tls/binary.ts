import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
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

/**
 * The identity of a file and of what it holds; undefined where it is gone, or no regular file. Its owner may set the time
 * when it was written, never the time of its last change.
 */
export function fileIdOf(path: string): FileId | undefined {
  const fd = openPlace(path)
  if (fd === undefined) return undefined
  const { dev, ino, ctimeNs } = fstatSync(fd, { bigint: true })
  closeSync(fd)
  return `${dev}:${ino}:${ctimeNs}`
}

/**
 * Reads a program or library, which `then` is told with the path of it as it is open: nobody can put another file in
 * its place. Undefined where it cannot be read now. `name` is what the process calls it.
 */
export async function inspectBinary<T>(
  { path, name }: { readonly path: string; readonly name: string },
  then: (binary: TlsBinary, openPath: string) => T | Promise<T>,
): Promise<T | undefined> {
  const file = await openFile(path)
  if (file === undefined) return undefined
  try {
    return await then(await inspect(file, name), `/proc/${process.pid}/fd/${file.fd}`)
  } finally {
    await file.close()
  }
}

async function inspect(file: FileHandle, name: string): Promise<TlsBinary> {
  try {
    const elf = await readElf(file)
    if (elf === undefined) return { kind: 'no-tls' }
    const found = await elf.functions(FUNCTIONS)
    const offsets = FUNCTIONS.map((one) => found.get(one) ?? 0)
    if (found.has('SSL_write') && found.has('SSL_read') && !isBun(name))
      return { kind: 'hookable', library: isLibrary(name) ? 'openssl' : 'node-openssl', offsets }
    return await notHookable(file, name, elf)
  } catch {
    // A file that breaks off while it is read is no program that can run.
    return { kind: 'no-tls' }
  }
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

async function notHookable(file: FileHandle, name: string, elf: Elf): Promise<TlsBinary> {
  const library = LIBRARIES.find(([pattern]) => pattern.test(basename(name)))
  if (library !== undefined) return { kind: 'not-hookable', name: library[1] }
  // Any other library is searched only where it is a program of its own: what links it is what does TLS.
  if (/\.so(?:\.|$)/.test(basename(name))) return { kind: 'no-tls' }
  if (isBun(name)) return { kind: 'not-hookable', name: 'Bun (BoringSSL, linked in)' }
  const isGo = elf.sections.has('.go.buildinfo') || elf.sections.has('.gopclntab')
  const marks = MARKS.filter(([, what]) => isGo || !what.startsWith('Go'))
  const found = await search(
    file,
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
async function search(file: FileHandle, texts: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const overlap = 64
  const window = Buffer.allocUnsafe(4 * 1024 * 1024 + overlap)
  for (let at = 0; at < MAX_SEARCHED_BYTES; at += window.length - overlap) {
    const { bytesRead } = await file.read(window, 0, window.length, at)
    const part = window.subarray(0, bytesRead)
    for (const text of texts) if (!found.has(text) && part.includes(text, 0, 'latin1')) found.add(text)
    if (bytesRead < window.length || found.size === texts.length) break
  }
  return found
}

/** What lets a file be looked at and not used (open(2), O_PATH): Node has no name for it. */
const LOOK_ONLY = 0o10000000

/**
 * A descriptor of the regular file at a path. *Untrusted*: a watched process owns the path, and opening a pipe that nobody
 * writes to would wait for ever, opening a device may do anything; so what it is, is asked before it is opened.
 */
function openPlace(path: string): number | undefined {
  let fd: number
  try {
    fd = openSync(path, LOOK_ONLY)
  } catch {
    // The process ended, or the file was replaced: there is nothing to hook.
    return undefined
  }
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  return undefined
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  const place = openPlace(path)
  if (place === undefined) return undefined
  try {
    // Without waiting for whoever holds a lease on the file: it is tried again at the next look.
    return await open(`/proc/self/fd/${place}`, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    // Leased, or not to be read by anybody: there is nothing to be said of it.
    return undefined
  } finally {
    closeSync(place)
  }
}
