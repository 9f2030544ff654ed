import type { EventSummary } from '@holdfast/model'

import type { Item } from './evidence-view.ts'
import { ERASED_REMEDY } from './remedies.ts'

/** Says of an erased event when it was erased and by which record of the log; undefined where that is not known. */
export type ErasureOf = (event: EventSummary) => string | undefined

/** Erased records may have held any artifact, so each of them misses them all. */
export function erasedItems(events: readonly EventSummary[], erasureOf: ErasureOf): readonly Item[] {
  const erased = events.filter(({ source }) => source.dialect === 'erased')
  return erased.map((event): Item => {
    const by = erasureOf(event)
    return {
      item: event.id,
      kind: event.body.kind,
      state: 'not-captured',
      value: 0,
      bytes: 0,
      reason: by === undefined ? 'it was erased' : `it was erased ${by}`,
      remedy: ERASED_REMEDY,
    }
  })
}
