import { isIdentityKey, joinsOf, memoryKey } from '@holdfast/detect'
import { CONTROL_AGENT, type EventSummary } from '@holdfast/model'
import { foldControl } from '../detector/decisions.ts'
import { encode } from '../inventory/docs.ts'
import type { FoldInput } from '../views/fold-input.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import { traceKeyOf } from '../views/keys.ts'
import type { Projection } from '../views/projection.ts'
import { keys } from './keys.ts'
import { LatePast, noteDecision } from './late-past.ts'
import { noteItemWrite, noteReport } from './reports.ts'
import { noteRetrieval } from './retrievals.ts'

/**
 * What changed and what belongs together; verdicts are added in quiet moments (judge.ts). The version rises with the
 * detectors too, so that what an older one said is judged anew.
 */
export const incidentsProjection: Projection = { name: 'incidents', version: 16, fold: foldIncidents }

/** Where a memory record was written, as kept. */
export type WriteDoc = { readonly event: string; readonly entry: number; readonly trace: string }

const NOTHING = new Uint8Array(0)

/** Marks the traces of a batch as changed and notes what joins them. No text is read here, so that folding stays quick. */
function foldIncidents(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const puts = new Map<string, Uint8Array>()
  const late = new LatePast(puts, reader)
  for (const { entry, events } of inputs) {
    const [first] = events
    if (first === undefined) continue
    if (entry.envelope.agent === CONTROL_AGENT) {
      noteReport({ puts, reader }, first)
      noteDecision(puts, first)
      foldControl(puts, first)
      continue
    }
    const trace = traceKeyOf(first)
    puts.set(keys.changed(first.agent.id, trace), encode(entry.index))
    for (const event of events) {
      noteEvent(puts, trace, event)
      noteRetrieval({ puts, reader }, event)
      late.note(event)
    }
  }
  return { puts: [...puts].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)), deletes: [] }
}

function noteEvent(puts: Map<string, Uint8Array>, trace: string, event: EventSummary): void {
  const { body, context } = event
  if (body.kind === 'memory' && body.operation !== 'read' && body.record !== undefined) {
    const doc: WriteDoc = { event: event.id, entry: event.entry, trace }
    puts.set(keys.write(memoryKey(body), event.id), encode(doc))
    noteItemWrite(puts, event, doc)
  }
  if (body.kind !== 'delegation' && (context.links?.length ?? 0) === 0) return
  for (const key of joinsOf(event)) {
    // What an identity joins is looked up among what was judged (case-files.ts).
    if (key === `trace:${trace}` || isIdentityKey(key)) continue
    puts.set(keys.join(key, trace), NOTHING)
    puts.set(keys.joinOf(trace, key), NOTHING)
  }
}
