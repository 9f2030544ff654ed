import { normalise } from '@holdfast/capture'
import type { Event, LogEntry, ProcessKey, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { HarmGround } from '@holdfast/respond'
import { ENTRIES_OF_TRACE, TRACES_LOOKED_AT } from './limits.ts'

export type EndOfActs = HarmGround & { readonly at: UnixNano; readonly ends: readonly UnixNano[] }

/**
 * When what acted in these traces was over: the span at the root of each came to its end, and so did every process that was seen
 * in it. Undefined where the log does not say so of one of them, or holds more than is looked at.
 */
export function endOfActs(reader: Pick<LogReader, 'withTerm'>, traces: readonly string[]): EndOfActs | undefined {
  if (traces.length === 0 || traces.length > TRACES_LOOKED_AT) return undefined
  const ends: { readonly at: UnixNano; readonly entry: number }[] = []
  for (const trace of traces) {
    const end = endOfTrace(reader.withTerm(`trace:${trace}`), trace)
    if (end === undefined) return undefined
    ends.push(end)
  }
  const at = ends.reduce((latest, end) => (end.at > latest ? end.at : latest), ends[0]?.at ?? (0n as UnixNano)) // 0 is a time
  return {
    at,
    ends: ends.map((end) => end.at),
    words: 'the end of what did it, by the clock of who told of it',
    basis: 'inferred',
    entries: ends.map(({ entry }) => entry),
  }
}

function endOfTrace(entries: Iterable<LogEntry>, trace: string): { at: UnixNano; entry: number } | undefined {
  let end: { at: UnixNano; entry: number } | undefined
  const alive = new Set<ProcessKey>()
  const note = (at: UnixNano, entry: number): void => {
    if (end === undefined || at > end.at) end = { at, entry }
  }
  let read = 0
  for (const entry of entries) {
    if (++read > ENTRIES_OF_TRACE) return undefined
    for (const event of normalise(entry).events) {
      if (event.context.trace !== trace) continue
      const { process } = event.context
      if (process !== undefined) {
        if (isExit(event)) {
          alive.delete(process)
          note(event.claimedAt, event.entry)
        } else alive.add(process)
      } else if (event.context.parentSpan === undefined && event.claimedUntil !== undefined)
        note(event.claimedUntil, event.entry)
    }
  }
  return alive.size > 0 ? undefined : end
}

function isExit({ body }: Event): boolean {
  return body.kind === 'process' && body.action === 'exit'
}
