import { existsSync } from 'node:fs'
import { encodeExchange } from '@holdfast/capture'
import type { ExchangeOrigin } from '@holdfast/capture'
import type { TlsSight } from '@holdfast/model'
import { TlsConnections } from './connections.ts'
import { Hooks } from './hooks.ts'
import type { SendCommand } from './hooks.ts'
import { MAX_LIBRARIES, MAX_PROCESSES, MAX_SIGHTS, SWEEP_MS } from './limits.ts'
import { LookSchedule } from './look-schedule.ts'
import { mappedFiles } from './process-files.ts'
import { readTlsRecord } from './tls-record.ts'

/** How far the TLS of one process is seen. */
export type TlsCoverage = TlsSight & {
  readonly pid: number
  readonly exchanges: number
  /** Connections in which something else than HTTP was spoken. */
  readonly otherConnections: number
}

export type TlsCaptureOptions = {
  readonly send: SendCommand
  /** Takes one exchange as the bytes of its entry (SPEC S5, `http-exchange`). */
  readonly onExchange: (cgroup: number, entry: Buffer) => void
  readonly bootId: string
  readonly bootToWallNs: () => bigint
  readonly contextOf: (records: Buffer, at: number) => Pick<ExchangeOrigin, 'trace' | 'span' | 'contextBasis'>
  readonly proc?: string
}

type Process = {
  readonly pid: number
  program: string
  readonly seen: Set<string>
  readonly unseen: Set<string>
  isRefused: boolean
  hasEnded: boolean
}

/**
 * Plain text of processes that nobody instrumented: hooks the TLS libraries of the watched ones, puts what passes through
 * them together into HTTP exchanges, and says for each process what is seen and what is not.
 */
export class TlsCapture implements Disposable {
  readonly #options: TlsCaptureOptions
  readonly #hooks: Hooks
  readonly #connections: TlsConnections
  readonly #processes = new Map<number, Process>()
  readonly #again = new LookSchedule((pid) => void this.#look(pid))
  readonly #sweeper: NodeJS.Timeout
  #common: Promise<void> | undefined

  constructor(options: TlsCaptureOptions) {
    this.#options = options
    this.#hooks = new Hooks(options.send)
    this.#connections = new TlsConnections((cgroup, exchange) => {
      options.onExchange(cgroup, encodeExchange(exchange))
    })
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS)
    this.#sweeper.unref()
  }

  /** Hooks the machine's own libraries; call it before the first process that is to be seen starts. */
  prepare(): Promise<void> {
    this.#common ??= this.#hooks.hookCommon()
    return this.#common
  }

  /** A watched process began, or began anew with another program. Looks again later for what it loads then. */
  began(pid: number): void {
    if (this.#processes.size >= MAX_PROCESSES) this.#forget(this.#processes.keys().next().value ?? 0)
    this.#processes.set(pid, {
      pid,
      program: '',
      seen: new Set(),
      unseen: new Set(),
      isRefused: false,
      hasEnded: false,
    })
    void this.#look(pid)
    this.#again.add(pid)
  }

  /** A watched process ended: its connections are told as far as they were seen. */
  ended(pid: number, bootNs: bigint): void {
    this.#connections.endOf(pid, bootNs + this.#options.bootToWallNs())
    const process = this.#processes.get(pid)
    if (process !== undefined) process.hasEnded = true
  }

  /** Takes the TLS record at `at` of `records`; they must come in the order in which the loader sent them. */
  take(records: Buffer, at: number): void {
    const { bootId, bootToWallNs, contextOf } = this.#options
    const facts = { boot: bootId.replaceAll('-', '').slice(0, 8), bootToWallNs: bootToWallNs(), contextOf }
    const record = readTlsRecord(records, at, facts)
    if (record === undefined) return
    // It ran before it was watched.
    if (!this.#processes.has(record.pid)) this.began(record.pid)
    this.#connections.take(record)
  }

  /** Of processes that run, and of those that ended lately. */
  coverage(): readonly TlsCoverage[] {
    return [...this.#processes.values()].map((process) => {
      const { exchanges, others } = this.#connections.countsOf(process.pid)
      const { pid, program, seen, unseen } = process
      return {
        pid,
        program,
        status: statusOf(process),
        seen: [...seen],
        unseen: [...unseen],
        exchanges,
        otherConnections: others,
      }
    })
  }

  /** One for each program, for a report: of several processes the one that is seen the least speaks for it. */
  sights(): readonly TlsSight[] {
    const worst = new Map<string, TlsSight>()
    for (const { program, status, seen, unseen } of this.coverage()) {
      const known = worst.get(program)
      // What did no TLS is most of what runs, and misses nothing.
      if (program === '' || status === 'no-tls-seen') continue
      if (known !== undefined && RANK.indexOf(known.status) <= RANK.indexOf(status)) continue
      if (known !== undefined || worst.size < MAX_SIGHTS) worst.set(program, { program, status, seen, unseen })
    }
    return [...worst.values()]
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeper)
    this.#again[Symbol.dispose]()
    this.#connections.endAll()
  }

  /** Hooks what the process runs now. */
  async #look(pid: number): Promise<void> {
    const process = this.#processes.get(pid)
    if (process === undefined || process.hasEnded) return
    const files = mappedFiles(this.#options.proc ?? '/proc', pid)
    if (files.length > MAX_LIBRARIES) addTo(process.unseen, 'more libraries than are looked at')
    for (const file of files.slice(0, MAX_LIBRARIES)) {
      if (file.isProgram) process.program = file.name
      const hooked = await this.#hooks.hook(file)
      if (hooked === undefined || hooked.status === 'no-tls') continue
      const { seen, unseen } = process
      if (hooked.status === 'hooked') addTo(seen, hooked.name)
      else if (hooked.status === 'not-hookable') addTo(unseen, `${hooked.name}: nothing there can be hooked`)
      else {
        process.isRefused = true
        addTo(unseen, `${hooked.name}: ${hooked.error}`)
      }
    }
  }

  /** Forgets processes that are gone. */
  #sweep(): void {
    for (const pid of this.#processes.keys())
      if (!existsSync(`${this.#options.proc ?? '/proc'}/${pid}`)) this.#forget(pid)
  }

  #forget(pid: number): void {
    this.#processes.delete(pid)
    this.#connections.forget(pid)
  }
}

function addTo(names: Set<string>, name: string): void {
  if (names.size < MAX_LIBRARIES) names.add(name)
}

/** What is worst to miss first. */
const RANK: readonly TlsSight['status'][] = ['refused', 'not-hookable', 'partly', 'hooked']

function statusOf({ seen, unseen, isRefused }: Process): TlsCoverage['status'] {
  if (seen.size > 0) return unseen.size > 0 ? 'partly' : 'hooked'
  if (unseen.size === 0) return 'no-tls-seen'
  return isRefused ? 'refused' : 'not-hookable'
}
