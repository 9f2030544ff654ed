import type { AgentId, AuditViolation, PolicyViolationsRecord } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { VIOLATIONS_A_RECORD } from './limits.ts'

type RecordedViolationsSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl'>
}

type Range = { readonly from: number; readonly to: number }

/**
 * What the log says of violations: which acts of an agent were judged, and those that a policy of their time denied. Each act is on
 * record once, whatever is judged again after a restart.
 */
export class RecordedViolations {
  readonly #sources: RecordedViolationsSources
  /** Entries of an agent that records cover, in order, without overlap. */
  readonly #covered = new Map<string, readonly Range[]>()

  constructor(sources: RecordedViolationsSources) {
    this.#sources = sources
    for (const { record } of sources.reader.eachControl('policy-violations')) this.#cover(record.agent, record)
  }

  /** Puts on record what was found among entries that were judged. What a record covers already is left out. */
  async note(agent: AgentId, judged: Range, found: readonly AuditViolation[]): Promise<void> {
    const known = this.#covered.get(agent) ?? []
    const fresh = found.filter(({ entry }) => !known.some(({ from, to }) => from <= entry && entry < to))
    if (fresh.length === 0) return
    const record: PolicyViolationsRecord = {
      agent,
      ...judged,
      violations: fresh.slice(0, VIOLATIONS_A_RECORD),
      more: Math.max(0, fresh.length - VIOLATIONS_A_RECORD),
    }
    await this.#sources.recorder.appendControl({ kind: 'policy-violations', ...record })
    this.#cover(agent, judged)
  }

  /** Ranges that touch become one, so there are about as many as there were runs of the server. */
  #cover(agent: string, { from, to }: Range): void {
    const all = [...(this.#covered.get(agent) ?? []), { from, to }].toSorted((a, b) => a.from - b.from)
    const merged: Range[] = []
    for (const range of all) {
      const last = merged.at(-1)
      if (last === undefined || range.from > last.to) merged.push(range)
      else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
    }
    this.#covered.set(agent, merged)
  }
}
