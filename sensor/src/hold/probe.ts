import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { HoldCheck } from '@holdfast/model'
import { PROBE_MS } from '../limits.ts'

type Tried = { readonly way: string; readonly refused: boolean; readonly detail: string }
/** Each must be refused; one that is not told was not tried, and is no confirmation. */
const WAYS = {
  'soft-quarantine': ['tcp4', 'tcp6', 'udp4', 'udp6', 'dns', 'unix', 'open-connection'],
  restrict: ['tcp4', 'tcp6', 'udp4', 'udp6', 'dns'],
} as const

/** A process that joins the cgroup before it is held, and tries the ways out once it is. */
export class Probe implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child
    child.on('error', () => {})
    child.stdin.on('error', () => {})
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  }

  /** `pid`: a process whose network the probe tries from, 0 for that of the host. */
  static async start(options: {
    readonly loader: string
    readonly folder: string
    readonly pid: number
  }): Promise<Probe> {
    const words = ['hold', 'probe', options.folder, String(options.pid)]
    const child = spawn(options.loader, words, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: PROBE_MS,
      killSignal: 'SIGKILL',
    })
    const probe = new Probe(child)
    await probe.#lines.next()
    return probe
  }

  /** Tries everything; a probe that could not is told as a check that did not hold. */
  async checks(rung: keyof typeof WAYS): Promise<readonly HoldCheck[]> {
    this.#child.stdin.end('go\n')
    const tried = new Map<string, Tried>()
    for (let line = await this.#lines.next(); line.done !== true; line = await this.#lines.next()) {
      const one = JSON.parse(line.value) as Tried // what hold-probe.c writes
      tried.set(one.way, one)
    }
    return WAYS[rung].flatMap((way) => {
      const one = tried.get(way)
      // In a network without loopback, or held already, there is no open connection to try.
      if (one === undefined && way === 'open-connection') return []
      return { way, held: one?.refused ?? false, detail: one?.detail ?? 'it could not be tried' }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#child.once('close', () => resolve())
    this.#child.kill('SIGKILL')
    await promise
  }
}
