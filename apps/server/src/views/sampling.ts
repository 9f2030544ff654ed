import { spanOrigin, type SpanOrigin } from '@holdfast/capture'
import type { AgentId, UnixNano } from '@holdfast/model'
import { RecorderError } from '@holdfast/recorder'
import { SAMPLING_BYTES, SAMPLING_CONVERSATIONS, SAMPLING_ENTRIES, SAMPLING_TRACES } from '../limits.ts'
import { decodeDoc, type TraceDoc } from './docs.ts'
import { decodeBlock } from './event-block.ts'
import { keys, lastPart } from './keys.ts'
import type { ViewSources } from './view-sources.ts'

/** What the newest spans of an agent show of spans that were never sent. */
export type SamplingSigns = {
  /** Spans of the agent that were looked at. */
  readonly spans: number
  /** Those that state that their sampler keeps a share, and the least share. */
  readonly thinned: number
  readonly leastShare?: number
  /** Traces of it that stood still for long enough, were read whole, and so should hold every parent. */
  readonly settled: number
  /** Spans in them whose parent, of the same process, is not in the trace; and in how many of the traces. */
  readonly orphans: number
  readonly orphaned: number
}

type Sources = {
  readonly reader: Pick<ViewSources['reader'], 'entry'>
  readonly store: Pick<ViewSources['store'], 'get' | 'scan'>
}

type Asked = {
  readonly agent: AgentId
  /** A trace that grew since then may still get its parents: they end, and are sent, after what ran in them. */
  readonly stillSince: UnixNano
}

/** Reads at most {@link SAMPLING_TRACES} traces of the agent's newest conversations, {@link SAMPLING_ENTRIES} entries of each. */
export function samplingSigns({ reader, store }: Sources, asked: Asked): SamplingSigns {
  const signs = { spans: 0, thinned: 0, settled: 0, orphans: 0, orphaned: 0 }
  let leastShare: number | undefined
  for (const trace of newestTraces(store, asked.agent)) {
    const read = readTrace({ reader, store }, trace)
    if (read === undefined) continue
    const own = read.origins.filter(({ agent }) => agent === asked.agent)
    signs.spans += own.length
    for (const { keptShare } of own) {
      if (keptShare === undefined) continue
      signs.thinned += 1
      leastShare = Math.min(leastShare ?? 1, keptShare)
    }
    if (!read.isWhole || BigInt(trace.lastRecorded) > asked.stillSince || own.length === 0) continue
    const orphans = own.filter(({ localParent }) => localParent !== undefined && !read.spans.has(localParent)).length
    signs.settled += 1
    signs.orphans += orphans
    if (orphans > 0) signs.orphaned += 1
  }
  return { ...signs, ...(leastShare === undefined ? {} : { leastShare }) }
}

function newestTraces(store: Sources['store'], agent: AgentId): readonly TraceDoc[] {
  const conversations = store.scan({ prefix: keys.recentsOfAgent(agent), limit: SAMPLING_CONVERSATIONS })
  const found = new Map<string, TraceDoc>()
  for (const [key] of conversations)
    for (const [member] of store.scan({ prefix: keys.members(lastPart(key)), limit: SAMPLING_TRACES })) {
      const bytes = store.get(keys.trace(lastPart(member)))
      const doc = bytes === undefined ? undefined : decodeDoc<TraceDoc>(bytes)
      if (doc?.agents.some(([id]) => id === agent)) found.set(doc.key, doc)
      if (found.size === SAMPLING_TRACES) return [...found.values()]
    }
  return [...found.values()]
}

type ReadTrace = {
  readonly origins: readonly (SpanOrigin & { readonly agent: AgentId })[]
  /** Every span of the trace that anybody told of. */
  readonly spans: ReadonlySet<string>
  readonly isWhole: boolean
}

/** Undefined where its content lies in cold storage that is not attached. */
function readTrace({ reader, store }: Sources, { key, entries }: TraceDoc): ReadTrace | undefined {
  const isWhole = entries <= SAMPLING_ENTRIES
  // Of a longer one the first records are enough to see what it states.
  const blocks = store.scan({ prefix: keys.eventsOfTrace(key), limit: isWhole ? SAMPLING_ENTRIES : 1 })
  const rows = blocks.values().flatMap(([, block]) => decodeBlock(block))
  const origins: (SpanOrigin & { readonly agent: AgentId })[] = []
  const spans = new Set<string>()
  let bytes = 0
  try {
    for (const { entry: index, events } of rows.take(SAMPLING_ENTRIES)) {
      for (const { context } of events) if (context.span !== undefined) spans.add(context.span)
      const entry = reader.entry(index)
      bytes += entry?.body?.length ?? 0
      if (bytes > SAMPLING_BYTES) return { origins, spans, isWhole: false }
      const origin = entry === undefined ? undefined : spanOrigin(entry)
      if (entry === undefined || origin === undefined) continue
      if (origin.span !== undefined) spans.add(origin.span)
      origins.push({ ...origin, agent: entry.envelope.agent })
    }
  } catch (error) {
    if (!(error instanceof RecorderError) || error.code !== 'cold') throw error
    return undefined
  }
  return { origins, spans, isWhole }
}
