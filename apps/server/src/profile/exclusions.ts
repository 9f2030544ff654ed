import type { Exclusion } from '@holdfast/observe'
import { parseRfc3339 } from '@holdfast/model'
import type { MarkDoc } from './docs.ts'

/** An operator's mark with what became of it. */
export type Mark = MarkDoc & { readonly state: 'active' | 'lifted' }

/** Marks in the order of the log; one that a later record lifts is kept and shown as lifted. */
export function marksOf(docs: readonly MarkDoc[]): readonly Mark[] {
  const liftedAt = new Map(docs.flatMap(({ mark, markId, entry }) => (mark === 'lifted' ? [[markId, entry]] : [])))
  return docs
    .filter(({ mark }) => mark !== 'lifted')
    .toSorted((a, b) => a.entry - b.entry)
    .map((doc) => ({ ...doc, state: (liftedAt.get(doc.markId) ?? -1) > doc.entry ? 'lifted' : 'active' }))
}

/** What active marks take out of a profile. A rebuild begins anew where it says, else when it was recorded. */
export function exclusionsOf(marks: readonly Mark[]): readonly Exclusion[] {
  return marks.flatMap(({ mark, markId, state, from, to, positions, recordedAt }): readonly Exclusion[] => {
    if (state === 'lifted') return []
    if (mark === 'rebuild') return [{ markId, to: timeOf(from) ?? BigInt(recordedAt), positions: [] }]
    const [start, end] = [timeOf(from), timeOf(to)]
    return [
      {
        markId,
        ...(start === undefined ? {} : { from: start }),
        ...(end === undefined ? {} : { to: end }),
        positions: positions ?? [],
      },
    ]
  })
}

function timeOf(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : parseRfc3339(text)
}
