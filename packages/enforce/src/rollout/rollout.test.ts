import type { AgentClass, ArtifactKind, BlastRadius, PolicyDeed, RolloutGroup } from '@holdfast/model'
import { expect, test } from 'vitest'
import { artifactFixture } from '../testing/artifact.ts'
import { enforceOf, reportOf, rollbackOf, startOf, type RolloutRefusal, type StepFacts } from './gate.ts'
import { inForceAt, lapsed } from './in-force.ts'
import { stagesOf } from './stage.ts'
import { NO_ROLLOUT, withRecord, type RolloutState } from './state.ts'

/** A day short of two weeks. */
const SHORT = { from: '2026-08-20T00:00:00Z' }
const NOW = '2026-09-02T00:00:00Z'
const facts: StepFacts = { now: NOW, observation: () => undefined, isPreEnforced: () => false }
const support: RolloutGroup = { kind: 'class', class: 'support' }

/** Steps taken one after the other; a refusal ends the test that did not expect it. */
class Story {
  state: RolloutState = NO_ROLLOUT
  #entry = 100

  take(step: PolicyDeed | RolloutRefusal): this {
    if ('status' in step) throw new Error(`${step.code}: ${step.reason}`)
    this.#entry += 1
    this.state = withRecord(this.state, { entry: this.#entry, at: NOW, deed: step, reason: 'test', by: 'ana' })
    return this
  }

  generated(agent: string, kind: ArtifactKind, given: { readonly class?: AgentClass; readonly days?: number } = {}) {
    return this.take({ do: 'generated', artifact: artifactFixture({ agent, kind, ...given }), principals: [] })
  }

  /** Watches, reports and enforces the newest of the class. */
  enforced(): this {
    this.take(startOf(this.state, support, facts))
    this.take(reportOf(this.state, support, radius(this.state, 'class:support')))
    return this.take(enforceOf(this.state, support, {}, facts))
  }

  force(agent: string, time = NOW): readonly string[] {
    return inForceAt(this.state, agent, { time }).map(({ artifact, mode }) => `${artifact.kind} ${mode}`)
  }
}

function radius({ groups }: RolloutState, group: string, changed: Partial<BlastRadius> = {}): BlastRadius {
  return {
    from: '2026-08-18T00:00:00Z',
    to: NOW,
    artifacts: groups.get(group)?.monitored.artifacts ?? [],
    judged: 400,
    denied: 0,
    agents: ['desk'],
    affectedAgents: [],
    conversations: 30,
    affectedConversations: 0,
    toolCalls: 120,
    affectedToolCalls: 0,
    ...changed,
  }
}

/** An agent that is watched in two layers and reported. */
function reported(changed: Partial<BlastRadius> = {}): Story {
  const story = new Story().generated('desk', 'seccomp').generated('desk', 'host-egress')
  story.take(startOf(story.state, support, facts))
  return story.take(reportOf(story.state, support, radius(story.state, 'class:support', changed)))
}

test('a class goes from watching over a measured report to enforcement, layer by layer', () => {
  const story = new Story().generated('desk', 'seccomp').generated('desk', 'host-egress')
  expect(story.force('desk')).toEqual([])
  story.take(startOf(story.state, support, facts))
  expect(story.force('desk')).toEqual(['seccomp monitor', 'host-egress monitor'])
  story.take(reportOf(story.state, support, radius(story.state, 'class:support')))
  story.take(enforceOf(story.state, support, { kinds: ['seccomp'] }, facts))
  expect(story.force('desk').toSorted()).toEqual(['host-egress monitor', 'seccomp enforce'])
  story.take(enforceOf(story.state, support, {}, facts))
  expect(story.force('desk')).toEqual(['seccomp enforce', 'host-egress enforce'])
})

test.each<readonly [string, RolloutRefusal['code'], () => PolicyDeed | RolloutRefusal]>([
  ['start without a policy', 'nothing-generated', () => startOf(NO_ROLLOUT, support, facts)],
  [
    'start of what was not observed',
    'observation',
    () =>
      startOf(new Story().generated('desk', 'seccomp').state, support, {
        ...facts,
        observation: () => ({ status: 'refused', code: 'observation-incomplete', reason: '3 of 14 days', missing: [] }),
      }),
  ],
  [
    'start with an expired policy',
    'expired',
    () => startOf(new Story().generated('desk', 'seccomp', { days: 1 }).state, support, facts),
  ],
  [
    'start as pre-enforced without parity',
    'not-pre-enforced',
    () => startOf(new Story().generated('desk', 'seccomp').state, { kind: 'pre-enforced', agent: 'desk' }, facts),
  ],
  [
    'start of a class while another was not reported',
    'class-waits',
    () => {
      const story = new Story().generated('desk', 'seccomp').generated('night', 'seccomp', { class: 'pipeline' })
      story.take(startOf(story.state, support, facts))
      return startOf(story.state, { kind: 'class', class: 'pipeline' }, facts)
    },
  ],
  ['start twice', 'already', () => startOf(reported().state, support, facts)],
  [
    'report of what is not watched',
    'not-monitored',
    () => reportOf(NO_ROLLOUT, support, radius(NO_ROLLOUT, 'class:support')),
  ],
  [
    'report that leaves a policy out',
    'report-incomplete',
    () => reportOf(reported().state, support, radius(NO_ROLLOUT, 'class:support')),
  ],
  [
    'report of an empty window',
    'nothing-measured',
    () => reportOf(reported().state, support, radius(reported().state, 'class:support', { judged: 0 })),
  ],
  [
    'report of a window shorter than two weeks',
    'window-short',
    () => reportOf(reported().state, support, radius(reported().state, 'class:support', SHORT)),
  ],
  ['enforcement of what is not watched', 'not-monitored', () => enforceOf(NO_ROLLOUT, support, {}, facts)],
  [
    'enforcement without a report',
    'no-report',
    () => {
      const story = new Story().generated('desk', 'seccomp')
      return enforceOf(story.take(startOf(story.state, support, facts)).state, support, {}, facts)
    },
  ],
  [
    'enforcement past validity',
    'expired',
    () => enforceOf(reported().state, support, {}, { ...facts, now: '2026-10-02T00:00:00Z' }),
  ],
  [
    'enforcement of what an incident tainted',
    'contaminated',
    () => {
      const story = reported()
      const artifacts = [...story.state.artifacts.keys()]
      return enforceOf(story.take({ do: 'pulled-back', agent: 'desk', artifacts }).state, support, {}, facts)
    },
  ],
  [
    'enforcement of what stops acts, unless somebody wants that',
    'would-deny',
    () => enforceOf(reported({ denied: 3, affectedConversations: 2 }).state, support, {}, facts),
  ],
  ['rollback of nothing', 'nothing-in-force', () => rollbackOf(NO_ROLLOUT, 'desk', {}, facts)],
])('refused by name: %s', (_, code, step) => {
  expect(step()).toMatchObject({ status: 'refused', code })
})

test('a report of a short window is on record where somebody says that it is enough, and says so', () => {
  const story = new Story().generated('desk', 'seccomp')
  story.take(startOf(story.state, support, facts))
  const short = radius(story.state, 'class:support', SHORT)
  story.take(reportOf(story.state, support, short, { acceptsShortWindow: true }))
  expect(story.state.groups.get('class:support')?.report).toMatchObject({ radius: short, acceptsShortWindow: true })
  expect(enforceOf(story.state, support, {}, facts)).toMatchObject({ do: 'enforced' })
  // What was long enough needs no word, and has none.
  expect(reportOf(story.state, support, radius(story.state, 'class:support'), { acceptsShortWindow: true })).toEqual({
    do: 'reported',
    group: support,
    report: radius(story.state, 'class:support'),
  })
})

test('the next class begins once the one before it was reported, and denials are enforced where somebody wants them', () => {
  const story = reported({ denied: 3 }).generated('night', 'seccomp', { class: 'pipeline' })
  story.take(startOf(story.state, { kind: 'class', class: 'pipeline' }, facts))
  story.take(enforceOf(story.state, support, { acceptsDenials: true }, facts))
  expect(story.force('desk')).toEqual(['seccomp enforce', 'host-egress enforce'])
  expect(story.force('night')).toEqual(['seccomp monitor'])
})

test('who is pre-enforced goes alone, and no class waits for it', () => {
  const pre: StepFacts = { ...facts, isPreEnforced: (agent) => agent === 'clinic' }
  const story = new Story().generated('desk', 'seccomp').generated('clinic', 'seccomp')
  story.take(startOf(story.state, { kind: 'pre-enforced', agent: 'clinic' }, pre))
  story.take(startOf(story.state, support, pre))
  expect(story.force('clinic')).toEqual(['seccomp monitor'])
  expect(story.state.groups.get('class:support')?.monitored.artifacts).toHaveLength(1)
})

test('a rollback gives back what stood before, and what was taken back is measured anew', () => {
  const story = reported()
  story.take(enforceOf(story.state, support, {}, facts))
  const before = story.state.groups.get('class:support')?.monitored.artifacts ?? []
  // A newer derivation of one layer.
  story.generated('desk', 'seccomp', { days: 20 })
  story.take(startOf(story.state, support, facts))
  story.take(reportOf(story.state, support, radius(story.state, 'class:support')))
  story.take(enforceOf(story.state, support, {}, facts))
  story.take(rollbackOf(story.state, 'desk', { kinds: ['seccomp'] }, facts))
  expect(inForceAt(story.state, 'desk', { time: NOW }).map(({ artifact, mode }) => [artifact.id, mode])).toContainEqual(
    [before[0], 'enforce'],
  )
  expect(enforceOf(story.state, support, {}, facts)).toMatchObject({ status: 'refused' })
})

test('one rollback after another goes further back, and never to what the one before took back', () => {
  const story = reported()
  story.take(enforceOf(story.state, support, {}, facts))
  story.take(rollbackOf(story.state, 'desk', {}, facts))
  expect(story.force('desk')).toEqual(['seccomp monitor', 'host-egress monitor'])
  story.take(rollbackOf(story.state, 'desk', {}, facts))
  expect(story.force('desk')).toEqual([])
  expect(rollbackOf(story.state, 'desk', {}, facts)).toMatchObject({ code: 'nothing-in-force' })
})

test('a rollback of what has expired gives back what was enforced before it', () => {
  const story = new Story().generated('desk', 'seccomp', { days: 20 })
  story.enforced()
  story.generated('desk', 'seccomp', { days: 10 })
  story.enforced()
  const [first = '', second = ''] = story.state.artifacts.keys()
  story.take({ do: 'expired', agent: 'desk', artifact: second })
  expect(rollbackOf(story.state, 'desk', {}, facts)).toMatchObject({
    restored: expect.arrayContaining([{ kind: 'seccomp', artifact: first, mode: 'enforce' }]),
  })
})

test('a record of a rollback that no gate has seen enforces nothing that did not stand there right before', () => {
  const story = reported()
  story.take(enforceOf(story.state, support, {}, facts))
  const restored = [...story.state.artifacts.values()].map(({ artifact: { id, kind } }) => ({
    kind,
    artifact: id,
    mode: 'enforce' as const,
  }))
  story.take({ do: 'rolled-back', agent: 'desk', kinds: ['seccomp', 'host-egress'], restored })
  expect(story.force('desk')).toEqual([])
})

test('a record of enforcement that no gate has seen changes nothing where the report does not admit it', () => {
  const state = (changed: Partial<BlastRadius>): readonly string[] => {
    const story = new Story().generated('desk', 'seccomp').generated('desk', 'host-egress')
    story.take(startOf(story.state, support, facts))
    const artifacts = story.state.groups.get('class:support')?.monitored.artifacts ?? []
    story.take({ do: 'reported', group: support, report: radius(story.state, 'class:support', changed) })
    const report = story.state.groups.get('class:support')?.report?.entry ?? -1
    story.take({ do: 'enforced', group: support, artifacts, report })
    return story.force('desk')
  }
  const watched = ['seccomp monitor', 'host-egress monitor']
  expect(state({ denied: 3 })).toEqual(watched)
  expect(state({ judged: 0 })).toEqual(watched)
  expect(state({})).toEqual(['seccomp enforce', 'host-egress enforce'])
})

test('a layer of which the window shows no act stays watched, and is refused where it is asked for by name', () => {
  const story = new Story().generated('desk', 'seccomp').generated('desk', 'host-egress')
  story.take(startOf(story.state, support, facts))
  const artifacts = story.state.groups.get('class:support')?.monitored.artifacts ?? []
  const unmeasured = artifacts.slice(0, 1)
  story.take(reportOf(story.state, support, radius(story.state, 'class:support', { unmeasured })))
  expect(enforceOf(story.state, support, { kinds: ['seccomp'] }, facts)).toMatchObject({ code: 'nothing-measured' })
  const report = story.state.groups.get('class:support')?.report?.entry ?? -1
  story.take({ do: 'enforced', group: support, artifacts: unmeasured, report })
  expect(story.force('desk')).toEqual(['seccomp monitor', 'host-egress monitor'])
  story.take(enforceOf(story.state, support, {}, facts))
  expect(story.force('desk')).toEqual(['seccomp monitor', 'host-egress enforce'])
})

test('a class of which all was rolled back keeps no other waiting', () => {
  const story = new Story().generated('desk', 'seccomp').generated('night', 'seccomp', { class: 'pipeline' })
  story.take(startOf(story.state, support, facts)).take(rollbackOf(story.state, 'desk', {}, facts))
  expect(startOf(story.state, { kind: 'class', class: 'pipeline' }, facts)).toMatchObject({ do: 'monitored' })
})

test('an artifact past its validity stops nothing from that moment on, and owes a record', () => {
  const story = reported()
  story.take(enforceOf(story.state, support, {}, facts))
  const late = '2026-10-01T00:00:00Z'
  expect(story.force('desk', '2026-09-30T23:59:59Z')).toEqual(['seccomp enforce', 'host-egress enforce'])
  expect(story.force('desk', late)).toEqual(['seccomp monitor', 'host-egress monitor'])
  const owed = lapsed(story.state, late)
  expect(owed).toHaveLength(2)
  for (const { agent, artifact } of owed) story.take({ do: 'expired', agent, artifact })
  expect(lapsed(story.state, late)).toEqual([])
  // The clock of the machine going back does not bring it to life again.
  expect(story.force('desk', NOW)).toEqual(['seccomp monitor', 'host-egress monitor'])
})

test('what an event is judged by is what held when it was recorded', () => {
  const story = reported()
  story.take(enforceOf(story.state, support, {}, facts))
  const at = (entry: number) => inForceAt(story.state, 'desk', { entry, time: NOW }).map(({ mode }) => mode)
  expect(at(103)).toEqual([])
  expect(at(104)).toEqual(['monitor', 'monitor'])
  expect(at(106)).toEqual(['enforce', 'enforce'])
})

test('each of the four stages says what admits to it', () => {
  const observed = { discovered: 3, observations: 900, verdict: 'converged', isComplete: true }
  const stageOf = (state: RolloutState) => stagesOf(state, 'desk', { observed, now: NOW })
  expect(stagesOf(NO_ROLLOUT, 'desk', { observed: { ...observed, observations: 0 }, now: NOW }).stage).toBe('discovery')
  expect(stageOf(NO_ROLLOUT).stage).toBe('observation')
  // In the words by which every other page says how its profile stands.
  expect(stageOf(NO_ROLLOUT).steps[2]?.evidence).toBe(
    'waits for a policy to be generated, which its profile allows: converged',
  )
  const story = reported()
  expect(stageOf(story.state).steps[2]).toMatchObject({
    isReached: false,
    evidence: expect.stringContaining('measured'),
  })
  story.take(enforceOf(story.state, support, { kinds: ['seccomp'] }, facts))
  expect(stageOf(story.state)).toMatchObject({ stage: 'selective' })
  story.take(enforceOf(story.state, support, {}, facts))
  expect(stageOf(story.state)).toMatchObject({ stage: 'full' })
})
