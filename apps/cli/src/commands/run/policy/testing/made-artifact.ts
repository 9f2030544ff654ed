import { hash } from 'node:crypto'
import { canonicalJson, type Allowed, type ArtifactKind, type PolicyArtifact } from '@holdfast/model'

/** A whole artifact of a document, as a generator would have made it. */
export function madeArtifact(
  kind: ArtifactKind,
  document: unknown,
  { agent = 'host:test/agent', validUntil = '2999-01-01T00:00:00.000Z' } = {},
): PolicyArtifact {
  const decision = { value: 'none', chosenBy: 'default', reason: 'for a test' }
  const rest: Omit<PolicyArtifact, 'id'> = {
    kind,
    agent,
    agentClass: 'unclassified',
    profile: { digest: hash('sha256', agent), asOf: '2026-01-01T00:00:00.000Z', days: 14, observations: 1, size: 1 },
    decisions: { granularity: decision, closure: decision, confidence: decision, validity: decision },
    validUntil,
    document,
    lines: [],
    blindSpots: [],
    effective: { narrows: true, reason: 'for a test', against: [] },
  }
  return { id: hash('sha256', canonicalJson(rest)), ...rest }
}

export function egressArtifact(
  egress: readonly Allowed[],
  more: { agent?: string; validUntil?: string } = {},
): PolicyArtifact {
  return madeArtifact('host-egress', { version: 1, egress, default: 'deny' }, more)
}
