import { CONTROL_AGENT, type EventSummary } from '@holdfast/model'
import { executionOf } from '@holdfast/observe'
import type { Act } from '@holdfast/reconcile'
import type { FoldInput } from '../views/fold-input.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import { DriftBatch } from './drift-batch.ts'
import { CLOCK_NANOS } from './limits.ts'
import { statedParts } from './stated-parts.ts'

/**
 * Folds entries into executions, recorded changes and people's verdicts: a pure function, the same in whatever order entries
 * arrive, log positions apart. What is a change is judged when it is asked for.
 */
export function foldDrift(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const batch = new DriftBatch(reader)
  for (const input of inputs) foldEntry(batch, input)
  return batch.output()
}

function foldEntry(batch: DriftBatch, { entry, events, observed }: FoldInput): void {
  const { clock } = entry.envelope
  for (const [i, event] of events.entries()) {
    if (event.body.kind === 'control') foldDecision(batch, event)
    if (event.agent.id === CONTROL_AGENT) continue
    if (event.body.kind === 'change') batch.addChange(event, event.body)
    if (event.body.kind === 'declaration') batch.addDocument(event, event.body.document, statedParts(event.body))
    const { claimedAt } = event
    // Only a batch may claim another time than ours: a live source whose clock is wrong must not make days up.
    if (claimedAt === 0n || (clock === 'live' && distance(claimedAt, entry.recordedAt) > CLOCK_NANOS)) continue
    const observations = observed[i] ?? []
    const acts = actsOf(event)
    const began = beganBy(event)
    if (observations.length === 0 && acts.length === 0 && began === undefined) continue
    batch.heard(event, clock)
    batch.addTo(event.agent.id, executionOf(event), { event, observations, acts, began })
  }
}

/** What a profile does not list, and drift looks at: documents, and what a tool is said to be. */
function actsOf({ body, claimedAt, entry }: EventSummary): readonly Act[] {
  const act = (dimension: Act['dimension'], key: string): Act => ({ dimension, key, at: claimedAt, entry })
  if (body.kind === 'context-item')
    return body.origin === undefined ? [] : [act('document', body.origin.slice(0, KEY_CHARS))]
  if (body.kind === 'tool-catalogue')
    return body.tools.map(({ name, definition }) =>
      act('tool-definition', definitionKey(body.server, name, definition)),
    )
  if (body.kind !== 'tool-definition' || body.definition === undefined || body.server === undefined) return []
  return [act('tool-definition', definitionKey(body.server, body.toolName, body.definition))]
}

const KEY_CHARS = 240

function definitionKey(server: string, tool: string, definition: string): string {
  return `${server}/${tool}`.slice(0, KEY_CHARS) + ` ${definition.slice(0, 16)}`
}

function beganBy({ body }: EventSummary): 'message' | 'invocation' | undefined {
  if (body.kind === 'prompt') return body.role === 'user' ? 'message' : undefined
  return body.kind === 'invocation' ? 'invocation' : undefined
}

function foldDecision(batch: DriftBatch, { body, entry, recordedAt }: EventSummary): void {
  if (body.kind !== 'control' || body.record.kind !== 'drift-verdict') return
  const { agent, change, verdict, by, reason } = body.record
  batch.addDecision(agent, change, { verdict, by, reason, at: recordedAt.toString(), entry })
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a
}
