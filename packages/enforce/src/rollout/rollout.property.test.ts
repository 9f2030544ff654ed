import type { AgentClass, ArtifactKind, BlastRadius, PolicyDeed, RolloutGroup } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { artifactFixture } from '../testing/artifact.ts'
import { enforceOf, reportOf, rollbackOf, startOf, type StepFacts } from './gate.ts'
import { inForceAt, lapsed } from './in-force.ts'
import { NO_ROLLOUT, withRecord, type PolicyRecord, type RolloutState } from './state.ts'

const AGENTS: Readonly<Record<string, AgentClass>> = { desk: 'support', crm: 'support', night: 'pipeline' }
const NAMES = Object.keys(AGENTS)
const KINDS: readonly ArtifactKind[] = ['seccomp', 'host-egress']
const START = Date.parse('2026-09-01T00:00:00Z')

const agent = fc.constantFrom(...NAMES)
const group: fc.Arbitrary<RolloutGroup> = fc.oneof(
  fc.constantFrom<AgentClass>('support', 'pipeline').map((name): RolloutGroup => ({ kind: 'class', class: name })),
  agent.map((name): RolloutGroup => ({ kind: 'pre-enforced', agent: name })),
)
/** What is tried next; times and observation move between. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('generate' as const),
    agent,
    kind: fc.constantFrom(...KINDS),
    days: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ do: fc.constant('observe' as const), agent, isComplete: fc.boolean() }),
  fc.record({ do: fc.constant('parity' as const), agent, hasPassed: fc.boolean() }),
  fc.record({ do: fc.constant('taint' as const), agent }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), group }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('report' as const), group, denied: fc.integer({ min: 0, max: 1 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('enforce' as const),
      group,
      acceptsDenials: fc.boolean(),
      kind: fc.constantFrom(...KINDS, undefined),
    }),
  },
  fc.record({ do: fc.constant('rollback' as const), agent }),
  fc.record({ do: fc.constant('sweep' as const) }),
  // A record that no gate has seen: somebody wrote it into the log by hand.
  fc.record({ do: fc.constant('forge' as const), group, report: fc.nat({ max: 60 }) }),
)

/** Enforced artifacts that were looked at: without any the property would hold of nothing. */
let enforced = 0

test('no sequence of steps enforces anything without report, observation and validity', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const run = new Run()
      // So that most sequences come far.
      for (const name of NAMES) run.try({ do: 'generate', agent: name, kind: 'seccomp', days: 30 })
      for (const one of steps) {
        run.try(one)
        run.check()
      }
    }),
    { numRuns: 400 },
  )
  expect(enforced).toBeGreaterThan(100)
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Steps tried one after the other; what is refused leaves everything as it was. */
class Run {
  #state: RolloutState = NO_ROLLOUT
  #now = START
  readonly #records: PolicyRecord[] = []
  readonly #complete = new Set<string>(NAMES)
  readonly #passed = new Set<string>()
  /** Steps to enforcement that were let while this was so: observation is looked up at that moment. */
  readonly #observedAt = new Map<number, ReadonlySet<string>>()
  readonly #forged = new Set<number>()

  get #facts(): StepFacts {
    return {
      now: this.#time,
      observation: (name) =>
        this.#complete.has(name)
          ? undefined
          : { status: 'refused', code: 'observation-incomplete', reason: 'not yet', missing: [] },
      isPreEnforced: (name) => this.#passed.has(name),
    }
  }

  get #time(): string {
    return new Date(this.#now).toISOString()
  }

  try(one: Step): void {
    const { agents = [], deed } = this.#deedOf(one)
    if (deed === undefined || 'status' in deed) return
    const entry = this.#records.length
    if (one.do === 'forge') this.#forged.add(entry)
    this.#observedAt.set(entry, new Set(agents.length > 0 ? agents : this.#complete))
    const record: PolicyRecord = { entry, at: this.#time, deed, reason: 'test', by: 'test' }
    this.#records.push(record)
    this.#state = withRecord(this.#state, record)
  }

  #deedOf(one: Step): {
    readonly agents?: readonly string[]
    readonly deed?: PolicyDeed | { readonly status: 'refused' }
  } {
    switch (one.do) {
      case 'generate': {
        const { agent: name, kind, days } = one
        const artifact = artifactFixture({ agent: name, kind, days, class: AGENTS[name] ?? 'support', now: this.#time })
        return { deed: { do: 'generated', artifact, principals: [] } }
      }
      case 'wait':
        this.#now += one.hours * 3_600_000
        return {}
      case 'observe':
        if (one.isComplete) this.#complete.add(one.agent)
        else this.#complete.delete(one.agent)
        return {}
      case 'parity':
        if (one.hasPassed) this.#passed.add(one.agent)
        else this.#passed.delete(one.agent)
        return {}
      case 'taint': {
        const known = [...this.#state.artifacts.values()].filter(({ artifact }) => artifact.agent === one.agent)
        return { deed: { do: 'pulled-back', agent: one.agent, artifacts: known.map(({ artifact }) => artifact.id) } }
      }
      case 'start':
        return { deed: startOf(this.#state, one.group, this.#facts) }
      case 'report':
        return { deed: reportOf(this.#state, one.group, this.#radius(one.group, one.denied)) }
      case 'enforce': {
        const { acceptsDenials, kind } = one
        const selection = { acceptsDenials, ...(kind === undefined ? {} : { kinds: [kind] }) }
        return { deed: enforceOf(this.#state, one.group, selection, this.#facts) }
      }
      case 'rollback':
        return { deed: rollbackOf(this.#state, one.agent, {}, this.#facts) }
      case 'sweep': {
        const owed = lapsed(this.#state, this.#time)[0]
        return owed === undefined ? {} : { deed: { do: 'expired', ...owed } }
      }
      case 'forge':
        return {
          deed: { do: 'enforced', group: one.group, artifacts: [...this.#state.artifacts.keys()], report: one.report },
        }
    }
  }

  #radius(of: RolloutGroup, denied: number): BlastRadius {
    const key = of.kind === 'class' ? `class:${of.class}` : `agent:${of.agent}`
    return {
      from: new Date(Date.parse(this.#time) - 14 * 86_400_000).toISOString(),
      to: this.#time,
      artifacts: this.#state.groups.get(key)?.monitored.artifacts ?? [],
      judged: 10,
      denied,
      agents: [],
      affectedAgents: [],
      conversations: 1,
      affectedConversations: denied,
      toolCalls: 1,
      affectedToolCalls: denied,
    }
  }

  /** Looks at the records themselves, and at nothing that the state keeps. */
  check(): void {
    for (const name of NAMES)
      for (const { artifact, mode } of inForceAt(this.#state, name, { time: this.#time })) {
        if (mode === 'monitor') continue
        enforced += 1
        expect(this.#now).toBeLessThan(Date.parse(artifact.validUntil))
        const steps = this.#records.filter(({ deed }) => deed.do === 'enforced' && deed.artifacts.includes(artifact.id))
        const admitted = steps.some(({ entry, deed }) => {
          if (deed.do !== 'enforced') return false
          const report = this.#records[deed.report]
          const isReported = report?.deed.do === 'reported' && report.deed.report.artifacts.includes(artifact.id)
          const isWatched = this.#records
            .slice(0, deed.report)
            .some(({ deed: before }) => before.do === 'monitored' && before.artifacts.includes(artifact.id))
          const isObserved = this.#forged.has(entry) || this.#observedAt.get(entry)?.has(name) === true
          return isReported && isWatched && isObserved && report.entry < entry
        })
        expect(admitted, `${artifact.kind} of ${name} has no step that may enforce it`).toBe(true)
        const tainted = this.#records.some(
          ({ deed }) => deed.do === 'pulled-back' && deed.artifacts.includes(artifact.id),
        )
        expect(tainted, `${artifact.kind} of ${name} is tainted and enforced`).toBe(false)
      }
  }
}
