import type { Integrity } from '@holdfast/api'
import type { AgentId, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { checkpointOf } from './http/log-routes.ts'
import { diskUseOf, runwayOf } from './disk-use.ts'
import type { PolicyStore } from './capture-policy.ts'
import type { GapCounter } from './gap-counter.ts'
import type { IntegrityLedger } from './integrity-ledger.ts'
import { agentFigures, type AgentFigures } from './views/agent-figures.ts'
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
  const { stored, streams } = await figuresOf(sources)
  const inForce = policy.current()
  const use = await diskUseOf(sources.folder)
  const { freeBytes, totalBytes, neededBytes } = stats.disk
  return {
    size: recorder.size,
    rootHash: recorder.rootHash(),
    checkpoint,
    checkpointAgeMs: Number(clock() - stats.lastCheckpoint.signedAt) / 1e6,
    publicKey: recorder.publicKey(),
    gaps: [...ledger.newestGaps],
    gapsTotal: ledger.totals.gaps,
    counts: countsOf(sources, stored),
    disk: {
      folderBytes: use.log + use.projections + use.other,
      logBytes: use.log,
      projectionBytes: use.projections,
      rawBytes: stats.rawBytes,
      freeBytes,
      totalBytes,
      ...runwayOf(freeBytes - neededBytes, use, ledger.storeRate(clock())),
    },
    projection: { cursor: views.cursor, lag: Math.max(0, recorder.size - views.cursor), reach: views.reach },
    streams,
    ...(inForce === undefined
      ? {}
      : { policy: { name: inForce.name, senders: inForce.senders, content: inForce.content } }),
  }
}

/** Sent = stored + refused + lost, with repeats beside it. */
function countsOf({ recorder, ledger }: IntegritySources, stored: number): Integrity['counts'] {
  const { refused, lost } = ledger.totals
  const { duplicates } = recorder.stats()
  return { received: stored + refused + lost + duplicates, stored, refused, lost, duplicates }
}

async function figuresOf({ views, reader }: IntegritySources): Promise<AgentFigures> {
  try {
    return JSON.parse(await views.ask('getIntegrity', {})) as AgentFigures // what Views answers to this question
  } catch {
    // A projection that stopped keeps nobody from seeing what is recorded: only the coverage is missing then.
    return agentFigures(reader, () => undefined)
  }
}
