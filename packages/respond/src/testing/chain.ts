import { hash } from 'node:crypto'

import type { Content, Event, EventBody } from '@holdfast/model'
import { agentIdOf, parseEventId, parseSha256, parseUnixNano } from '@holdfast/model'

/** Events of one agent, each a second after the other. */
export function chainOf(...bodies: readonly EventBody[]): readonly Event[] {
  return bodies.map((body, at) => {
    const time = known(parseUnixNano(BigInt(at + 1) * 1_000_000_000n))
    return {
      id: known(parseEventId(`trace.span.m${at}.${body.kind}`)),
      entry: at,
      claimedAt: time,
      recordedAt: time,
      source: {
        channel: 'otlp',
        instance: 'http:4318',
        credential: 'loopback',
        tier: 'self-reported',
        clock: 'live',
        dialect: 'otel-genai',
        instrumentation: '',
      },
      agent: { id: agentIdOf({ kind: 'host', host: 'desk', service: 'told' }), name: 'desk' },
      context: {},
      body,
    }
  })
}

/** Captured text. */
export function captured(text: string): Content {
  return {
    state: 'captured',
    text,
    digest: known(parseSha256(hash('sha256', text))),
    bytes: Buffer.byteLength(text),
    mediaType: 'text/plain',
  }
}

export const call = (toolName: string, given: unknown): EventBody => ({
  kind: 'tool-call',
  toolName,
  arguments: captured(JSON.stringify(given)),
})

export const result = (toolName: string, text: string): EventBody => ({
  kind: 'tool-result',
  toolName,
  result: captured(text),
})

function known<T>(parsed: T | undefined): T {
  if (parsed === undefined) throw new Error('a test names something that is none')
  return parsed
}
