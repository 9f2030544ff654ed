import type { GeneratorFacts } from '../generator.ts'

/** Facts of a support agent whose profile converged, derived at the start of September 2026. For tests of generators. */
export function factsFixture(changed: Partial<GeneratorFacts> = {}): GeneratorFacts {
  return {
    agent: {
      id: 'k8s:c1/support/Deployment/ticket-agent',
      name: 'ticket-agent',
      class: 'support',
      namespace: 'support',
    },
    profile: {
      digest: 'd1'.repeat(32),
      asOf: '2026-09-01T00:00:00Z',
      days: 42,
      observations: 9_000,
      size: 12_000,
      status: 'converged',
    },
    entries: [],
    grants: [],
    uses: [],
    names: new Map(),
    inForce: [],
    platform: { dns: [], collector: [] },
    decisions: {},
    now: '2026-09-01T00:00:00Z',
    ...changed,
  }
}
