import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { FrameReader } from './frame-reader.ts'
import { MAX_COMMAND_BYTES, MAX_ERROR_TEXT, MAX_WAITING_COMMANDS, READY_WITHIN_MS } from './limits.ts'
import { parseTold, type CommandResult, type Hello, type Lost, type Program } from './told.ts'

export type LoaderOptions = {
  /** The loader's binary; `loaderPath` of build.js. */
  readonly path: string
  /** The account that the loader goes on as; one that no other program has (1900000065) unless given. */
  readonly user?: number
  readonly group?: number
  /** Where what holds is pinned, a folder that the loader mounts; the product's own, `/run/holdfast/bpf`, unless given. */
  readonly holds?: string
  /**
   * Takes records in the order in which they were sent, one after the other (RecordCursor walks over them). While a
   * promise that it returned is pending nothing is read: the loader queues 64 MB, then counts what it drops.
   */
  readonly onRecords: (bytes: Buffer) => void | Promise<void>
  /** Takes cumulative counts of dropped records, at most once a second and at `sync`. */
  readonly onLost?: (records: readonly Lost[]) => void
}

type LoaderProcess = ChildProcessByStdio<Writable, Readable, Readable>

/**
 * Starts the loader and waits until every kernel program was tried. Needs root, or CAP_BPF, CAP_PERFMON and
 * CAP_NET_ADMIN. Rejects with the loader's own words where it ends instead.
 */
export async function startLoader(options: LoaderOptions): Promise<Loader> {
  const account = [
    ...flag('--user', options.user),
    ...flag('--group', options.group),
    ...flag('--holds', options.holds),
  ]
  const child = spawn(options.path, account, { stdio: ['pipe', 'pipe', 'pipe'] })
  const loader = new Loader(child, options)
  await loader.ready()
  return loader
}

function flag(name: string, value: number | string | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)]
}

type Waiting = {
  readonly resolve: (result: CommandResult) => void
  readonly reject: (reason: Error) => void
}

/** A running loader. Ends when its standard input ends, so it never outlives this process. */
export class Loader {
  readonly #child: LoaderProcess
  readonly #options: LoaderOptions
  readonly #programs: Program[] = []
  readonly #waiting = new Map<string, Waiting>()
  readonly #ready = Promise.withResolvers<void>()
  readonly #ended: Promise<Error>
  #hello: Hello | undefined
  #errorText = ''
  #commands = 0

  constructor(child: LoaderProcess, options: LoaderOptions) {
    this.#child = child
    this.#options = options
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errorText = (this.#errorText + chunk.toString('utf8')).slice(-MAX_ERROR_TEXT)
    })
    // A write after the loader ended fails here too; `ended` tells why it ended.
    child.stdin.on('error', () => {})
    this.#ended = this.#read()
    void this.#ended.then((reason) => this.#end(reason))
  }

  /** What the loader said of its machine. */
  get hello(): Hello {
    if (this.#hello === undefined) throw new Error('the loader has not said hello')
    return this.#hello
  }

  /** Every kernel program that was tried. */
  get programs(): readonly Program[] {
    return this.#programs
  }

  /** The loader's process. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Resolves, once, with the reason when the loader has ended, asked to or not. */
  get ended(): Promise<Error> {
    return this.#ended
  }

  /** Resolves once every program was tried. */
  async ready(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), READY_WITHIN_MS)
    try {
      await this.#ready.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Sends one command of SPEC S4. A refused command resolves with `ok: false`; the promise rejects only where the loader
   * ends before it answers, or the command cannot be written as a line.
   */
  send(verb: string, ...words: readonly (string | number | bigint)[]): Promise<CommandResult> {
    const id = String(++this.#commands)
    const line = `${[id, verb, ...words.map((word) => encodeWord(String(word)))].join(' ')}\n`
    if (Buffer.byteLength(line) > MAX_COMMAND_BYTES) return Promise.reject(new Error(`the ${verb} command is too long`))
    if (this.#waiting.size >= MAX_WAITING_COMMANDS) return Promise.reject(new Error('too many commands wait'))
    if (!this.#child.stdin.writable) return Promise.reject(new Error('the loader has ended'))
    const { promise, resolve, reject } = Promise.withResolvers<CommandResult>()
    this.#waiting.set(id, { resolve, reject })
    this.#child.stdin.write(line)
    return promise
  }

  /** Ends the loader after it has sent all that was recorded until now. */
  async stop(): Promise<void> {
    this.#child.stdin.end()
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Reads until the loader ends; the reason. */
  async #read(): Promise<Error> {
    const exit = new Promise<string>((resolve) => {
      this.#child.once('error', (error) => resolve(error.message))
      this.#child.once('close', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`))
    })
    const reader = new FrameReader()
    try {
      for await (const chunk of this.#child.stdout) {
        for (const frame of reader.push(chunk as Buffer)) {
          if (frame.kind === 'told') this.#take(frame.text)
          else await this.#options.onRecords(frame.bytes)
        }
      }
    } catch (error) {
      this.#child.kill('SIGKILL')
      return new Error(`what the loader sent could not be taken: ${String(error)}`, { cause: error })
    }
    const how = await exit
    return new Error(`the loader ended: ${this.#errorText.trim() || how}`)
  }

  #take(text: string): void {
    const told = parseTold(text)
    if (told === undefined) return
    switch (told.told) {
      case 'hello':
        this.#hello = told.hello
        return
      case 'program':
        this.#programs.push(told.program)
        return
      case 'ready':
        this.#ready.resolve()
        return
      case 'lost':
        this.#options.onLost?.(told.records)
        return
      case 'result': {
        const waiting = this.#waiting.get(told.result.id)
        this.#waiting.delete(told.result.id)
        waiting?.resolve(told.result)
      }
    }
  }

  #end(reason: Error): void {
    this.#ready.reject(reason)
    for (const waiting of this.#waiting.values()) waiting.reject(reason)
    this.#waiting.clear()
  }
}

/** Percent-encodes what would end a word or a line, and the sign itself. */
function encodeWord(word: string): string {
  return word.replace(/[%\s\0]/g, (character) => encodeURIComponent(character))
}
