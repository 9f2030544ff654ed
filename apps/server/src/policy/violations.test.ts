import { NO_ROLLOUT, withRecord, GENERATORS, type GeneratorFacts } from '@holdfast/enforce'
import type { Event, EventBody, PolicyDeed } from '@holdfast/model'
import { expect, test } from 'vitest'
import { policiesInForce } from './policy-records.ts'

const AGENT = 'k8s:c/support/desk'
const fact = (key: string) => ({
  dimension: 'destination' as const,
  key,
  count: 40,
  daysSeen: 12,
  recency: 1,
  first: '2026-08-01T00:00:00Z',
  last: '2026-08-31T00:00:00Z',
  entries: [3],
})
const facts: GeneratorFacts = {
  agent: { id: AGENT, name: 'desk', class: 'support' },
  profile: { digest: 'd', asOf: '2026-09-01T00:00:00Z', days: 30, observations: 900, size: 50, status: 'converged' },
  entries: [fact('198.51.100.7:443')],
  grants: [],
  uses: [],
  names: new Map(),
  inForce: [],
  platform: { dns: [], collector: [] },
  decisions: {},
  now: '2026-09-01T00:00:00Z',
}
const generation = GENERATORS.find(({ kind }) => kind === 'host-egress')?.generate(facts)
if (generation?.status !== 'made') throw new Error('no egress list was made')
const { artifact } = generation
const group = { kind: 'class', class: 'support' } as const
const report = {
  from: '',
  to: '',
  artifacts: [artifact.id],
  judged: 1,
  denied: 0,
  agents: [],
  affectedAgents: [],
  conversations: 0,
  affectedConversations: 0,
  toolCalls: 0,
  affectedToolCalls: 0,
}
const deeds: readonly PolicyDeed[] = [
  { do: 'generated', artifact, principals: [] },
  { do: 'monitored', group, artifacts: [artifact.id] },
  { do: 'reported', group, report },
  { do: 'enforced', group, artifacts: [artifact.id], report: 102 },
]
/** Steps at 100 to 103. */
const state = deeds.reduce(
  (all, deed, i) => withRecord(all, { entry: 100 + i, at: '2026-09-01T00:00:00Z', deed, reason: 'test', by: 'ana' }),
  NO_ROLLOUT,
)
const { violationOf, agents } = policiesInForce(() => state)

function connect(address: string, entry: number, more: Partial<EventBody> = {}): Event {
  const remote = { address, port: 443 }
  return {
    id: 'e1',
    entry,
    claimedAt: 1_788_300_000_000_000_000n,
    recordedAt: 1_788_300_000_000_000_000n,
    agent: { id: AGENT, name: 'desk' },
    context: {},
    source: { channel: 'sensor' },
    body: { kind: 'connection', action: 'connect', protocol: 'tcp', remote, result: 0, ...more },
  } as unknown as Event // as normalised
}

test('an act is judged by what held when it was recorded', () => {
  expect(violationOf(connect('203.0.113.9', 100))).toBeUndefined()
  expect(violationOf(connect('203.0.113.9', 102))).toMatchObject({ artifact: artifact.id, mode: 'monitor' })
  expect(violationOf(connect('203.0.113.9', 104))).toMatchObject({
    artifact: artifact.id,
    kind: 'host-egress',
    mode: 'enforce',
    profileDigest: 'd',
    pointer: expect.stringMatching(/^\//),
  })
  expect(violationOf(connect('198.51.100.7', 104))).toBeUndefined()
  expect([...agents()]).toEqual([AGENT])
})

test('what a host says that its list does not admit is a violation of that artifact, in force or not', () => {
  const policy = { artifact: artifact.id, mode: 'monitor' as const }
  const more = { action: 'unlisted', policy } as Partial<EventBody>
  expect(violationOf(connect('203.0.113.9', 50, more))).toMatchObject({ artifact: artifact.id, mode: 'monitor' })
})

test('what the kernel refused on loopback, of which no profile knows, is denied by the only line that denies', () => {
  const policy = { artifact: artifact.id, mode: 'enforce' as const }
  const more = { action: 'refused', policy } as Partial<EventBody>
  expect(violationOf(connect('127.0.0.1', 50, more))).toMatchObject({
    pointer: '/default',
    what: '127.0.0.1:443/tcp',
    mode: 'enforce',
  })
})

test('a proxy’s refusal in the name of a tool policy is a violation on its line, and an agent’s own word of one is none', () => {
  const tools = { ...artifact, id: 'b'.repeat(64), kind: 'mcp-tools' as const }
  const record = { at: '2026-09-01T00:00:00Z', reason: 'test', by: 'ana' }
  const made = withRecord(state, { ...record, entry: 110, deed: { do: 'generated', artifact: tools, principals: [] } })
  const told = policiesInForce(() => made)
  const refusal = (channel: string): Event =>
    ({
      ...connect('203.0.113.9', 111),
      source: { channel },
      body: {
        kind: 'guardrail',
        name: 'policy',
        verdict: 'refused',
        target: 'wipe',
        detail: { state: 'captured', text: JSON.stringify({ artifact: tools.id, line: '/default', mode: 'enforce' }) },
      },
    }) as unknown as Event // as normalised
  expect(told.violationOf(refusal('mcp-proxy'))).toMatchObject({
    artifact: tools.id,
    kind: 'mcp-tools',
    pointer: '/default',
    what: 'wipe',
    mode: 'enforce',
  })
  expect(told.violationOf(refusal('otlp'))).toBeUndefined()
})

test('an agent that a host ran under an artifact of another is looked at too, where that artifact is known', () => {
  const record = { entry: 120, at: '2026-09-01T00:00:00Z', reason: 'test', by: 'ana' }
  const hosted = (id: string): PolicyDeed => ({ do: 'hosted', agent: 'host:vm/desk', artifacts: [id] })
  const known = withRecord(state, { ...record, deed: hosted(artifact.id) })
  expect(policiesInForce(() => known).agents()).toContain('host:vm/desk')
  expect([...policiesInForce(() => withRecord(state, { ...record, deed: hosted('f'.repeat(64)) })).agents()]).toEqual([
    AGENT,
  ])
})
