import type { AgentId, Channel, Envelope, UnixNano } from '@holdfast/model'
import type { SegmentSummary } from './types.ts'

/** Rows of `segments` with the agent and the wrapped key, which is NULL once it was erased. Read with big integers. */
export function segmentSql(rest: string): string {
  return `SELECT s.*, a.agent, k.wrapped FROM segments s
    JOIN agents a ON a.id = s.agent_id JOIN content_keys k ON k.id = s.key_id ${rest}`
}

/** Written by LogStore from an Envelope and UnixNanos: the casts restore what the columns held before. */
export function summaryOf(row: Record<string, unknown>): SegmentSummary {
  return {
    first: Number(row['first']),
    count: Number(row['count']),
    agent: String(row['agent']) as AgentId,
    agentName: String(row['agent_name']),
    channel: String(row['channel']) as Channel,
    claimedFrom: row['claimed_from'] as UnixNano,
    claimedTo: row['claimed_to'] as UnixNano,
    recordedAt: row['recorded_at'] as UnixNano,
    rawBytes: Number(row['raw_bytes']),
    storedBytes: Number(row['stored_bytes']),
    erased: row['wrapped'] === null,
  }
}

/** What is still known of the envelope once its bytes were erased: provenance, but neither resource nor scope. */
export function erasedEnvelope(summary: SegmentSummary, sourceJson: string): Envelope {
  const { agent, agentName, channel } = summary
  // `sourceJson` is written by Batch from an Envelope.
  const source = JSON.parse(sourceJson) as Pick<Envelope, 'instance' | 'credential' | 'tier' | 'encoding' | 'clock'>
  const nothing = new Uint8Array(0)
  return { ...source, channel, agent, agentName, resource: nothing, scope: nothing, schemaUrl: '' }
}
