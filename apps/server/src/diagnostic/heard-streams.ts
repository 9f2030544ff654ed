import { setImmediate as turn } from 'node:timers/promises'
import type { Channel, UnixNano } from '@holdfast/model'
import { streamOf, type HeardStream } from '@holdfast/reconcile'
import type { LogReader, SegmentSummary } from '@holdfast/recorder'
import { SEGMENTS_PER_TURN } from './limits.ts'

/** A time of the log: which entries were recorded in it, and by which streams. */
export type HeardWindow = {
  readonly entries: { readonly from: number; readonly to: number }
  readonly streams: readonly HeardStream[]
}

type Counted = { agent: string; name: string; channel: Channel; entries: number; readonly hours: Set<number> }

/** Counts by summary alone: no content is opened, and others have their turn meanwhile. */
export async function heardBetween(
  reader: Pick<LogReader, 'segments' | 'size'>,
  from: UnixNano,
  to: UnixNano,
): Promise<HeardWindow> {
  const first = firstSince(reader, from)
  const streams = new Map<string, Counted>()
  let next = first
  for (;;) {
    const segments = reader.segments({ from: next, limit: SEGMENTS_PER_TURN })
    for (const segment of segments) {
      // A clock that went back is told of by a gap; the day goes on until its end was passed.
      if (segment.recordedAt >= to)
        return { entries: { from: first, to: next }, streams: [...streams.values()].map(told) }
      if (segment.recordedAt >= from) count(streams, segment)
      next = segment.first + segment.count
    }
    if (segments.length < SEGMENTS_PER_TURN)
      return { entries: { from: first, to: next }, streams: [...streams.values()].map(told) }
    await turn()
  }
}

function count(
  streams: Map<string, Counted>,
  { agent, agentName, channel, count: entries, recordedAt }: SegmentSummary,
) {
  const stream = streamOf(channel, agent)
  if (stream === undefined) return
  const key = `${channel} ${stream.agent}`
  const known = streams.get(key) ?? {
    agent: stream.agent,
    name: stream.agent === '' ? channel : agentName,
    channel,
    entries: 0,
    hours: new Set<number>(),
  }
  known.entries += entries
  known.hours.add(Number((recordedAt / HOUR_NS) % 24n))
  streams.set(key, known)
}

function told({ hours, ...stream }: Counted): HeardStream {
  return { ...stream, hours: [...hours].toSorted((a, b) => a - b) }
}

/** The first entry from which on everything was recorded since then, found without reading what is older. */
function firstSince(reader: Pick<LogReader, 'segments' | 'size'>, since: UnixNano): number {
  let low = 0
  let high = reader.size()
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [segment] = reader.segments({ from: middle, limit: 1 })
    if (segment === undefined || segment.recordedAt >= since) high = middle
    else low = segment.first + segment.count
  }
  return low
}

const HOUR_NS = 3_600_000_000_000n
