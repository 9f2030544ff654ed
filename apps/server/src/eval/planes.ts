import { type CaseEvidence, MAKES_INCIDENT } from '@holdfast/detect'
import type { Event, EventId } from '@holdfast/model'
import type { LabelledRun } from './labels.ts'
import { truthOf, typeOf } from './truth.ts'

/** What signals that make an incident name in the log of an executed technique. */
export type Named = {
  readonly records: number
  /** Records that the label says are no part of the technique. */
  readonly ordinary: number
  /** Signals with a proof that is part of it. */
  readonly onTechnique: number
  /** Signals whose proofs are all ordinary: false calls. */
  readonly onOrdinary: number
}

/** What was named; undefined for what is no log of an authority or a kernel. */
export function namedOf(
  row: LabelledRun,
  events: readonly Event[],
  evidence: readonly CaseEvidence[],
): Named | undefined {
  const type = typeOf(truthOf(row))
  if (type === undefined || type === 'reasoning-compromise') return undefined
  const records = events.filter(isPlaneEvent)
  const ordinary = new Set<EventId>(records.filter((event) => isOrdinaryOnly(row, event)).map(({ id }) => id))
  const signals = evidence
    .flatMap((one) => one.signals)
    .filter(({ strength, speaksFor }) => strength >= MAKES_INCIDENT && speaksFor !== undefined)
  const isFalse = (proofs: readonly EventId[]): boolean => proofs.every((id) => ordinary.has(id))
  return {
    records: records.length,
    ordinary: ordinary.size,
    onTechnique: signals.filter((signal) => !isFalse(signal.events)).length,
    onOrdinary: signals.filter((signal) => isFalse(signal.events)).length,
  }
}

/** True for a call that the label says is no part of what was executed. */
export function isOrdinaryOnly({ ordinary }: LabelledRun, { body }: Event): boolean {
  return body.kind === 'api-call' && ordinary.split(/\s+/).includes(body.action)
}

/** True for a record that only an authority or a kernel gives. */
export function isPlaneEvent({ body }: Event): boolean {
  switch (body.kind) {
    case 'api-call':
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
      return true
    case 'prompt':
    case 'model-call':
    case 'model-output':
    case 'tool-definition':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'change':
    case 'tool-call':
    case 'tool-result':
    case 'context-item':
    case 'memory':
    case 'invocation':
    case 'delegation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'socket':
    case 'control':
      return false
  }
}
