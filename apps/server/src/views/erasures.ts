import { formatRfc3339, type EventSummary, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { ownConversation } from './keys.ts'

/** Texts of an agent were erased; `entry` is the record that says it is done. */
export type ErasedTexts = { readonly agent: string; readonly entry: number; readonly at: UnixNano }

/** Every erasure that was carried out, in the order of the log. */
export function erasedTexts(reader: Pick<LogReader, 'eachControl'>): readonly ErasedTexts[] {
  const erased: ErasedTexts[] = []
  for (const { record, index, recordedAt } of reader.eachControl('operator-action')) {
    if (record.action !== 'erase-content' || record.outcome !== 'done') continue
    // The target is agent, data class and retention; an agent's name may have blanks in it.
    const agent = record.target.split(' ').slice(0, -2).join(' ')
    erased.push({ agent, entry: index, at: recordedAt })
  }
  return erased
}

/** Which record of the log tells of the erasure of an event, and when that was: the first of its agent after it. */
export function erasuresIn(reader: Pick<LogReader, 'eachControl'>): (event: EventSummary) => string | undefined {
  let done: readonly ErasedTexts[] | undefined
  return ({ agent, entry }) => {
    done ??= erasedTexts(reader)
    const by = done.find((erased) => erased.agent === agent.id && erased.entry > entry)
    return by === undefined ? undefined : `at ${formatRfc3339(by.at)}, as log entry ${by.entry} says`
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
