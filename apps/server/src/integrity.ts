import { statSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentDetail, Answer, Gap, Integrity } from '@holdfast/api'
import { formatRfc3339, type AgentId, type UnixNano } from '@holdfast/model'
import type { ControlEntry, LogReader, Recorder } from '@holdfast/recorder'
import { checkpointOf } from './http/log-routes.ts'
import type { PolicyStore } from './capture-policy.ts'
import type { GapCounter } from './gap-counter.ts'
import type { ViewsClient } from './views/client.ts'

export type IntegritySources = {
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: ViewsClient
  readonly policy: PolicyStore
  readonly gaps: GapCounter
  readonly folder: string
  readonly clock: () => UnixNano
  readonly parseAgent: (text: string) => AgentId | undefined
  /** Under which keys received content stands. */
  readonly contentScope: { readonly dataClass: string; readonly retention: string }
}

const DAY_NS = 86_400_000_000_000n
const STREAMS = 200
const GAPS_SHOWN = 100

/** What can be trusted and what is missing: the integrity page. */
export async function integrityOf(sources: IntegritySources): Promise<Integrity> {
  const { recorder, reader, views, policy, clock } = sources
  const stats = recorder.stats()
  const checkpoint = checkpointOf(recorder.checkpoint())
  const gaps = reader.gaps()
  const inForce = policy.current()
  const folderBytes = sizeOf(sources.folder)
  return {
    size: recorder.size,
    rootHash: recorder.rootHash(),
    checkpoint,
    checkpointAgeMs: Number(clock() - stats.lastCheckpoint.signedAt) / 1e6,
    publicKey: recorder.publicKey(),
    gaps: gaps.slice(-GAPS_SHOWN).toReversed().flatMap(gapOf),
    gapsTotal: gaps.length,
    counts: countsOf(sources, gaps),
    disk: {
      folderBytes,
      rawBytes: stats.rawBytes,
      freeBytes: stats.disk.freeBytes,
      totalBytes: stats.disk.totalBytes,
      ...runwayOf(reader, { freeBytes: stats.disk.freeBytes, now: clock() }),
    },
    projection: { cursor: views.cursor, lag: Math.max(0, recorder.size - views.cursor) },
    streams: await streamsOf(sources),
    ...(inForce === undefined
      ? {}
      : { policy: { name: inForce.name, senders: inForce.senders, content: inForce.content } }),
  }
}

/** Sent = stored + refused + lost, with repeats beside it. Control records are ours and do not count. */
function countsOf({ recorder, reader }: IntegritySources, gaps: readonly ControlEntry[]): Integrity['counts'] {
  const controls = reader
    .agents()
    .filter(({ channels }) => channels.includes('control'))
    .reduce((sum, { entries }) => sum + entries, 0)
  const stored = recorder.size - controls
  let refused = 0
  let lost = 0
  for (const { record } of gaps) {
    if (record.kind !== 'gap') continue
    if (record.reason === 'lost-on-crash') lost += record.records ?? 0
    else refused += record.records ?? 0
  }
  const { duplicates } = recorder.stats()
  return { received: stored + refused + lost + duplicates, stored, refused, lost, duplicates }
}

function gapOf({ index, record }: ControlEntry): Gap[] {
  if (record.kind !== 'gap') return []
  const { kind: _kind, ...rest } = record
  return [{ entry: index, ...rest }]
}

/** Days until the disk is full at the rate of the last 24 hours. */
function runwayOf(
  reader: LogReader,
  { freeBytes, now }: { readonly freeBytes: number; readonly now: UnixNano },
): { readonly runwayDays?: number } {
  const since = (now > DAY_NS ? now - DAY_NS : 0n) as UnixNano // zero and what is below a UnixNano are UnixNano
  const segments = reader.segments({ recordedFrom: since })
  const first = segments[0]
  const stored = segments.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  if (first === undefined || stored === 0) return {}
  const days = Math.max(1 / 24, Number(now - first.recordedAt) / Number(DAY_NS))
  return { runwayDays: freeBytes / (stored / days) }
}

async function streamsOf({ views, reader }: IntegritySources): Promise<Integrity['streams']> {
  const agents = reader
    .agents()
    .filter(({ channels }) => !channels.includes('control'))
    .slice(0, STREAMS)
  return Promise.all(
    agents.map(async ({ agent, agentName, entries, lastRecordedAt, channels }) => {
      const coverage = await coverageOf(views, agent)
      const contents = Object.values(coverage?.contents ?? {}).reduce((sum, count) => sum + count, 0)
      const captured = (coverage?.contents.captured ?? 0) + (coverage?.contents.redacted ?? 0)
      return {
        agent,
        name: agentName,
        channel: channels.join(', '),
        lastRecorded: formatRfc3339(lastRecordedAt),
        entries,
        mappedShare: coverage === undefined || coverage.entries === 0 ? 0 : coverage.mapped / coverage.entries,
        captured: contents === 0 ? 0 : captured / contents,
      }
    }),
  )
}

async function coverageOf(views: ViewsClient, agent: AgentId): Promise<AgentDetail['coverage'] | undefined> {
  try {
    const detail = JSON.parse(await views.ask('getAgent', { agent })) as Answer<'getAgent'> // the route's own answer
    return detail.coverage
  } catch {
    // Not folded yet: the stream is shown without coverage.
    return undefined
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + (statSync(join(file.parentPath, file.name), { throwIfNoEntry: false })?.size ?? 0), 0)
}
