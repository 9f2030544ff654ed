import type { PlanStep, ResponseScope } from '@holdfast/respond'

const INCIDENT = 'inc-0123456789abcdef'

/** A step of a plan for an hour, of the incident that the tests of responders are about. */
export function stepOf(
  step: Pick<PlanStep, 'id' | 'provider' | 'agent' | 'target' | 'deed'>,
  change: Partial<PlanStep> = {},
): PlanStep {
  return { incident: INCIDENT, isReversible: true, ttlMs: 3_600_000, ...step, ...change }
}

/** What that incident touched: nothing but these. */
export function onlyScope(parts: Partial<ResponseScope>): ResponseScope {
  return {
    incident: INCIDENT,
    agents: [],
    principals: [],
    tools: [],
    items: [],
    channels: [],
    edges: [],
    destinations: [],
    ...parts,
  }
}
