import { createHash, randomUUID } from 'node:crypto'
import { counted, canonicalJson, formatRfc3339, type SelfAuditRecord, type UnixNano } from '@holdfast/model'
import { auditDifference, nextAudit, verdictsOf, type VerdictChange } from '@holdfast/reconcile'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import type { Diagnostics } from './diagnostics.ts'
import { AGENTS_SCHEDULED, AUDITS_A_LOOK } from './limits.ts'
import type { Asked } from './target.ts'

export type SelfAuditSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'controls' | 'control'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly diagnostics: Pick<Diagnostics, 'ask'>
  readonly clock: () => UnixNano
}

type Held = Extract<SelfAuditRecord, { readonly do: 'held' }>
type Scheduled = Extract<SelfAuditRecord, { readonly do: 'scheduled' }>

export type HeldAudit = Held & { readonly entry: number; readonly recordedAt: string }
export type AuditSchedule = Scheduled & { readonly entry: number; readonly recordedAt: string }

/** Diagnostics that were recorded, each with what became different, and when the next is due (REC-12). */
export class SelfAudits {
  readonly #sources: SelfAuditSources
  /** Newest last. */
  readonly #held: HeldAudit[] = []
  #schedule: AuditSchedule | undefined
  #looking: Promise<number> | undefined
  /** Of agents whose audit failed, the number of the failure: who failed longest ago is tried first. Agents of the schedule alone. */
  readonly #failedAt = new Map<string, number>()
  #failures = 0

  constructor(sources: SelfAuditSources) {
    this.#sources = sources
    for (const { index, recordedAt, record } of sources.reader.controls('self-audit'))
      this.#note(record, { entry: index, recordedAt: formatRfc3339(recordedAt) })
  }

  get schedule(): AuditSchedule | undefined {
    return this.#schedule
  }

  /** Newest first, each with the difference to the one of the same agent before it. */
  list(
    agent: string | undefined,
  ): readonly { readonly audit: HeldAudit; readonly changes: readonly VerdictChange[] }[] {
    const own = agent === undefined ? this.#held : this.#held.filter((one) => one.agent === agent)
    const newest = new Map<string, HeldAudit>()
    return own
      .map((audit) => {
        const before = newest.get(audit.agent)
        newest.set(audit.agent, audit)
        return { audit, changes: before === undefined ? [] : auditDifference(before.verdicts, audit.verdicts) }
      })
      .toReversed()
  }

  /** When the agent's next audit is due, RFC 3339; undefined where none is. */
  dueOf(agent: string): string | undefined {
    const due = this.#due(agent)
    return due === undefined ? undefined : new Date(due).toISOString()
  }

  /** Asks everything now and keeps what it came to. Throws 404 where there is no such agent. */
  async hold(asked: Asked, reason: string, by?: string): Promise<HeldAudit> {
    const { diagnostic, wire, facts } = await this.#sources.diagnostics.ask(asked)
    const shortfalls = [...wire.questions, ...wire.capabilities]
      .filter(({ missing }) => missing.length > 0)
      .map(({ id, missing }) => ({ of: id, reasons: missing.map((one) => one.slice(0, REASON_MOST)) }))
    const record: Held = {
      do: 'held',
      audit: randomUUID(),
      agent: facts.target.agent,
      at: wire.at,
      verdicts: verdictsOf(diagnostic),
      shortfalls,
      digest: createHash('sha256').update(canonicalJson(wire)).digest('hex'),
      size: wire.size,
      reason,
      ...(by === undefined ? {} : { by }),
    }
    await this.#write(record)
    // It was noted with its place in the log; another that was held at the same time may stand after it.
    const own = this.#held.findLast(({ audit }) => audit === record.audit)
    if (own === undefined) throw new TypeError('an audit that was written is not there')
    return own
  }

  /** How often is audited from now on; 0 days ends it. */
  async decide(
    { everyDays, agents }: Pick<Scheduled, 'everyDays' | 'agents'>,
    reason: string,
    by: string,
  ): Promise<void> {
    await this.#write({ do: 'scheduled', everyDays, agents, reason, by })
  }

  /** Holds the audits that are due; gives how many. Callers at the same time share one look. */
  look(): Promise<number> {
    this.#looking ??= this.#holdDue().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #holdDue(): Promise<number> {
    const schedule = this.#schedule
    if (schedule === undefined || schedule.everyDays <= 0) return 0
    const now = Number(this.#sources.clock() / 1_000_000n)
    const named = schedule.agents.length > 0 ? schedule.agents : await this.#everyAgent()
    const due = named
      .filter((agent) => (this.#due(agent) ?? Infinity) <= now)
      // As many that can never be held would otherwise fill every look, and no other had its turn.
      .toSorted((a, b) => (this.#failedAt.get(a) ?? 0) - (this.#failedAt.get(b) ?? 0))
      .slice(0, AUDITS_A_LOOK)
    const faults: unknown[] = []
    for (const agent of due) {
      // One that cannot be asked about must not keep the others from their audit.
      await this.hold({ agent }, `every ${counted(schedule.everyDays, 'day')}: ${schedule.reason}`).catch(
        (error: unknown) => {
          faults.push(error)
          this.#failedAt.set(agent, (this.#failures += 1))
        },
      )
    }
    if (faults.length > 0)
      throw new AggregateError(faults, `${faults.length} of ${due.length} audits could not be held`)
    return due.length
  }

  async #everyAgent(): Promise<readonly string[]> {
    const list = await askView(this.#sources.views, 'listAgents', { query: { limit: AGENTS_SCHEDULED } })
    return (list?.items ?? []).map(({ id }) => id)
  }

  #due(agent: string): number | undefined {
    const schedule = this.#schedule
    if (schedule === undefined || (schedule.agents.length > 0 && !schedule.agents.includes(agent))) return undefined
    const last = this.#held.findLast((one) => one.agent === agent)
    const since = Date.parse(schedule.recordedAt)
    return nextAudit({ everyDays: schedule.everyDays, since }, last && Date.parse(last.recordedAt))
  }

  async #write(record: SelfAuditRecord): Promise<void> {
    const { recorder, reader, clock } = this.#sources
    const { from: entry } = await recorder.appendControl({ kind: 'self-audit', ...record })
    // As the log has it, so that reading it again gives the same.
    this.#note(record, { entry, recordedAt: formatRfc3339(reader.control(entry)?.recordedAt ?? clock()) })
  }

  #note(record: SelfAuditRecord, place: { readonly entry: number; readonly recordedAt: string }): void {
    if (record.do === 'held') this.#held.push({ ...record, ...place })
    else {
      this.#schedule = { ...record, ...place }
      this.#failedAt.clear()
    }
  }
}

/** A reason in a record: the whole text can be asked for again. */
const REASON_MOST = 500
