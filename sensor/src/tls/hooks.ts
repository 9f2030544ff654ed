import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandResult } from '../loader/told.ts'
import { fileIdOf, inspectBinary, LIBRARY_NUMBER } from './binary.ts'
import type { FileId, TlsBinary } from './binary.ts'
import { MAX_FILES } from './limits.ts'
import type { MappedFile } from './process-files.ts'

/** What is known of a file: how it does TLS, and whether the kernel took the hooks. */
export type Hooked =
  | { readonly status: 'hooked'; readonly name: string }
  | { readonly status: 'not-hookable'; readonly name: string }
  | { readonly status: 'refused'; readonly name: string; readonly error: string }
  | { readonly status: 'no-tls' }

export type SendCommand = (verb: string, ...words: readonly (string | number | bigint)[]) => Promise<CommandResult>

/** Hooks each file once, whichever processes run it, for as long as the loader runs. */
export class Hooks {
  readonly #send: SendCommand
  readonly #files = new Map<FileId, Promise<Hooked | undefined>>()
  /** One file after the other: each may be hundreds of megabytes, and a watched process may make thousands. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(send: SendCommand) {
    this.#send = send
  }

  /** Undefined where the file cannot be opened any more. */
  async hook(file: MappedFile): Promise<Hooked | undefined> {
    const id = fileIdOf(file.path)
    if (id === undefined) return undefined
    const known = this.#files.get(id)
    if (known !== undefined) return await known
    // Files that are forgotten keep their hooks; hooked again, each call is still told once.
    if (this.#files.size >= MAX_FILES) this.#files.delete(this.#files.keys().next().value ?? '')
    // A file that cannot even be closed must not end the queue.
    const hooked = this.#last.then(() => this.#hookNew(file)).catch(() => undefined)
    this.#last = hooked
    this.#files.set(id, hooked)
    const result = await hooked
    // What could not be read now may be at the next look.
    if (result === undefined) this.#files.delete(id)
    return result
  }

  /** Hooks what agents commonly run before any of them runs: a library is then seen from its first byte on. */
  async hookCommon(): Promise<void> {
    for (const path of commonFiles()) await this.hook({ name: path, path, isProgram: !path.includes('.so') })
  }

  #hookNew(file: MappedFile): Promise<Hooked | undefined> {
    return inspectBinary(file, async (binary, openPath): Promise<Hooked> => {
      switch (binary.kind) {
        case 'no-tls':
          return { status: 'no-tls' }
        case 'not-hookable':
          return { status: 'not-hookable', name: binary.name }
        case 'hookable':
          return await this.#attach(openPath, file.name, binary)
      }
    })
  }

  async #attach(
    path: string,
    fileName: string,
    binary: Extract<TlsBinary, { readonly kind: 'hookable' }>,
  ): Promise<Hooked> {
    const name = binary.library === 'openssl' ? `OpenSSL (${fileName})` : `OpenSSL in ${fileName}`
    try {
      const result = await this.#send('tls', 'attach', path, LIBRARY_NUMBER[binary.library], ...binary.offsets)
      return result.ok ? { status: 'hooked', name } : { status: 'refused', name, error: result.error ?? 'refused' }
    } catch (error) {
      // The loader ended; its own end is told elsewhere.
      return { status: 'refused', name, error: String(error) }
    }
  }
}

const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/lib64',
  '/usr/local/lib',
  '/usr/local/lib64',
]

/** The machine's own OpenSSL libraries and Node binaries, that of this program included. */
function commonFiles(): readonly string[] {
  const libraries = LIBRARY_FOLDERS.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => /^libssl\.so(?:\.|$)/.test(name))
        .map((name) => join(folder, name))
    } catch {
      // No such folder here.
      return []
    }
  })
  const nodes = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'node'))
  return [...libraries, process.execPath, ...nodes].filter((path) => existsSync(path))
}
