import type { ServerResponse } from 'node:http'
import { startTerm } from '@holdfast/capture'
import {
  canonicalJson,
  formatRfc3339,
  type ControlRecord,
  type HoldEnding,
  type SensorCommand,
  type SensorReport,
  type SensorResult,
  type UnixNano,
  type WatchedCgroup,
} from '@holdfast/model'
import type { ControlEntry, LogReader } from '@holdfast/recorder'
import { CommandStream } from './command-stream.ts'
import { COMMAND_TIMEOUT_MS, MAX_SENSORS, SILENT_AFTER_MS } from './limits.ts'
import type { EndedListener, KnownSensor, SendOptions, SensorLink } from './link.ts'
import type { Speaker } from './wire.ts'

export type RegistryOptions = {
  readonly write: (record: ControlRecord) => Promise<unknown>
  readonly reader: Pick<LogReader, 'segmentsWithTerm' | 'segment'>
  /** Sensor reports of earlier runs, in log order. */
  readonly recorded: readonly ControlEntry<'sensor-report'>[]
  readonly clock: () => UnixNano
  readonly onError: (error: unknown) => void
}

type Entry = {
  report: SensorReport
  /** Log position of the first report of this start. */
  readonly firstReport: number
  watched: readonly WatchedCgroup[]
  stream: CommandStream | undefined
  heard: UnixNano
  lastBatch: UnixNano | undefined
  records: number
  lost: number
  silence: NodeJS.Timeout | undefined
}

/** The sensors that this folder has heard of: what each can see, whether it is there, and what is asked of it. */
export class SensorRegistry implements SensorLink, Disposable {
  readonly #options: RegistryOptions
  readonly #sensors = new Map<string, Entry>()
  #onEnded: EndedListener | undefined
  #onConnected: ((sensor: string) => void) | undefined

  constructor(options: RegistryOptions) {
    this.#options = options
    for (const { index, recordedAt, record } of options.recorded) {
      const { kind: _, ...report } = record
      const known = this.#sensors.get(report.sensor)
      const isSameStart = known?.report.start === report.start
      this.#sensors.set(report.sensor, entryOf(report, isSameStart ? known.firstReport : index, recordedAt))
    }
  }

  sensors(): readonly KnownSensor[] {
    return [...this.#sensors].map(([id, { report, watched, stream, lastBatch, records, lost }]) => ({
      id,
      state: stream !== undefined ? 'connected' : report.state === 'stopped' ? 'stopped' : 'away',
      report,
      watched: stream === undefined ? [] : watched,
      lastBatch,
      records,
      lost,
    }))
  }

  send(command: SensorCommand, options: SendOptions = {}): Promise<SensorResult> {
    const { sensor, timeoutMs = COMMAND_TIMEOUT_MS } = options
    const streams = [...this.#sensors].flatMap(([id, { stream }]) =>
      stream === undefined || (sensor !== undefined && id !== sensor) ? [] : [stream],
    )
    const [stream] = streams
    if (stream !== undefined && streams.length === 1) return stream.send(command, timeoutMs)
    const error = streams.length > 1 ? 'several sensors are connected: name one' : 'no such sensor is connected'
    return Promise.resolve({ ok: false, error })
  }

  /** Takes in what a sensor says of itself; resolves once what is new in it is on record. `size` is that of the log. */
  async report(report: SensorReport, watched: readonly WatchedCgroup[], size: number): Promise<void> {
    const known = this.#sensors.get(report.sensor)
    if (known === undefined && this.#sensors.size >= MAX_SENSORS) {
      throw new RangeError(`${MAX_SENSORS} sensors are known already`)
    }
    const now = this.#options.clock()
    if (known !== undefined && known.report.start !== report.start) await this.#recordRestart(known, report, now)
    if (known === undefined || !isDeepEqual(known.report, report)) {
      await this.#options.write({ kind: 'sensor-report', ...report })
    }
    const isSameStart = known?.report.start === report.start
    const entry = isSameStart ? known : { ...entryOf(report, size, now), lost: known?.lost ?? 0 }
    if (!isSameStart && known !== undefined) this.#supersede(known)
    entry.report = report
    entry.watched = watched
    entry.heard = now
    this.#sensors.set(report.sensor, entry)
  }

  onEnded(listener: EndedListener): void {
    this.#onEnded = listener
  }

  onConnected(listener: (sensor: string) => void): void {
    this.#onConnected = listener
  }

  /** Resolves once the ends of holds are on record. Rejects until somebody listens: the sensor says them again. */
  async tellEnded(sensor: string, endings: readonly HoldEnding[]): Promise<void> {
    if (this.#onEnded === undefined) throw new Error('the server is still starting')
    await this.#onEnded(sensor, endings)
  }

  /** False where the start has not reported itself: it must, before anything of it is taken. */
  isKnown({ sensor, start }: Speaker): boolean {
    return this.#sensors.get(sensor)?.report.start === start
  }

  /** Where in the log to look for what is on record of a start. */
  firstReportOf({ sensor, start }: Speaker): number {
    const entry = this.#sensors.get(sensor)
    return entry?.report.start === start ? entry.firstReport : 0
  }

  noteBatch({ sensor }: Speaker, records: number): void {
    const entry = this.#sensors.get(sensor)
    if (entry === undefined) return
    entry.heard = this.#options.clock()
    entry.lastBatch = entry.heard
    entry.records += records
  }

  noteLost({ sensor }: Speaker, records: number): void {
    const entry = this.#sensors.get(sensor)
    if (entry !== undefined) entry.lost += records
  }

  /** Keeps the answer open as the sensor's command stream, in place of the one before. */
  openCommands({ sensor, start }: Speaker, response: ServerResponse): void {
    const entry = this.#sensors.get(sensor)
    if (entry === undefined) throw new RangeError(`sensor ${sensor} has not reported itself`)
    const before = entry.stream
    clearTimeout(entry.silence)
    entry.silence = undefined
    entry.heard = this.#options.clock()
    entry.stream = new CommandStream(start, response, (stream) => this.#closed(sensor, stream))
    before?.end()
    this.#onConnected?.(sensor)
  }

  answer({ sensor }: Speaker, id: string, result: SensorResult): boolean {
    return this.#sensors.get(sensor)?.stream?.answer(id, result) ?? false
  }

  [Symbol.dispose](): void {
    for (const entry of this.#sensors.values()) this.#supersede(entry)
  }

  /** Ends what is left of a start that another has taken the place of. */
  #supersede(entry: Entry): void {
    clearTimeout(entry.silence)
    const { stream } = entry
    entry.stream = undefined
    stream?.end()
  }

  #closed(sensor: string, stream: CommandStream): void {
    const entry = this.#sensors.get(sensor)
    if (entry === undefined || entry.stream !== stream) return
    entry.stream = undefined
    if (entry.report.state === 'stopped') return
    const since = this.#options.clock()
    entry.silence = setTimeout(() => {
      this.#writeSilence(entry.report, since, 'no word from it; what it keeps on its disk comes once it is back').catch(
        this.#options.onError,
      )
    }, SILENT_AFTER_MS).unref()
  }

  /** Between two starts of a sensor nobody watched: the programs of the kernel ended with the first. */
  #recordRestart(known: Entry, report: SensorReport, now: UnixNano): Promise<unknown> {
    const last = known.report
    const stored = this.#lastStored(known)
    const since = stored > known.heard ? stored : known.heard
    const how = last.state === 'stopped' ? 'it was stopped' : 'it ended without a word'
    const where = last.bootId === report.bootId ? '' : ', and the host was started anew'
    return this.#writeSilence(last, since < now ? since : now, `${how}${where}; what happened meanwhile was not seen`)
  }

  #writeSilence({ sensor, host }: SensorReport, from: UnixNano, detail: string): Promise<unknown> {
    return this.#options.write({
      kind: 'gap',
      reason: 'sensor-silent',
      sender: `sensor ${sensor} on ${host}`.slice(0, 300),
      channel: 'sensor',
      requests: 0,
      from: formatRfc3339(from),
      to: formatRfc3339(this.#options.clock()),
      detail,
    })
  }

  /** When the newest batch of a start was recorded. */
  #lastStored({ report, firstReport }: Entry): UnixNano {
    const { reader } = this.#options
    let last: number | undefined
    for (const first of reader.segmentsWithTerm(startTerm(report), { from: firstReport })) last = first
    const segment = last === undefined ? undefined : reader.segment(last)
    return segment?.summary.recordedAt ?? (0n as UnixNano) // the epoch is in range
  }
}

function entryOf(report: SensorReport, firstReport: number, heard: UnixNano): Entry {
  return {
    report,
    firstReport,
    watched: [],
    stream: undefined,
    heard,
    lastBatch: undefined,
    records: 0,
    lost: 0,
    silence: undefined,
  }
}

function isDeepEqual(a: SensorReport, b: SensorReport): boolean {
  return canonicalJson(a) === canonicalJson(b)
}
