import { setTimeout as delay } from 'node:timers/promises'
import type { SensorCommand, SensorReport, SensorResult } from '@holdfast/model'
import { CgroupTree } from '../cgroup/cgroup-tree.ts'
import type { PodDirectory } from '../cgroup/kubernetes.ts'
import { Sources } from '../cgroup/sources.ts'
import { BatchBuilder, type Batch } from '../delivery/batch-builder.ts'
import { Governor } from '../egress/governor.ts'
import { Delivery } from '../delivery/delivery.ts'
import { Losses } from '../delivery/losses.ts'
import type { ServerAt } from '../delivery/server-at.ts'
import { ServerClient } from '../delivery/server-client.ts'
import { Holder } from '../hold/holder.ts'
import { Standings } from '../hold/standings.ts'
import { BATCH_MS, CLOCK_CHECK_MS, HOLD_WATCH_MS, LAST_WORDS_MS } from '../limits.ts'
import { FIELD_TAG, RECORD_OFFSET, RECORD_TYPE } from '../loader/record-layout.ts'
import { startLoader, type Loader } from '../loader/start-loader.ts'
import type { Lost } from '../loader/told.ts'
import { HOLDS_FOLDER } from '../programs.ts'
import { addressIn, endOf, fieldOf, number64, typeName } from '../record-layout.ts'
import { Spool } from '../spool/spool.ts'
import { TlsCapture } from '../tls/tls-capture.ts'
import { BootClock } from './boot-clock.ts'
import { ProcessTable } from './process-table.ts'
import { reportOf } from './report.ts'
import { WatchedCgroups } from './watched-cgroups.ts'
import { tellSensitive } from './tell-sensitive.ts'
import type { Watch } from './watches.ts'

export type DriverOptions = {
  /** Path of the loader's binary. */
  readonly loader: string
  readonly server: ServerAt
  /** Folder of the spool and of what is watched. */
  readonly folder: string
  readonly sensor: string
  /** Names this run of the driver; 16 hex digits, new each time. */
  readonly start: string
  readonly host: string
  readonly cluster: string | undefined
  readonly cgroupMount: string
  readonly pods: PodDirectory | undefined
  /** What else cannot be seen here. */
  readonly unseen: readonly string[]
  readonly onStop: () => void
  readonly say: (line: string) => void
}

/** SPEC S2, type 8. */
const DNS_ANSWER = 1

/** Takes records out of the loader, says whose they are and what they were part of, and delivers them. */
export class Driver implements AsyncDisposable {
  readonly #options: DriverOptions
  readonly #loader: Loader
  readonly #tree: CgroupTree
  readonly #clock: BootClock
  readonly #processes: ProcessTable
  readonly #sources: Sources
  readonly #builder = new BatchBuilder()
  readonly #spool: Spool
  readonly #losses: Losses
  readonly #tls: TlsCapture
  readonly #watched: WatchedCgroups
  readonly #delivery: Delivery
  readonly #holder: Holder
  readonly #governor: Governor
  readonly #timers: readonly NodeJS.Timeout[]
  #state: SensorReport['state'] = 'running'

  /** Starts the loader and whatever delivers what it brings. Rejects with the loader's own words where it ends. */
  static async start(options: DriverOptions): Promise<Driver> {
    const to: { driver?: Driver } = {}
    const loader = await startLoader({
      path: options.loader,
      // Nothing is watched before the driver is there.
      onRecords: (bytes) => to.driver?.take(bytes),
      onLost: (records) => to.driver?.lost(records),
    })
    await tellSensitive(loader, options.say)
    to.driver = new Driver(options, loader)
    return to.driver
  }

  private constructor(options: DriverOptions, loader: Loader) {
    const { folder, sensor, start, host, cluster, pods, say } = options
    this.#options = options
    this.#loader = loader
    this.#tree = new CgroupTree(options.cgroupMount)
    const standings = new Standings({ folder, bootId: loader.hello.bootId })
    this.#holder = new Holder({
      tree: this.#tree,
      loader: options.loader,
      holds: HOLDS_FOLDER,
      send: (verb, ...words) => loader.send(verb, ...words),
      standings,
      say,
    })
    this.#governor = new Governor({
      folder,
      bootId: loader.hello.bootId,
      tree: this.#tree,
      programs: loader.programs,
      send: (verb, ...words) => loader.send(verb, ...words),
      say,
    })
    this.#clock = new BootClock({ first: loader.hello.bootToWallNs })
    this.#processes = new ProcessTable({ clockTicks: loader.hello.clockTicks })
    this.#sources = new Sources({
      tree: this.#tree,
      pods,
      host,
      cluster,
      fixed: { sensor, start, bootId: loader.hello.bootId },
      bootToWallNs: () => this.#clock.offset,
      say,
    })
    const losses = new Losses({ folder, start })
    this.#losses = losses
    this.#spool = new Spool({ folder, onDamage: (entries) => losses.addDamaged(entries) })
    this.#tls = new TlsCapture({
      send: (verb, ...words) => loader.send(verb, ...words),
      onExchange: (cgroup, entry) => this.#builder.addExchange(cgroup, entry),
      bootId: loader.hello.bootId,
      bootToWallNs: () => this.#clock.offset,
      contextOf: (records, at) =>
        this.#processes.contextOf(records, at, this.#watched.runOf(number64(records, at + RECORD_OFFSET.cgroup))),
    })
    this.#watched = new WatchedCgroups({
      folder,
      tree: this.#tree,
      sources: this.#sources,
      processes: this.#processes,
      tls: this.#tls,
      governor: this.#governor,
      send: (verb, ...words) => loader.send(verb, ...words),
      flush: () => this.#flushAll(),
    })
    this.#delivery = new Delivery({
      client: new ServerClient({ server: options.server, sensor }),
      spool: this.#spool,
      losses: this.#losses,
      start,
      report: () => ({
        report: reportOf(options, loader, { state: this.#state, tls: this.#tls.sights() }),
        watched: this.#watched.list(),
      }),
      standings,
      onCommand: (command) => this.#obey(command),
      say,
    })
    this.#timers = [
      setInterval(() => this.#flush(), BATCH_MS),
      setInterval(() => this.#checkClock(), CLOCK_CHECK_MS),
      setInterval(() => this.#checkHolds(), HOLD_WATCH_MS),
    ]
  }

  /** Resolves with the reason when the loader has ended. */
  get ended(): Promise<Error> {
    return this.#loader.ended
  }

  /** How long the server has not answered. */
  get serverAwayMs(): number {
    return this.#delivery.awayMs
  }

  /** Watches and holds again what was watched and held when the driver before this one ended. */
  async restore(): Promise<void> {
    await this.#watched.restore()
    await this.#holder.restore()
  }

  watch(watch: Watch): Promise<SensorResult> {
    return this.#watched.watch(watch)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#state = 'stopped'
    await this.#loader.stop()
    this.#tls[Symbol.dispose]()
    this.#sources.settle()
    this.#flush()
    await this.#delivery.tellReport()
    // What a server that is there has not taken by then is in the spool, for the next start to send.
    await Promise.race([this.#delivery.flushed(), delay(LAST_WORDS_MS, undefined, { ref: false })])
    await this.#delivery[Symbol.asyncDispose]()
    this.#losses.save()
    this.#spool[Symbol.dispose]()
  }

  /** Takes records from the loader. */
  take(bytes: Buffer): void {
    this.#processes.learn(bytes)
    let at = 0
    for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
      this.#takeOne(bytes, at)
      if (this.#builder.isFull) this.#flush()
      at = end
    }
  }

  #takeOne(bytes: Buffer, at: number): void {
    const type = bytes.readUInt16LE(at + RECORD_OFFSET.type)
    // What TLS carried becomes exchanges here: the log gets those, without credentials, and not the bytes.
    if (type === RECORD_TYPE.tlsData) return this.#tls.take(bytes, at)
    const cgroup = number64(bytes, at + RECORD_OFFSET.cgroup)
    const pid = bytes.readUInt32LE(at + RECORD_OFFSET.pid)
    if (type === RECORD_TYPE.dns && (this.#holder.isLearning || this.#governor.isLearning))
      this.#learnName(bytes, at, cgroup)
    if (type === RECORD_TYPE.cgroupMkdir) this.#learnCgroup(bytes, at)
    else if (type === RECORD_TYPE.exec && this.#watched.watchOf(cgroup)?.tls === true) this.#tls.began(pid)
    // A thread that ends is no process that does.
    else if (type === RECORD_TYPE.exit && pid === bytes.readUInt32LE(at + RECORD_OFFSET.tid))
      this.#tls.ended(pid, bytes.readBigUInt64LE(at + RECORD_OFFSET.bootNs))
    this.#builder.addRecord(cgroup, bytes, at, this)
  }

  /** Takes the loader's running counts of what it dropped. */
  lost(records: readonly Lost[]): void {
    for (const { cgroup, type, count } of records) {
      const agentName = this.#sources.sourceOf(Number(cgroup))?.agentName ?? ''
      this.#losses.setKernel(cgroup, agentName, typeName(type), count)
    }
  }

  /** Called by the batch builder for each record. */
  stamp(records: Buffer, at: number, joint: Buffer, jointAt: number, cgroup: number): void {
    this.#processes.stamp(records, at, joint, jointAt, this.#watched.runOf(cgroup))
  }

  #flush(): void {
    if (this.#builder.isEmpty) return
    const next = (): Batch | undefined => this.#builder.take((cgroup) => this.#sources.bytesOf(cgroup))
    for (let batch = next(); batch !== undefined; batch = next()) this.#delivery.add(batch)
  }

  /** An answer may say what a name stands for that a held or governed cgroup may reach. */
  #learnName(bytes: Buffer, at: number, cgroup: number): void {
    const message = fieldOf(bytes, at, FIELD_TAG.dns)
    const server = fieldOf(bytes, at, FIELD_TAG.remote)
    const from = server === undefined ? undefined : addressIn(server)
    if (message === undefined || from === undefined || number64(bytes, at + RECORD_OFFSET.numbers) !== DNS_ANSWER)
      return
    for (const learner of [this.#holder, this.#governor])
      learner.learn(cgroup, message, from).catch((error: unknown) => this.#sayHold(error))
  }

  #checkHolds(): void {
    for (const one of [this.#holder, this.#governor]) one.tick().catch((error: unknown) => this.#sayHold(error))
  }

  #sayHold(error: unknown): void {
    // A loader that has ended ends this driver too, and says so itself.
    if (this.#state === 'running') this.#options.say(`what is held could not be looked after: ${String(error)}`)
  }

  #learnCgroup(bytes: Buffer, at: number): void {
    const name = fieldOf(bytes, at, FIELD_TAG.text)?.toString('utf8').replace(/\0+$/, '').split('/').at(-1) ?? ''
    const numbers = at + RECORD_OFFSET.numbers
    this.#tree.learnChild(number64(bytes, numbers), number64(bytes, numbers + 8), name)
  }

  async #obey(command: SensorCommand): Promise<SensorResult> {
    switch (command.do) {
      case 'watch': {
        const { do: _, ...watch } = command
        return await this.#watched.watch(watch)
      }
      case 'unwatch':
        return await this.#watched.unwatch(command.path)
      case 'loader': {
        const { ok, error = 'refused', more } = await this.#loader.send(command.verb, ...command.arguments)
        return ok ? { ok, detail: more } : { ok: false, error }
      }
      case 'contain':
        return await this.#holder.contain(command)
      case 'release':
        return await this.#holder.release(command)
      case 'probe':
        return await this.#holder.probe(command)
      case 'flush':
        await this.#flushAll()
        return { ok: true }
      case 'stop':
        setImmediate(this.#options.onStop)
        return { ok: true }
    }
  }

  /** Until the server has all that the kernel recorded before this was asked. */
  async #flushAll(): Promise<void> {
    await this.#loader.send('sync')
    this.#flush()
    await this.#delivery.flushed()
  }

  #checkClock(): void {
    const moved = this.#clock.check()
    if (moved !== undefined) this.#options.say(`the wall clock was stepped by ${moved / 1_000_000n} ms`)
    this.#processes.sweep()
    this.#watched
      .forgetGone()
      .catch((error: unknown) => this.#options.say(`a cgroup could not be let go: ${String(error)}`))
  }
}
