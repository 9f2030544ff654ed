import type { AgentId, Content, Event, EventBody, EventId, Sha256, TraceId, UnixNano } from '@holdfast/model'

export type Act = { readonly body: EventBody; readonly trace?: string; readonly atMs: number }

/** Events of one agent, each an entry of its own; ids follow the order in which they are given. */
export function eventsOf(acts: readonly Act[]): readonly Event[] {
  return acts.map(({ body, trace = 'a', atMs }, entry) => ({
    id: `event-${entry}` as EventId, // made here as the product makes them: any text
    entry,
    claimedAt: (BigInt(atMs) * 1_000_000n) as UnixNano,
    recordedAt: (BigInt(atMs) * 1_000_000n) as UnixNano,
    source: {
      channel: 'otlp',
      instance: 'test',
      credential: 'loopback',
      tier: 'boundary',
      clock: 'live',
      dialect: 'test',
      instrumentation: '',
    },
    agent: { id: 'host:h/desk' as AgentId, name: 'desk' },
    context: { trace: trace.repeat(32).slice(0, 32) as TraceId },
    body,
  }))
}

export function text(value: unknown): Content {
  const written = typeof value === 'string' ? value : JSON.stringify(value)
  return {
    state: 'captured',
    text: written,
    digest: '0'.repeat(64) as Sha256,
    bytes: written.length,
    mediaType: 'application/json',
  }
}

export const NOT_CAPTURED: Content = { state: 'not-captured', reason: 'instrumentation-omits' }

/** A call and its result, one millisecond apart. */
export function called(
  tool: string,
  {
    id,
    args,
    result,
    atMs,
    trace,
  }: {
    readonly id: string
    readonly args: unknown
    readonly result: Content
    readonly atMs: number
    readonly trace?: string
  },
): readonly Act[] {
  const place = trace === undefined ? {} : { trace }
  return [
    { ...place, atMs, body: { kind: 'tool-call', toolName: tool, callId: id, arguments: text(args) } },
    { ...place, atMs: atMs + 1, body: { kind: 'tool-result', toolName: tool, callId: id, result } },
  ]
}

export function said(words: string, atMs: number): Act {
  return { atMs, body: { kind: 'prompt', role: 'user', ordinal: 0, content: text(words) } }
}
