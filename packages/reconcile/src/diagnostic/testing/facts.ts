import type { DiagnosticFacts, EnvelopeFact } from '../facts.ts'

const days = Array.from({ length: 20 }, (_, i) => ({
  date: `2026-10-${`${i + 1}`.padStart(2, '0')}`,
  distance: 0.01,
  ...(i < 6 ? {} : { spread: 0.0001 }),
  within: true,
}))

export function envelope(more: Partial<EnvelopeFact> = {}): EnvelopeFact {
  return {
    artifact: 'a'.repeat(64),
    kind: 'seccomp',
    agent: 'k8s:-/shop/desk',
    profileDigest: 'p'.repeat(64),
    stage: 'enforce',
    lines: 3,
    grounded: 2,
    lostGround: 0,
    decisions: 4,
    narrows: true,
    grounds: [30, 31],
    record: 40,
    ...more,
  }
}

/** An agent of which everything is shown. */
export function wholeFacts(): DiagnosticFacts {
  const part = (kind: string, entries: readonly number[]) =>
    ({ kind, name: `its ${kind}`, standing: 'observed', entries }) as const
  return {
    target: { agent: 'k8s:-/shop/desk', name: 'desk', at: '2026-10-20T12:00:00Z', isChosen: true },
    inventory: {
      isKnown: true,
      parts: [part('model', [1]), part('framework', [2]), part('tool', [3]), part('prompt-template', [4])],
      class: 'support',
      classReasons: ['it answers tickets'],
      baseline: 'b'.repeat(64),
      changes: [{ what: 'model x to y', when: '2026-10-21T00:00:00Z', entries: [5] }],
      peers: [{ agent: 'k8s:-/shop/runner', namespace: 'shop', class: 'pipeline', baseline: 'c'.repeat(64) }],
      leftOut: 0,
    },
    convergence: {
      status: 'converged',
      verdict: 'converged on 2026-10-15',
      since: '2026-10-15',
      firstDay: '2026-10-01',
      lastDay: '2026-10-20',
      observations: 4_000,
      exclusions: [],
      dimensions: [{ dimension: 'tool', converged: true, days }],
      spreadLimit: 0.0025,
      entries: [10, 11],
      track: { track: 1, reasons: ['handles no such data'], obstacles: [], dataClasses: ['public'] },
      statements: [{ field: 'data-classes', entry: 12 }],
    },
    scope: {
      profile: 'complete',
      gaps: [],
      unusedExcess: 2,
      inheritedOverreach: 1,
      inBoth: 0,
      rows: 5,
      undetermined: 0,
      unresolved: 0,
      documents: [20],
      uses: [21],
    },
    envelopes: {
      own: [
        envelope(),
        envelope({ artifact: 'n'.repeat(64), kind: 'network-policy' }),
        envelope({ artifact: 'i'.repeat(64), kind: 'aws-iam' }),
      ],
      others: [envelope({ artifact: 'o'.repeat(64), agent: 'k8s:-/shop/runner', record: 41 })],
      outcomes: [
        { agent: 'k8s:-/shop/desk', artifact: 'a'.repeat(64), what: 'mount', outcome: 'denied', entry: 42 },
        { agent: 'k8s:-/shop/runner', artifact: 'o'.repeat(64), what: 'mount', outcome: 'allowed', entry: 43 },
      ],
      refusals: [],
    },
    drift: {
      from: '2026-09-20T12:00:00Z',
      to: '2026-10-20T12:00:00Z',
      judgedFrom: '2026-09-10',
      profileDays: 40,
      executions: 800,
      changes: [{ at: '2026-10-02T00:00:00Z', side: 'evolution', severity: 'none', entries: [60], explainedBy: 61 }],
      deploys: [{ at: '2026-10-02T00:00:00Z', entry: 61 }],
      silent: [],
      leftOut: 0,
    },
    audit: {
      violations: 1,
      isWhole: true,
      row: {
        id: 'row-1',
        about: 'a denied call',
        layers: (['kernel', 'egress', 'prompt', 'tools'] as const).map((layer, i) => ({
          layer,
          state: 'complete',
          isExpected: true,
          reason: 'recorded',
          entries: [50 + i],
        })),
        trigger: { what: 'ticket T-1', entries: [54] },
        violated: { artifact: 'a'.repeat(64), pointer: '/syscalls/0', entry: 42 },
        coverage: 1,
        proofs: 5,
      },
    },
    gaps: [],
    gapsCut: 0,
  }
}
