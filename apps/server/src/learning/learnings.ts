import type { RuleSource } from '@holdfast/detect'
import type { LearnedChange, LearningRecord, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'

/** One change that an incident taught, as its records leave it. */
export type Learning = {
  readonly id: string
  readonly incident: string
  readonly change: LearnedChange
  /** `proposed` only between two records: what was proposed is held against its replay at once. */
  readonly state: 'proposed' | 'verified' | 'refused' | 'applied' | 'withdrawn'
  /** It was held against its replay and accepted: without that its rule is not in force, whatever was applied of it. */
  readonly isVerified: boolean
  /** As JSON; absent before it was verified. */
  readonly figures?: string
  readonly reason: string
  readonly by: string
  readonly at: UnixNano
  /** Log position of the record that holds the change, and of the latest. */
  readonly proposedAt: number
  readonly entry: number
}

/** What incidents taught, in the order of the log. A step of a change that nobody proposed changes nothing. */
export function learningsIn(reader: Pick<LogReader, 'controls'>): readonly Learning[] {
  const found = new Map<string, Learning>()
  for (const { record, index, recordedAt } of reader.controls('learning'))
    note(found, record, { entry: index, at: recordedAt })
  return [...found.values()]
}

function note(
  found: Map<string, Learning>,
  record: LearningRecord,
  where: { readonly entry: number; readonly at: UnixNano },
): void {
  const { learning: id, incident, reason, by } = record
  const known = found.get(id)
  if (record.do === 'proposed') {
    if (known === undefined)
      found.set(id, {
        id,
        incident,
        change: record.change,
        state: 'proposed',
        isVerified: false,
        reason,
        by,
        proposedAt: where.entry,
        ...where,
      })
    return
  }
  if (known === undefined) return
  const figures = 'figures' in record ? { figures: record.figures } : {}
  const isVerified = record.do === 'verified' || (known.isVerified && record.do !== 'refused')
  found.set(id, { ...known, ...figures, state: record.do, isVerified, reason, by, ...where })
}

/** Rules that incidents taught and that are in force: verified and applied. */
export function learnedRules(learnings: readonly Learning[]): readonly RuleSource[] {
  return learnings.flatMap(({ state, isVerified, change: { rule } }) =>
    state === 'applied' && isVerified && rule !== undefined
      ? [{ name: rule.name, file: `${rule.name}/rule.yml (learned)`, text: rule.text }]
      : [],
  )
}
