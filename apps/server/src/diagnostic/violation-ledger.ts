import { setImmediate as turn } from 'node:timers/promises'
import { normalise } from '@holdfast/capture'
import type { RolloutState } from '@holdfast/enforce'
import { auditRowId, formatRfc3339, parseAgentId, type AgentId, type AuditViolation, type Event } from '@holdfast/model'
import { RecorderError, type LogReader } from '@holdfast/recorder'
import type { Violation, Violations } from '../policy/violations.ts'
import type { RecordedViolations } from './recorded-violations.ts'
import { JUDGED_A_LOOK, JUDGED_PER_TURN, JUDGED_WINDOW, VIOLATIONS_KEPT } from './limits.ts'

/** An act that a policy of its time denied, with the row of the audit that is about it. */
export type KnownViolation = { readonly event: Event; readonly violation: Violation; readonly row: string }

export type ViolationSources = {
  readonly reader: Pick<LogReader, 'entries' | 'segments' | 'size'>
  readonly policies: Violations
  readonly state: () => RolloutState
  readonly recorded: Pick<RecordedViolations, 'note'>
}

/** Entries of one agent that were judged: `[low, high)`, and all of those since `start` are to be. */
type Judged = {
  readonly agent: AgentId
  readonly start: number
  low: number
  high: number
  /** What was judged since the last record: upwards from here, and downwards from there. */
  newSince: number
  oldUntil: number
  /** Acts of it stand in cold storage that was not attached when their turn came: they are not looked at again. */
  isUnread: boolean
  /** Newest kept first by {@link ViolationLedger.of}. */
  readonly found: KnownViolation[]
}

/**
 * Violations of policies, judged once, put on record and kept: what is new first, then what is older, so much at each look, because
 * an act is judged by reading it. How far that has come is told with every answer.
 */
export class ViolationLedger {
  readonly #sources: ViolationSources
  readonly #judged = new Map<AgentId, Judged>()
  #looking: Promise<void> | undefined

  constructor(sources: ViolationSources) {
    this.#sources = sources
  }

  /** Callers at the same time share one look. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Of one agent or of all, as claimed until an instant; enforced ones first, then the newest. */
  of(agent: string | undefined, until: string | undefined): readonly KnownViolation[] {
    return [...this.#judged.values()]
      .filter((one) => agent === undefined || one.agent === agent)
      .flatMap(({ found }) => found)
      .filter(({ event }) => until === undefined || Date.parse(formatRfc3339(event.claimedAt)) <= Date.parse(until))
      .toSorted((a, b) => rank(a) - rank(b) || b.event.entry - a.event.entry)
  }

  /** True once every act of the agent since its first policy was judged; never where some could not be read. */
  isWhole(agent: string): boolean {
    const judged = [...this.#judged.values()].find((one) => one.agent === agent)
    if (judged === undefined) return true
    if (judged.isUnread || judged.low > judged.start) return false
    const { reader } = this.#sources
    // What is of others, and what this server writes, waits for no judgement.
    return (
      judged.high >= reader.size() ||
      reader.segments({ agent: judged.agent, from: judged.high }).every(({ channel }) => channel === 'control')
    )
  }

  async #look(): Promise<void> {
    const { reader, state } = this.#sources
    const size = reader.size()
    for (const [id, periods] of state().force) {
      const agent = parseAgentId(id)
      const start = Math.min(...periods.map(({ from }) => from))
      if (agent !== undefined && !this.#judged.has(agent) && Number.isFinite(start))
        this.#judged.set(agent, { agent, start, ...begunAt(size), isUnread: false, found: [] })
    }
    let left = JUDGED_A_LOOK
    for (const judged of this.#judged.values()) left = await this.#newer(judged, size, left)
    for (const judged of this.#judged.values()) left = await this.#older(judged, left)
  }

  async #newer(judged: Judged, size: number, most: number): Promise<number> {
    let left = most
    for (const { first, count, channel } of this.#sources.reader.segments({ agent: judged.agent, from: judged.high })) {
      if (left <= 0) return left
      const end = first + count
      if (channel !== 'control' && (await this.#judge(judged, { from: first, to: end, since: judged.newSince })))
        judged.newSince = end
      judged.high = end
      left -= count
    }
    judged.high = Math.max(judged.high, size)
    return left
  }

  async #older(judged: Judged, most: number): Promise<number> {
    let left = most
    while (left > 0 && judged.low > judged.start) {
      const from = Math.max(judged.start, judged.low - JUDGED_WINDOW)
      const segments = this.#sources.reader
        .segments({ agent: judged.agent, from })
        .filter(({ first }) => first < judged.low)
      for (const { first, count, channel } of segments.toReversed()) {
        if (left <= 0) return left
        const to = Math.min(judged.low, first + count)
        if (channel !== 'control' && (await this.#judge(judged, { from: first, to, until: judged.oldUntil })))
          judged.oldUntil = first
        judged.low = first
        left -= count
      }
      judged.low = from
    }
    return left
  }

  /** True where something was found and is on record, with what was judged since the record before. */
  async #judge(
    judged: Judged,
    { from, to, since = from, until = to }: { from: number; to: number; since?: number; until?: number },
  ): Promise<boolean> {
    const { reader, policies, recorded } = this.#sources
    const { agent, found } = judged
    const denied: AuditViolation[] = []
    let read = 0
    try {
      for (const entry of reader.entries({ from, to })) {
        read += 1
        if (read % JUDGED_PER_TURN === 0) await turn()
        for (const event of normalise(entry).events) {
          const violation = policies.violationOf(event)
          if (violation === undefined) continue
          found.push({ event, violation, row: auditRowId(event.id) })
          denied.push({ event: event.id, entry: event.entry, ...violation })
        }
      }
    } catch (error) {
      // In cold storage that is not attached: no answer is to fail for that, and none is to pass for whole.
      if (!(error instanceof RecorderError) || error.code !== 'cold') throw error
      judged.isUnread = true
    }
    if (found.length > VIOLATIONS_KEPT) {
      found.sort((a, b) => b.event.entry - a.event.entry)
      found.length = VIOLATIONS_KEPT
    }
    if (denied.length === 0) return false
    await recorded.note(agent, { from: since, to: until }, denied)
    return true
  }
}

function begunAt(size: number): Pick<Judged, 'low' | 'high' | 'newSince' | 'oldUntil'> {
  return { low: size, high: size, newSince: size, oldUntil: size }
}

function rank({ violation }: KnownViolation): number {
  return violation.mode === 'enforce' ? 0 : 1
}
