import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentDetail, Answer, Integrity } from '@holdfast/api'
import { formatRfc3339, type AgentId, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { checkpointOf } from './http/log-routes.ts'
import type { PolicyStore } from './capture-policy.ts'
import type { GapCounter } from './gap-counter.ts'
import type { IntegrityLedger } from './integrity-ledger.ts'
import { STREAMS_SHOWN } from './limits.ts'
import type { ViewsClient } from './views/client.ts'

export type IntegritySources = {
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: ViewsClient
  readonly policy: PolicyStore
  readonly gaps: GapCounter
  readonly ledger: IntegrityLedger
  readonly folder: string
  readonly clock: () => UnixNano
  readonly parseAgent: (text: string) => AgentId | undefined
  /** Under which keys received content stands. */
  readonly contentScope: { readonly dataClass: string; readonly retention: string }
}

/** What can be trusted and what is missing: the integrity page. */
export async function integrityOf(sources: IntegritySources): Promise<Integrity> {
  const { recorder, ledger, views, policy, clock } = sources
  const stats = recorder.stats()
  const checkpoint = checkpointOf(recorder.checkpoint())
  await ledger.catchUp(clock())
  const inForce = policy.current()
  const folderBytes = await sizeOf(sources.folder)
  const bytesPerDay = ledger.bytesPerDay(clock())
  return {
    size: recorder.size,
    rootHash: recorder.rootHash(),
    checkpoint,
    checkpointAgeMs: Number(clock() - stats.lastCheckpoint.signedAt) / 1e6,
    publicKey: recorder.publicKey(),
    gaps: [...ledger.newestGaps],
    gapsTotal: ledger.totals.gaps,
    counts: countsOf(sources),
    disk: {
      folderBytes,
      rawBytes: stats.rawBytes,
      freeBytes: stats.disk.freeBytes,
      totalBytes: stats.disk.totalBytes,
      // Days until the disk is full.
      ...(bytesPerDay === undefined ? {} : { runwayDays: stats.disk.freeBytes / bytesPerDay }),
    },
    projection: { cursor: views.cursor, lag: Math.max(0, recorder.size - views.cursor) },
    streams: await streamsOf(sources),
    ...(inForce === undefined
      ? {}
      : { policy: { name: inForce.name, senders: inForce.senders, content: inForce.content } }),
  }
}

/** Sent = stored + refused + lost, with repeats beside it. Control records are ours and do not count. */
function countsOf({ recorder, reader, ledger }: IntegritySources): Integrity['counts'] {
  const controls = reader
    .agents()
    .filter(({ channels }) => channels.includes('control'))
    .reduce((sum, { entries }) => sum + entries, 0)
  const stored = recorder.size - controls
  const { refused, lost } = ledger.totals
  const { duplicates } = recorder.stats()
  return { received: stored + refused + lost + duplicates, stored, refused, lost, duplicates }
}

async function streamsOf({ views, reader }: IntegritySources): Promise<Integrity['streams']> {
  const agents = reader
    .agents()
    .filter(({ channels }) => !channels.includes('control'))
    .slice(0, STREAMS_SHOWN)
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

/** Asks for one file after the other, without holding the thread. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const file of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!file.isFile()) continue
    // A file that has gone meanwhile takes no room.
    const found = await stat(join(file.parentPath, file.name)).catch(() => undefined)
    bytes += found?.size ?? 0
  }
  return bytes
}
