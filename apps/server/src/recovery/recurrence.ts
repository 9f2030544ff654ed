import type { IncidentRowWire, RecoveringAgent } from '@holdfast/api'
import { parseRfc3339, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { RECURRENCES_SHOWN } from './limits.ts'

/** When an agent came back. */
type Return = {
  /** Log position of the word that it runs in monitoring. */
  readonly entry: number
  /** From when on its profile counts anew, where that was rebuilt. */
  readonly rebuilt?: UnixNano | undefined
  /** False for a history that was imported: what it claims is its time, and the log's is another. */
  readonly isLive: boolean
}

type Recurrences = {
  readonly recurrences: number
  readonly recurred: NonNullable<RecoveringAgent['recurred']>
}

type Row = Pick<IncidentRowWire, 'id' | 'lastActEntry' | 'lastActClaimed'>

/**
 * What came back: incidents and attempts of which an act was logged after the agent did, whatever the act claims of its time. The
 * incident that the agent comes back from is one of them as soon as it goes on: an act that is appended to it is no less an act.
 * Where the profile was rebuilt as of an earlier time, what was logged since then counts as well; of a history what claims to be.
 *
 * @param rows incidents and attempts of the type that the agent takes part in
 */
export function recurrencesOf(
  rows: readonly Row[],
  { entry: returned, rebuilt, isLive }: Return,
  reader: Pick<LogReader, 'entry'>,
): Recurrences {
  const again = rows.filter(({ lastActEntry, lastActClaimed }) => {
    if (lastActEntry > returned) return true
    if (rebuilt === undefined) return false
    // What persons alone tell of claims no time of its own.
    if (!isLive) return lastActClaimed !== undefined && (parseRfc3339(lastActClaimed) ?? rebuilt) >= rebuilt
    // What cannot be read is not taken for something from before.
    return (reader.entry(lastActEntry)?.recordedAt ?? rebuilt) >= rebuilt
  })
  return {
    recurrences: again.length,
    recurred: again
      .toSorted((a, b) => b.lastActEntry - a.lastActEntry)
      .slice(0, RECURRENCES_SHOWN)
      .map(({ id, lastActEntry, lastActClaimed }) => ({
        incident: id,
        entry: lastActEntry,
        ...(lastActClaimed === undefined ? {} : { at: lastActClaimed }),
      })),
  }
}
