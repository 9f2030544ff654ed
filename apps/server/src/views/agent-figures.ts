import type { Coverage, Integrity } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { STREAMS_SHOWN } from '../limits.ts'

/** What the log says of all agents together: too many to be read on the thread that acknowledges. */
export type AgentFigures = {
  /** Entries that somebody sent; control records are our own and do not count. */
  readonly stored: number
  readonly streams: Integrity['streams']
}

/** `coverageOf` says what is folded of an agent, undefined before anything is. */
export function agentFigures(
  reader: Pick<LogReader, 'agents'>,
  coverageOf: (agent: string) => Coverage | undefined,
): AgentFigures {
  const senders = reader.agents().filter(({ channels }) => !channels.includes('control'))
  return {
    stored: senders.reduce((sum, { entries }) => sum + entries, 0),
    streams: senders.slice(0, STREAMS_SHOWN).map(({ agent, agentName, entries, lastRecordedAt, channels }) => ({
      agent,
      name: agentName,
      channel: channels.join(', '),
      lastRecorded: formatRfc3339(lastRecordedAt),
      entries,
      ...sharesOf(coverageOf(agent)),
    })),
  }
}

function sharesOf(coverage: Coverage | undefined): { readonly mappedShare: number; readonly captured: number } {
  const contents = Object.values(coverage?.contents ?? {}).reduce((sum, count) => sum + count, 0)
  const captured = (coverage?.contents.captured ?? 0) + (coverage?.contents.redacted ?? 0)
  return {
    mappedShare: coverage === undefined || coverage.entries === 0 ? 0 : coverage.mapped / coverage.entries,
    captured: contents === 0 ? 0 : captured / contents,
  }
}

/** Agents whose clocks are far from this machine's. */
export type SkewedAgents = { readonly count: number; readonly first: readonly string[] }

const AHEAD_NS = 24n * 3_600n * 1_000_000_000n
/** What is delivered late may be days old. */
const BEHIND_NS = 30n * AHEAD_NS
const SKEWED_SHOWN = 3

export function skewedAgents(reader: Pick<LogReader, 'agents'>, now: UnixNano): SkewedAgents {
  const skewed = reader.agents().filter(
    ({ channels, claimedTo, claimedFrom, lastRecordedAt }) =>
      channels.includes('otlp') &&
      // What was imported is old by right, and its times are not told apart from those of what was sent.
      (claimedTo > now + AHEAD_NS || (claimedFrom + BEHIND_NS < lastRecordedAt && !channels.includes('import'))),
  )
  return { count: skewed.length, first: skewed.slice(0, SKEWED_SHOWN).map(({ agent }) => agent) }
}
