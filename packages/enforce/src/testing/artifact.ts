import type { AgentClass, ArtifactKind, PolicyArtifact } from '@holdfast/model'
import { makeArtifact } from '../artifact.ts'
import { factsFixture } from './facts.ts'

/** An artifact that says nothing, for tests of what becomes of artifacts. */
export function artifactFixture(given: {
  readonly agent: string
  readonly kind: ArtifactKind
  readonly class?: AgentClass
  /** RFC 3339: when it is derived, and validity runs from. */
  readonly now?: string
  readonly days?: number
}): PolicyArtifact {
  const { agent, kind, class: agentClass = 'support', now = '2026-09-01T00:00:00Z', days = 30 } = given
  const validity = { value: `${days}d`, chosenBy: 'test', reason: 'test' }
  const facts = factsFixture({ agent: { id: agent, name: agent, class: agentClass }, now, decisions: { validity } })
  return makeArtifact(kind, facts, {
    document: { default: 'deny' },
    lines: [],
    blindSpots: [],
    effective: { narrows: true, reason: 'nothing else is known', against: [] },
  })
}
