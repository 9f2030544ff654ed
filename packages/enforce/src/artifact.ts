import { hash } from 'node:crypto'
import assert from 'node:assert/strict'
import {
  canonicalJson,
  type ArtifactKind,
  type ArtifactLine,
  type LineGround,
  type PolicyArtifact,
} from '@holdfast/model'
import { decisionsFor, validDays } from './decisions.ts'
import type { GeneratorFacts, ProfileFact } from './generator.ts'
import { GROUND_ENTRIES, LINES_MOST } from './limits.ts'
import { resolves } from './pointer.ts'

/** What a generator of one layer worked out; the rest of an artifact follows from the facts. */
export type ArtifactDraft = Pick<PolicyArtifact, 'document' | 'lines' | 'blindSpots' | 'effective'>

/**
 * The artifact with its id. The draft is our own work, so a line that points nowhere or rests on nothing is a bug and throws:
 * a policy that cannot be explained must not exist.
 */
export function makeArtifact(kind: ArtifactKind, facts: GeneratorFacts, draft: ArtifactDraft): PolicyArtifact {
  const { agent, profile, now } = facts
  const decisions = decisionsFor(kind, facts)
  assert(draft.lines.length <= LINES_MOST, `an artifact has ${LINES_MOST} lines at most`)
  for (const line of draft.lines) checkLine(line, draft.document)
  const days = validDays(decisions.validity.value)
  assert(days !== undefined, `the validity "${decisions.validity.value}" is no number of days`)
  const { digest, asOf, days: observed, observations, size } = profile
  const rest = {
    kind,
    agent: agent.id,
    agentClass: agent.class,
    profile: { digest, asOf, days: observed, observations, size },
    decisions,
    validUntil: new Date(Date.parse(now) + days * DAY_MS).toISOString(),
    ...draft,
  }
  return { id: artifactId(rest), ...rest }
}

/** SHA-256 of the canonical JSON of all of an artifact but its id. */
export function artifactId(artifact: Omit<PolicyArtifact, 'id'> | PolicyArtifact): string {
  return hash('sha256', canonicalJson({ ...artifact, id: undefined }))
}

/** What a line rests on, of an entry of the profile. */
export function groundOf({ dimension, key, entries, count }: ProfileFact): LineGround {
  return { dimension, key, entries: entries.slice(0, GROUND_ENTRIES), count }
}

const DAY_MS = 86_400_000
const GROUNDED: ReadonlySet<ArtifactLine['because']> = new Set(['observed', 'closure', 'grant'])

function checkLine({ pointer, because, grounds }: ArtifactLine, document: unknown): void {
  assert(resolves(document, pointer), `the line ${pointer} points at nothing in its document`)
  if (!GROUNDED.has(because)) return
  assert(grounds.length > 0, `the line ${pointer} is ${because} and has no ground`)
  assert(
    grounds.every(({ entries }) => entries.length > 0),
    `the line ${pointer} has a ground without a log position`,
  )
}
