import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type ReadyLine = {
  readonly ready: true
  readonly http: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  /** Where sensors of other hosts speak to it, where it was asked to listen for them. */
  readonly sensors?: string
  readonly token: string
  readonly signInUrl: string
  readonly pid: number
}

/** The real server program as a child process on ports of its own. */
export class ServerProcess {
  readonly ready: ReadyLine
  readonly #child: ChildProcess

  /**
   * Starts it on a folder and waits for its line; without a sensor unless asked for. Rejects with what it said where it
   * does not start.
   */
  static async start(
    folder: string,
    options: { readonly sensor?: boolean; readonly flags?: readonly string[] } = {},
  ): Promise<ServerProcess> {
    const main = join(import.meta.dirname, '..', 'main.ts')
    const ports = [
      '--http-port',
      '0',
      '--otlp-http-port',
      '0',
      '--otlp-grpc-port',
      '0',
      ...(options.sensor === true ? [] : ['--no-sensor']),
      ...(options.flags ?? []),
    ]
    const flags = ['--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
    const child = spawn(process.execPath, [...flags, main, '--data', folder, ...ports, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said: string[] = []
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
    for await (const line of createInterface({ input: child.stdout })) {
      return new ServerProcess(child, JSON.parse(line) as ReadyLine) // the one line that `--json` prints
    }
    throw new Error(`the server did not start: ${said.join('')}`)
  }

  private constructor(child: ChildProcess, ready: ReadyLine) {
    this.#child = child
    this.ready = ready
    child.stdout?.resume()
  }

  /** A GET of the API as JSON. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.ready.http + path, { headers: { authorization: `Bearer ${this.ready.token}` } })
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T // the caller names the shape that the route documents
  }

  /** A POST of the API, as JSON. */
  async post<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(this.ready.http + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.ready.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T // as in get
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Ends it as an operator would; resolves with its exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM')
    return this.#child.exitCode
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }
}
