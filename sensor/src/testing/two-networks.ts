import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { TestCgroup } from './test-cgroup.ts'

/** Bytes that have arrived, by what they came over. */
export type Arrived = Readonly<Record<'tcp4' | 'tcp6' | 'udp4' | 'udp6' | 'collector', number>>

export const OUTSIDE = { four: '10.213.7.2', six: 'fd21:3700::2' } as const
/** Ports of the peer outside; the collector's is the one that tests allow. */
export const PORTS = { data: 4_000, collector: 4_318 } as const

/** Two network namespaces joined by a virtual cable, and a peer in the outer one. All gone at the end. */
export class TwoNetworks {
  readonly #suffix = randomBytes(3).toString('hex')
  readonly #peer: LineProcess

  private constructor() {
    const [inside, outside] = [this.inside, this.outside]
    for (const name of [inside, outside]) ip('netns', 'add', name)
    const cable = `hf${this.#suffix}`
    ip('link', 'add', `${cable}a`, 'netns', inside, 'type', 'veth', 'peer', 'name', `${cable}b`, 'netns', outside)
    for (const [name, end, host] of [
      [inside, `${cable}a`, 1],
      [outside, `${cable}b`, 2],
    ] as const) {
      ip('-n', name, 'addr', 'add', `10.213.7.${host}/24`, 'dev', end)
      ip('-n', name, 'addr', 'add', `fd21:3700::${host}/64`, 'dev', end, 'nodad')
      ip('-n', name, 'link', 'set', end, 'up')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    this.#peer = new LineProcess('/usr/bin/nsenter', [`--net=/run/netns/${outside}`, ...script('hold-peer.ts')])
  }

  static async start(): Promise<TwoNetworks> {
    const networks = new TwoNetworks()
    await networks.#peer.ask('ready')
    return networks
  }

  get inside(): string {
    return `holdfast-in-${this.#suffix}`
  }

  /** Name of the inner end of the cable. */
  get interface(): string {
    return `hf${this.#suffix}a`
  }

  get outside(): string {
    return `holdfast-out-${this.#suffix}`
  }

  /** What has arrived outside until now. */
  async arrived(): Promise<Arrived> {
    return JSON.parse(await this.#peer.ask('count')) as Arrived // what hold-peer.ts writes
  }

  /** A process in the cgroup and the inner namespace. `talk` keeps sending over everything until it is ended. */
  agent(cgroup: TestCgroup): LineProcess {
    const join = 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"'
    return new LineProcess('/usr/bin/nsenter', [
      `--net=/run/netns/${this.inside}`,
      '/bin/sh',
      '-c',
      join,
      'sh',
      cgroup.path,
      ...script('hold-agent.ts'),
    ])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer.end()
    for (const name of [this.inside, this.outside]) ip('netns', 'del', name)
  }
}

/** A process that answers each line with a line. */
export class LineProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  constructor(file: string, args: readonly string[]) {
    this.child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#reader = createInterface(this.child.stdout)
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  async ask(line: string): Promise<string> {
    this.child.stdin.write(`${line}\n`)
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('the process has ended')
    return value
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.child.once('close', () => resolve())
    this.child.kill('SIGKILL')
    await promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}

function script(name: string): readonly string[] {
  return [process.execPath, fileURLToPath(new URL(name, import.meta.url))]
}

function ip(...args: readonly string[]): void {
  execFileSync('/sbin/ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
