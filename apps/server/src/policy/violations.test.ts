import { withRecord } from '@holdfast/enforce'
import type { Event, EventBody, PolicyDeed } from '@holdfast/model'
import { expect, test } from 'vitest'
import { policiesInForce } from './policy-records.ts'
import { DESK_GROUP, deskPolicy, harmless, rolloutAfter, watchedBy } from './testing/desk-policy.ts'

const AGENT = 'k8s:c/support/desk'
const artifact = deskPolicy({ kind: 'host-egress', id: AGENT, digest: 'd', reached: ['198.51.100.7:443'] })
const deeds: readonly PolicyDeed[] = [
  ...watchedBy(artifact),
  { do: 'reported', group: DESK_GROUP, report: harmless(artifact) },
  { do: 'enforced', group: DESK_GROUP, artifacts: [artifact.id], report: 102 },
]
const state = rolloutAfter(deeds, { from: 100 })
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
