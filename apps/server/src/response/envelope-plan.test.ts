import { NO_ROLLOUT, type RolloutState } from '@holdfast/enforce'
import type { AgentId, Event, PolicyArtifact, UnixNano } from '@holdfast/model'
import { planHash, selectRung, type MadePlan } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { policiesInForce } from '../policy/policy-records.ts'
import { DESK_NOW, deskPolicy, rolloutAfter, watchedBy } from '../policy/testing/desk-policy.ts'
import { draftPlan, type DraftRequest } from './draft-plan.ts'
import { othersThan } from './other-destinations.ts'
import { NO_POLICY } from './policy.ts'
import { SensorResponder } from './sensor-responder.ts'
import { agentScope, LADDER } from './testing/known.ts'

const AGENT = 'host:h1/desk'

/** A version of the profile: what it saw, under its digest. */
function artifactOf(digest: string, reached: readonly string[]): PolicyArtifact {
  const names = new Map([['203.0.113.10', ['api.example.test']]])
  const platform = { dns: ['192.0.2.53:53/udp'], collector: [] }
  return deskPolicy({ kind: 'host-egress', id: AGENT, digest, reached, names, platform })
}

const watching = (...artifacts: readonly PolicyArtifact[]): RolloutState =>
  rolloutAfter(artifacts.flatMap(watchedBy), { from: 100 })

/** Where the sensor stands is all that a plan reads of it. */
const watched = [{ path: 'desk.scope', agent: AGENT, agentName: 'desk' }]
const sensor = { id: 's1', state: 'connected', report: { bootId: 'boot' }, watched } as unknown as ReturnType<
  ConstructorParameters<typeof SensorResponder>[0]['sensors']['sensors']
>[number]
const nothingIsDone = (): never => {
  throw new Error('nothing is done by planning')
}

async function planned(state: RolloutState, shut: readonly string[]): Promise<MadePlan> {
  const responder = new SensorResponder({
    sensors: { sensors: () => [sensor] },
    containments: {
      applyPlanned: nothingIsDone,
      known: nothingIsDone,
      tried: nothingIsDone,
      release: nothingIsDone,
    },
    collectorsOf: () => [{ address: '127.0.0.1', prefix: 32, port: 4318, protocol: 'tcp' }],
    othersThan: (agent, closed) => {
      const profile = { items: [{ key: 'profile.example.test:443' }] }
      const views = { ask: async () => JSON.stringify(profile) }
      return othersThan({ views, state }, { agent, shut: closed, now: DESK_NOW })
    },
  })
  const incident = {
    id: 'inc-1',
    type: 'privilege-boundary-escape',
    history: [],
    tier: 'provider',
    agents: [AGENT],
    actors: [AGENT],
    actorTiers: [{ agent: AGENT, tier: 'kernel' }],
  } as unknown as DraftRequest['incident'] // what a draft looks at of it
  const scope = agentScope('inc-1', [AGENT])
  return await draftPlan([responder], {
    incident,
    decision: selectRung({ ...LADDER, harm: { speed: 'slow', isReversible: true } }),
    scope: { ...scope, destinations: shut.map((name) => ({ agent: AGENT as AgentId, name })) }, // a test's own id
    policy: NO_POLICY,
    by: 'ana',
    automatic: 'off',
    plannedAt: 1n as UnixNano, // some time
    standing: [],
    ttlMs: undefined,
  })
}

const KEYS = ['203.0.113.10:443', '198.51.100.7:443', '2001:db8::5:8443']
const FIRST = artifactOf('d1'.repeat(32), KEYS)

test('ENF-12 what holds an agent quotes the artifact and version that its violation quotes, and the lines that stay', async () => {
  const state = watching(FIRST)
  const { plan } = await planned(state, ['https://api.example.test/orders'])
  const remote = { address: '192.0.2.66', port: 443 }
  const event = {
    id: 'e',
    entry: 200,
    claimedAt: 1_788_300_000_000_000_000n,
    recordedAt: 1_788_300_000_000_000_000n,
    agent: { id: AGENT, name: 'desk' },
    context: {},
    source: { channel: 'sensor' },
    body: { kind: 'connection', action: 'connect', protocol: 'tcp', remote, result: 0 },
  } as unknown as Event // what a judge of connections looks at
  const violation = policiesInForce(() => state).violationOf(event)
  const [step] = plan.steps
  const { envelope } = step?.target ?? {}
  expect(plan.steps).toMatchObject([{ deed: { kind: 'rung', rung: 'restrict' } }])
  expect(violation).toMatchObject({
    artifact: envelope?.artifact,
    profileDigest: envelope?.profile,
    pointer: '/default',
  })
  expect(envelope).toMatchObject({ artifact: FIRST.id, kind: 'host-egress', profile: FIRST.profile.digest })
  // Each line that stays is a part of the step, in the words of the list; what is shut is the two transports of one name.
  const words = new Map(FIRST.lines.map(({ pointer, what }) => [pointer, what]))
  expect(envelope?.shut.map((pointer) => words.get(pointer))).toEqual([
    'api.example.test:443/tcp',
    'api.example.test:443/udp',
  ])
  expect(step?.target.parts).toEqual([
    '127.0.0.1/32:4318/tcp',
    '192.0.2.53/32:53/udp',
    '192.0.2.53/32:53/tcp',
    '198.51.100.7/32:443/tcp',
    '198.51.100.7/32:443/udp',
    '[2001:db8::5]/128:8443/tcp',
    '[2001:db8::5]/128:8443/udp',
  ])
  expect(envelope?.lines).toHaveLength((step?.target.parts?.length ?? 0) - 1)
})

test('a host that a name was seen at is shut with the name, and one beside it is not', async () => {
  const { plan } = await planned(watching(FIRST), ['203.0.113.10:443'])
  expect(plan.steps[0]?.target.parts?.join(' ')).not.toContain('api.example.test')
  expect(plan.steps[0]?.target.parts).toContain('198.51.100.7/32:443/tcp')
})

test('IR-26 the same version of the profile gives the same plan to the byte, another version another one', async () => {
  const shut = ['198.51.100.7:443']
  const { plan } = await planned(watching(FIRST), shut)
  const again = await planned(watching(artifactOf('d1'.repeat(32), KEYS.toReversed())), shut)
  expect(planHash(again.plan)).toBe(planHash(plan))
  expect(JSON.stringify(again.plan.steps)).toBe(JSON.stringify(plan.steps))
  const later = await planned(watching(FIRST, artifactOf('d2'.repeat(32), KEYS)), shut)
  expect(later.plan.steps[0]?.target.parts).toEqual(plan.steps[0]?.target.parts)
  expect(planHash(later.plan)).not.toBe(planHash(plan))
})

test('without a list in force the profile says what else is reached, and no policy is quoted', async () => {
  const { plan } = await planned(NO_ROLLOUT, ['198.51.100.7:443'])
  expect(plan.steps[0]?.target.parts).toEqual(['127.0.0.1/32:4318/tcp', 'profile.example.test:443/tcp'])
  expect(plan.steps[0]?.target.envelope).toBeUndefined()
})
