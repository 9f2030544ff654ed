import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import { fileURLToPath } from 'node:url'

import { KEPT_OUTPUT_CHARS, SERVER_START_MS, STOP_GRACE_MS } from './limits.ts'

export type ChildOptions = {
  /** Relative to `src`. */
  readonly program: string
  /** Modules loaded first (`--import`), relative to `src`. */
  readonly imports?: readonly string[]
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Asks the process to end when it is aborted, as `stop` does. */
  readonly signal?: AbortSignal | undefined
}

/** A Node process of a scenario. Ends with the block that holds it, by its pid and no other, or with this process where that is killed. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #ended: Promise<number>
  #output = ''

  /** Throws where the signal was aborted before: nothing would tell the process of it any more. */
  constructor(options: ChildOptions) {
    options.signal?.throwIfAborted()
    const imports = [WITH_PARENT, ...(options.imports ?? [])].flatMap((file) => ['--import', pathOf(file)])
    const args = ['--conditions=@holdfast/source', ...imports, pathOf(options.program), ...(options.args ?? [])]
    this.#process = spawn(process.execPath, args, {
      env: { ...compileCache(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT_CHARS)
      })
    this.#ended = new Promise((resolve) => {
      // 'close' and not 'exit': by then all output has been read.
      this.#process.once('close', (code) => resolve(code ?? KILLED))
      this.#process.once('error', (cause) => {
        this.#output += cause.message
        resolve(KILLED)
      })
    })
    const stop = (): void => void this.stop()
    options.signal?.addEventListener('abort', stop, { once: true })
    void this.#ended.then(() => options.signal?.removeEventListener('abort', stop))
  }

  /** The latest output, both streams. */
  get output(): string {
    return this.#output.trim()
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** The exit code; the process is stopped where it takes longer. */
  async exitCode(timeoutMs: number): Promise<number> {
    const timer = setTimeout(() => this.#process.kill('SIGTERM'), timeoutMs)
    const code = await this.#ended
    clearTimeout(timer)
    return code
  }

  /** The address after `listening ` in the output of a server. Rejects where it ends or stays silent instead. */
  async listening(line: RegExp = /^listening (\S+)$/m): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`a server did not start in time: ${this.output}`)),
        SERVER_START_MS,
      )
      const look = (): void => {
        const address = line.exec(this.#output)?.[1]
        if (address === undefined) return
        clearTimeout(timer)
        resolve(address)
      }
      this.#process.stdout?.on('data', look)
      void this.#ended.then(() => {
        clearTimeout(timer)
        reject(new Error(`a server ended before it listened: ${this.output}`))
      })
    })
  }

  /** Asks the process to end, so that it can flush, and kills it where it does not. Safe to call twice. */
  async stop(): Promise<number> {
    if (this.#process.exitCode === null) this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_GRACE_MS)
    const code = await this.#ended
    clearTimeout(timer)
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** Relative to `src`. */
const WITH_PARENT = 'demo/with-parent.ts'

/** Exit code of a process that a signal ended, as shells report SIGKILL. */
const KILLED = 137

/** What was compiled once is not compiled again by the next process; a start takes half the time then. */
function compileCache(): Readonly<Record<string, string>> {
  const folder = process.env['NODE_COMPILE_CACHE'] ?? getCompileCacheDir()
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder }
}

/** `src` is reached the same way from `src/demo` and from `dist/demo`: agents always run from their source. */
function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../src/${file}`, import.meta.url))
}
