import { parseEventId } from '@holdfast/model'
import type { EventId, LogEntry } from '@holdfast/model'
import type { Normalised } from './normalised.ts'
import { sourceTag } from './source-tag.ts'

/**
 * What is left of an entry whose content key was destroyed: that there was one, of which agent, and when it was recorded.
 * Trace and conversation went with the content, so all erased entries of an agent stand together.
 */
export function normaliseErased(entry: LogEntry): Normalised {
  const { channel, instance, credential, tier, clock, agent, agentName } = entry.envelope
  return {
    events: [
      {
        // Made of fixed words and hex digits.
        id: parseEventId(`erased.${sourceTag(entry.envelope)}.${entry.bodyDigest.slice(0, 24)}.step`) as EventId,
        entry: entry.index,
        // The sender's time was erased too: ours stands in for it.
        claimedAt: entry.recordedAt,
        recordedAt: entry.recordedAt,
        source: { channel, instance, credential, tier, clock, dialect: 'erased', instrumentation: '' },
        agent: { id: agent, name: agentName },
        context: { session: `erased~${agent}` },
        body: { kind: 'step', name: 'erased record', mapped: true, unmapped: [] },
      },
    ],
    dialect: 'erased',
    mapped: 0,
    unmapped: [],
    cut: 0,
  }
}
