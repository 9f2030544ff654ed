import { type PersonsReport, reportedSignals } from '@holdfast/detect'
import type { AgentId, ConversationId, EventId, EventSummary, IncidentType, Signal, UnixNano } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import type { KeyReader } from '../views/fold.ts'
import type { WriteDoc } from './fold-incidents.ts'
import { keys } from './keys.ts'
import { REPORTS_LOOKED, REPORTS_READ, WRITES_READ } from './limits.ts'
import { retrievedBy } from './retrievals.ts'

/** A person's report as the fold keeps it, with the place of the record that holds it. */
type ReportDoc = {
  readonly reportId: string
  readonly agent: string
  readonly type: IncidentType
  readonly reason: string
  readonly by: string
  readonly event: string
  readonly entry: number
  readonly at: string
}

/** Where a report stands: its conversation, and its place in the log. */
type ReportPlace = { readonly conversation: string; readonly entry: number }

/** What a report is about. */
export type ReportedCase = {
  readonly agent: AgentId
  readonly conversation: string
  readonly type: IncidentType
}

/** Notes a report, and that its conversation is to be judged. What takes one back stands with it, whatever it names. */
export function noteReport(
  { puts, reader }: { readonly puts: Map<string, Uint8Array>; readonly reader: Pick<KeyReader, 'get'> },
  { id, entry, recordedAt, body }: EventSummary,
): void {
  if (body.kind !== 'control' || body.record.kind !== 'incident-report') return
  const { kind: _kind, do: done, conversation: named, ...report } = body.record
  const place = keys.reported(report.reportId)
  const known = done === 'withdrawn' ? (puts.get(place) ?? reader.get(place)) : undefined
  const conversation = known === undefined ? named : decode<ReportPlace>(known).conversation
  puts.set(keys.changed(report.agent, conversation), encode(entry))
  if (done === 'withdrawn') {
    puts.set(keys.withdrawn(report.reportId), encode(entry))
    return
  }
  const doc: ReportDoc = { ...report, event: id, entry, at: recordedAt.toString() }
  puts.set(keys.report(conversation, entry), encode(doc))
  puts.set(place, encode({ conversation, entry } satisfies ReportPlace))
}

/** Signals of what persons reported of these conversations, without what they took back. */
export function reportSignals(
  store: Pick<ProjectionStore, 'get' | 'scan'>,
  conversations: readonly string[],
): readonly Signal[] {
  return conversations.flatMap((conversation): readonly Signal[] =>
    openReports(store, conversation).flatMap((doc) =>
      reportedSignals([reportOf(doc)], {
        conversation: conversation as ConversationId, // the workspace's own id of it
        retrieved: retrievedBy(store, doc.agent, BigInt(doc.at)),
        writesOf: (origin) => writesOf(store, origin),
      }),
    ),
  )
}

/** Reports of a conversation that were not taken back, the first of them. */
function openReports(store: Pick<ProjectionStore, 'get' | 'scan'>, conversation: string): readonly ReportDoc[] {
  const open: ReportDoc[] = []
  let looked = 0
  for (let after: string | undefined; open.length < REPORTS_READ && looked < REPORTS_LOOKED;) {
    const rows = store.scan({
      prefix: keys.reportsOf(conversation),
      limit: REPORTS_READ,
      ...(after === undefined ? {} : { after }),
    })
    looked += rows.length
    for (const [key, bytes] of rows) {
      after = key
      const doc = decode<ReportDoc>(bytes)
      const withdrawn = store.get(keys.withdrawn(doc.reportId))
      if (withdrawn === undefined || decode<number>(withdrawn) < doc.entry) open.push(doc)
    }
    if (rows.length < REPORTS_READ) break
  }
  return open.slice(0, REPORTS_READ)
}

/** What was reported under an id, with the conversation that it is of; undefined where nothing was. */
export function reportOfId(store: Pick<ProjectionStore, 'get'>, id: string): ReportedCase | undefined {
  const known = store.get(keys.reported(id))
  if (known === undefined) return undefined
  const { conversation, entry } = decode<ReportPlace>(known)
  const bytes = store.get(keys.report(conversation, entry))
  if (bytes === undefined) return undefined
  const { agent, type } = decode<ReportDoc>(bytes)
  return { conversation, agent: agent as AgentId, type } // the agent's id as the report's record has it
}

function reportOf({ agent, type, reason, by, event, entry, at }: ReportDoc): PersonsReport {
  // Written by noteReport from a record and its event.
  return { agent: agent as AgentId, type, reason, by, event: event as EventId, entry, at: BigInt(at) as UnixNano }
}

/** Writes of an item of a corpus, in whatever store it has that id. */
function writesOf(
  store: Pick<ProjectionStore, 'scan'>,
  origin: string,
): readonly { readonly event: EventId; readonly entry: number }[] {
  return store
    .scan({ prefix: keys.itemWrites(origin), limit: WRITES_READ })
    .map(([, bytes]) => decode<WriteDoc>(bytes))
    .map(({ event, entry }) => ({ event: event as EventId, entry })) // the fold's own note of an event
}

/** A write of a record, by the record's own id, whatever its store. */
export function noteItemWrite(puts: Map<string, Uint8Array>, { id, body }: EventSummary, doc: WriteDoc): void {
  if (body.kind === 'memory' && body.record !== undefined) puts.set(keys.itemWrite(body.record, id), encode(doc))
}
