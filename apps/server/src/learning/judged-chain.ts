import {
  type CaseEvidence,
  type Detector,
  incidentsOf,
  readingCase,
  type RuleSet,
  type StepsOfWork,
} from '@holdfast/detect'
import type { Event } from '@holdfast/model'
import { type CaughtAt, firstCaught, type Named } from '@holdfast/respond'
import type { KnownAgents } from '../incidents/known/known-agents.ts'
import type { IncidentChain } from './chain.ts'

/** What a chain is judged with. */
export type Judging = {
  readonly rules: RuleSet
  readonly detector: Detector
  readonly known: Pick<KnownAgents, 'contextOf'>
}

/**
 * With which event of a chain it is first named, as the product would have judged it then: each case from the events that were
 * there, then what joins them. `known`: with which it was named by what is changed. What persons reported is left out, because the next chain has nobody yet who reports it.
 */
export function caughtBy(
  { cases, chain, before }: IncidentChain,
  judging: Judging,
  known?: CaughtAt,
): StepsOfWork<CaughtAt> {
  const order = new Map(chain.map((event, at) => [event.id, at]))
  const readings = cases.map(({ conversation, events }) => ({
    conversation,
    events: events.filter(({ id }) => before.has(id) || order.has(id)),
    /** Evidence by how many of its events were there: most events of a chain are of another case. */
    kept: new Map<number, CaseEvidence>(),
  }))
  const names = function* (length: number): StepsOfWork<Named> {
    const evidence: CaseEvidence[] = []
    for (const { conversation, events, kept } of readings) {
      const there = events.filter(({ id }) => before.has(id) || (order.get(id) ?? length) < length)
      if (there.length === 0) continue
      const read = kept.get(there.length)
      if (read !== undefined) {
        evidence.push(read)
        continue
      }
      const { rules, detector } = judging
      const context = judging.known.contextOf(there)
      const found = yield* readingCase(there, { conversation, context, rules, detector })
      kept.set(there.length, found)
      evidence.push(found)
    }
    const found = incidentsOf(evidence)
    return found.some(({ outcome }) => outcome === 'incident') ? 'incident' : found.length > 0 ? 'attempt' : 'nothing'
  }
  return firstCaught(chain.length, names, known)
}

/** The same chain with each event replaced by another of the same id. */
export function withEvents({ cases, chain, before }: IncidentChain, replaced: readonly Event[]): IncidentChain {
  const by = new Map(replaced.map((event) => [event.id, event]))
  const of = (event: Event): Event => by.get(event.id) ?? event
  return {
    cases: cases.map(({ conversation, events }) => ({ conversation, events: events.map(of) })),
    chain: chain.map(of),
    before,
  }
}
