import type { AgentId, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { rungHeight } from '@holdfast/respond'

/** How long a hold that disrupts a service lasted, or lasts still. */
export type HeldSpan = {
  readonly containment: string
  readonly agent: AgentId | string
  readonly from: UnixNano
  /** Undefined while it stands. */
  readonly until: UnixNano | undefined
}

/** Holds from the softest on that disrupt a service, by what was confirmed and what was released. */
export function heldSpans(reader: Pick<LogReader, 'eachControl'>): readonly HeldSpan[] {
  const spans = new Map<string, HeldSpan>()
  for (const { record, recordedAt } of reader.eachControl('containment')) {
    if (record.kind !== 'containment' || record.plan.rung === 'watch') continue
    if (rungHeight(record.plan.rung) < rungHeight('soft-quarantine')) continue
    const { containment, state, plan } = record
    const known = spans.get(containment)
    // What is applied may be in effect: waiting for the probe would shorten what is to be reported.
    if (known === undefined && (state === 'applied' || state === 'confirmed'))
      spans.set(containment, { containment, agent: plan.agent, from: recordedAt, until: undefined })
    else if (known !== undefined && known.until === undefined && (state === 'released' || state === 'failed'))
      spans.set(containment, { ...known, until: recordedAt })
  }
  return [...spans.values()]
}
