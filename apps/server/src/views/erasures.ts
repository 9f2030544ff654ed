import { formatRfc3339, type EventSummary } from '@holdfast/model'
import type { ControlEntry, LogReader } from '@holdfast/recorder'
import { ownConversation } from './keys.ts'

/** Which record of the log tells of the erasure of an event, and when that was: the first of its agent after it. */
export function erasuresIn(reader: LogReader): (event: EventSummary) => string | undefined {
  let done: readonly (ControlEntry & { readonly agent: string })[] | undefined
  return ({ agent, entry }) => {
    done ??= reader.controls('operator-action').flatMap((control) => {
      const { record } = control
      if (record.action !== 'erase-content' || record.outcome !== 'done') return []
      // The target is agent, data class and retention; an agent's name may have blanks in it.
      return [{ ...control, agent: record.target.split(' ').slice(0, -2).join(' ') }]
    })
    const by = done.find((erasure) => erasure.agent === agent.id && erasure.index > entry)
    return by === undefined ? undefined : `at ${formatRfc3339(by.recordedAt)}, as log entry ${by.index} says`
  }
}

/**
 * The id under which what is left of an erased conversation or trace stands; undefined where none of that name was
 * erased. Its name went with its content, but the log's index still knows which segments were posted under it.
 */
export function erasedName(reader: LogReader, id: string): string | undefined {
  for (const term of [`conversation:${id}`, `trace:${id}`]) {
    for (const first of reader.segmentsWithTerm(term)) {
      const summary = reader.segment(first)?.summary
      if (summary?.erased === true) return ownConversation(`erased~${summary.agent}`)
    }
  }
  return undefined
}
