import { hash } from 'node:crypto'
import type { ManagedPlatformWire } from '@holdfast/api'
import { readWindow, schemaChanges, type Gathered, type ManagedPlatform } from '@holdfast/connectors'
import { canonicalJson, KERNEL_CONSTRAINT, PROVIDER_CONSTRAINTS, type ManagedReport } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Logger } from 'pino'
import { HttpError } from '../http/problem.ts'
import { importFile, type ImportRequest } from '../import/import-file.ts'
import { FIRST_MS, OVERLAP_MS, SWEEP_MS } from './limits.ts'
import { clockReach, logDelayOf } from './log-delay.ts'

export type ManagedSources = {
  readonly platforms: readonly ManagedPlatform[]
  readonly recorder: ImportRequest['recorder']
  readonly reader: Pick<LogReader, 'controls'>
  readonly gaps: ImportRequest['gaps']
  /** The capture policy of the moment: without one nothing is stored. */
  readonly policy: () => ImportRequest['policy']
  readonly logger: Pick<Logger, 'warn' | 'error'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What is known of a platform beside its newest report. */
type Standing = {
  readonly platform: ManagedPlatform
  report: ManagedReport | undefined
  /** RFC 3339 of the last sweep of this run. */
  swept: string | undefined
  since: number
  /** Of the newest sweep that found records. */
  delaysMs: readonly number[]
  /** Digest of each file that was taken, so that an agent that did not change is not recorded again. */
  readonly taken: Map<string, string>
}

/**
 * Reads the platforms that host agents, now and from time to time: agents become documents of the inventory, telemetry becomes
 * entries, and what became of it is a record. A platform that is away keeps nobody from the others.
 */
export class ManagedPlatforms implements AsyncDisposable {
  readonly #sources: ManagedSources
  readonly #standings: readonly Standing[]
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<void> | undefined

  constructor(sources: ManagedSources) {
    this.#sources = sources
    this.#standings = sources.platforms.map((platform) => ({
      platform,
      report: undefined,
      swept: undefined,
      since: sources.now() - FIRST_MS,
      delaysMs: [],
      taken: new Map(),
    }))
    // The newest record of a platform is what is known of it until it is read again.
    for (const { record } of sources.reader.controls('managed-report')) {
      const { kind: _, ...report } = record
      const standing = this.#standings.find(({ platform }) => platform.name === report.name)
      if (standing !== undefined) standing.report = report
    }
  }

  /** Reads all of them now and from then on. */
  start(): void {
    if (this.#standings.length === 0) return
    const sweep = (): void => {
      this.sweep('holdfast up').catch((error: unknown) =>
        this.#sources.logger.error({ err: error }, 'managed platforms could not be read'),
      )
    }
    this.#timer = setInterval(sweep, SWEEP_MS)
    this.#timer.unref()
    sweep()
  }

  list(): readonly ManagedPlatformWire[] {
    return this.#standings.map(({ platform, report, swept }) => ({
      name: platform.name,
      platform: platform.platform,
      reaches: platform.reaches,
      ...(swept === undefined ? {} : { swept }),
      ...(report === undefined ? {} : { report: wireOf(report) }),
      clock: clockReach(report?.delay),
      constraints: Object.entries(PROVIDER_CONSTRAINTS[platform.platform]).map(([capability, constraint]) => ({
        capability,
        ...constraint,
      })),
      kernel: { ...KERNEL_CONSTRAINT },
    }))
  }

  /** Reads them; one sweep at a time: who asks during one gets its answer. */
  async sweep(by: string): Promise<readonly ManagedPlatformWire[]> {
    this.#sweep ??= Promise.all(this.#standings.map((standing) => this.#sweepOne(standing, by)))
      .then(() => undefined)
      .finally(() => {
        this.#sweep = undefined
      })
    await this.#sweep
    return this.list()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#sweep?.catch(() => {
      // It was told to whoever asked for it.
    })
  }

  async #sweepOne(standing: Standing, by: string): Promise<void> {
    const { platform } = standing
    const begun = this.#sources.now()
    const inventory = await platform.inventory()
    const { telemetry, reached } = await readWindow(platform, { since: standing.since, until: begun })
    const failures = [...inventory.failures, ...telemetry.failures]
    for (const file of [...inventory.files, ...telemetry.files]) {
      const digest = hash('sha256', file.text)
      if (standing.taken.get(file.name) === digest) continue
      const why = await this.#take(platform.name, file, by)
      if (why === undefined) standing.taken.set(file.name, digest)
      else failures.push({ api: file.name, why })
    }
    // Never back behind what is read: a sweep that reached nothing asks for the same again.
    standing.since = Math.max(standing.since, reached - OVERLAP_MS)
    // Sweeps overlap: records of two of them would be counted twice.
    if (telemetry.delaysMs.length > 0) standing.delaysMs = telemetry.delaysMs
    const there = new Set([...inventory.files, ...telemetry.files].map(({ name }) => name))
    for (const name of standing.taken.keys()) if (!there.has(name)) standing.taken.delete(name)
    standing.swept = new Date(begun).toISOString()
    await this.#report(standing, reportOf(platform, { inventory, telemetry, failures, delaysMs: standing.delaysMs }))
  }

  /** Undefined where the file was recorded, else why not. */
  async #take(name: string, file: Gathered['files'][number], by: string): Promise<string | undefined> {
    const { recorder, gaps, policy } = this.#sources
    try {
      await importFile({
        recorder,
        gaps,
        policy: policy(),
        name: `managed/${name}/${file.name}`,
        bytes: new TextEncoder().encode(file.text),
        by: `managed ${name}, for ${by}`,
      })
      return undefined
    } catch (error) {
      // A platform that answers what cannot be read is told of, and the next file is tried.
      if (error instanceof HttpError) return error.message.slice(0, 300)
      throw error
    }
  }

  /** Recorded when it says something else than before; delays move with every record and are not that. */
  async #report(standing: Standing, report: ManagedReport): Promise<void> {
    const known = standing.report
    standing.report = report
    if (known !== undefined && saying(known) === saying(report)) return
    for (const { api, added, missing } of report.changes)
      this.#sources.logger.warn({ platform: report.name, api, added, missing }, 'a provider changed what it answers')
    await this.#sources.recorder.appendControl({ kind: 'managed-report', ...report })
  }
}

function saying(report: ManagedReport): string {
  const { delay, calls, ...rest } = report
  const apis = calls.map(({ api }) => api)
  return canonicalJson({ ...rest, apis, reach: clockReach(delay).status })
}

function reportOf(
  { name, platform, reaches }: ManagedPlatform,
  read: Pick<Gathered, 'failures' | 'delaysMs'> & { readonly inventory: Gathered; readonly telemetry: Gathered },
): ManagedReport {
  const answers = [...read.inventory.answers, ...read.telemetry.answers]
  const delay = logDelayOf(read.delaysMs)
  return {
    name,
    platform,
    reaches,
    calls: [...Map.groupBy(answers, ({ api }) => api)].map(([api, some]) => ({ api, answers: some.length })),
    agents: read.inventory.files.length,
    changes: schemaChanges(answers),
    failures: read.failures,
    ...(delay === undefined ? {} : { delay }),
    leftOut: read.inventory.leftOut + read.telemetry.leftOut,
  }
}

function wireOf(report: ManagedReport): NonNullable<ManagedPlatformWire['report']> {
  const { calls, agents, changes, failures, delay, leftOut } = report
  return {
    calls: calls.map((one) => ({ ...one })),
    agents,
    changes: changes.map(({ api, added, missing }) => ({ api, added: [...added], missing: [...missing] })),
    failures: failures.map((one) => ({ ...one })),
    ...(delay === undefined ? {} : { delay: { ...delay } }),
    leftOut,
  }
}
