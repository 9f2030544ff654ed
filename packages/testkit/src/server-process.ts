import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** The one line that a server prints once it serves. */
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

export type ServerProcessOptions = {
  /** The kernel sensor beside it; without unless asked for. */
  readonly sensor?: boolean
  readonly flags?: readonly string[]
}

const FREE_PORTS = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0']

/** The real server as a child process on a data folder and free ports. */
export class ServerProcess {
  readonly ready: ReadyLine
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Resolves with its exit code once it has ended. */
  readonly ended: Promise<number | null>

  /**
   * Runs `node` with the arguments that make it the server, and waits for its line. Rejects with what it said where it
   * does not start.
   */
  static async start(
    program: readonly string[],
    folder: string,
    { sensor = false, flags = [] }: ServerProcessOptions = {},
  ): Promise<ServerProcess> {
    const options = ['--data', folder, ...FREE_PORTS, ...(sensor ? [] : ['--no-sensor']), ...flags, '--json']
    // Servers of one run are started from the same sources by the dozen: what one compiled, the next ones read.
    const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'holdfast-compile-cache'), ...process.env }
    const child = spawn(process.execPath, [...program, ...options], { stdio: ['ignore', 'pipe', 'pipe'], env })
    const ended = new Promise<number | null>((done) => child.once('exit', done))
    const said: string[] = []
    const listen = (chunk: Buffer) => void said.push(chunk.toString())
    child.stderr.on('data', listen)
    for await (const line of createInterface({ input: child.stdout })) {
      // What it says from here on stands among what the test says.
      child.stderr.off('data', listen).pipe(process.stderr)
      return new ServerProcess(child, ended, JSON.parse(line) as ReadyLine) // the one line that `--json` prints
    }
    throw new Error(`the server did not start: ${said.join('')}`)
  }

  private constructor(child: ServerProcess['child'], ended: ServerProcess['ended'], ready: ReadyLine) {
    this.child = child
    this.ended = ended
    this.ready = ready
    child.stdout.resume()
  }

  /** A GET of the API as JSON. */
  async get<T>(path: string): Promise<T> {
    return await this.#ask<T>('GET', path)
  }

  /** A POST of the API, as JSON. */
  async post<T>(path: string, body: unknown): Promise<T> {
    return await this.#ask<T>('POST', path, body)
  }

  async #ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.ready.http + path, {
      method,
      headers: {
        authorization: `Bearer ${this.ready.token}`,
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T // the caller names the shape that the route documents
  }

  kill(): Promise<number | null> {
    return this.#end('SIGKILL')
  }

  /** Ends it as an operator would; resolves with its exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return await this.ended
  }
}
