import type { TimelineMoment } from '@holdfast/api'

/** Moments in a row that say the same, as one. */
export type TimelineRow = TimelineMoment & { readonly times: number; readonly until: string }

/** Folds what one actor did again and again without anything between: a chain of thirty equal calls is one line with its number. */
export function timelineRows(moments: readonly TimelineMoment[]): readonly TimelineRow[] {
  const rows: TimelineRow[] = []
  for (const moment of moments) {
    const before = rows.at(-1)
    const isSame =
      before !== undefined &&
      moment.annotation === undefined &&
      before.kind === moment.kind &&
      before.about === moment.about &&
      before.who === moment.who &&
      before.words === moment.words
    if (!isSame) rows.push({ ...moment, times: 1, until: moment.at })
    else
      rows[rows.length - 1] = {
        ...before,
        times: before.times + 1,
        until: moment.at,
        entries: [...before.entries, ...moment.entries],
      }
  }
  return rows
}

/** How many moments each kind of actor has. */
export function countsByKind(moments: readonly TimelineMoment[]): ReadonlyMap<TimelineMoment['kind'], number> {
  const counts = new Map<TimelineMoment['kind'], number>()
  for (const { kind } of moments) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}
