import { formatRfc3339, type ScorecardDecision, type UnixNano } from '@holdfast/model'
import { scorecardFault, scorecardOf, type ScorecardEntry, type ScoreRow } from '@holdfast/reconcile'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'

export type ScorecardSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'controls' | 'control'>
  readonly clock: () => UnixNano
}

/** The scorecard of tool categories, put together from the decisions in the log (REC-13). */
export class Scorecards {
  readonly #sources: ScorecardSources
  readonly #entries: ScorecardEntry[]
  #rows: readonly ScoreRow[]

  constructor(sources: ScorecardSources) {
    this.#sources = sources
    this.#entries = sources.reader.controls('scorecard').flatMap(({ index, recordedAt, record }) => {
      const { decision, reason, by } = record
      return [{ decision, reason, by, at: formatRfc3339(recordedAt), entry: index }]
    })
    this.#rows = scorecardOf(this.#entries)
  }

  get rows(): readonly ScoreRow[] {
    return this.#rows
  }

  /** Newest last. */
  get history(): readonly ScorecardEntry[] {
    return this.#entries
  }

  /** Recorded, then in effect. Throws 404 for an unknown row, 409 for one that is there already. */
  async decide(decision: ScorecardDecision, reason: string, by: string): Promise<number> {
    const fault = scorecardFault(this.#rows, decision)
    if (fault !== undefined) throw new HttpError(decision.do === 'added' ? 409 : 404, fault)
    const { recorder, reader, clock } = this.#sources
    const { from: entry } = await recorder.appendControl({ kind: 'scorecard', decision, reason, by })
    // As the log has it, so that reading it again gives the same.
    const at = formatRfc3339(reader.control(entry)?.recordedAt ?? clock())
    this.#entries.push({ decision, reason, by, at, entry })
    this.#rows = scorecardOf(this.#entries)
    return entry
  }
}
