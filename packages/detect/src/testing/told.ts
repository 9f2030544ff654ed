import { hash } from 'node:crypto'
import type { Content, Event, EventBody } from '@holdfast/model'
import { agentIdOf, parseEventId, parseSha256, parseUnixNano } from '@holdfast/model'

/** Tells a made-up run as a normaliser would: one event after the other, each a second later. */
export class Told {
  readonly events: Event[] = []
  #calls = 0

  system(text: string): this {
    return this.#tell({ kind: 'prompt', role: 'system', ordinal: 0, content: content(text) })
  }

  user(text: string): this {
    return this.#tell({ kind: 'prompt', role: 'user', ordinal: 1, content: content(text) })
  }

  says(text: string): this {
    return this.#tell({ kind: 'model-output', ordinal: 0, part: 'text', content: content(text) })
  }

  /** A call with its answer, where it has one. */
  calls(tool: string, args: unknown, answer?: string): this {
    const callId = `call-${++this.#calls}`
    this.#tell({ kind: 'tool-call', toolName: tool, callId, arguments: content(JSON.stringify(args)) })
    return answer === undefined
      ? this
      : this.#tell({ kind: 'tool-result', toolName: tool, callId, result: content(answer) })
  }

  document(uri: string, text: string): this {
    return this.#tell({ kind: 'context-item', ordinal: 0, uri, query: NOT_SEEN, content: content(text) })
  }

  body(body: EventBody): this {
    return this.#tell(body)
  }

  #tell(body: EventBody): this {
    const at = this.events.length + 1
    this.events.push(eventOf(at, body))
    return this
  }
}

const NOT_SEEN: Content = { state: 'not-captured', reason: 'not-seen' }

/** Captured text. */
export function content(text: string): Content {
  return {
    state: 'captured',
    text,
    digest: known(parseSha256(hash('sha256', text))),
    bytes: Buffer.byteLength(text),
    mediaType: 'text/plain',
  }
}

function eventOf(at: number, body: EventBody): Event {
  const time = known(parseUnixNano(BigInt(at) * 1_000_000_000n))
  return {
    id: known(parseEventId(`trace.span.m${at}.${body.kind}`)),
    entry: at - 1,
    claimedAt: time,
    recordedAt: time,
    source: {
      channel: 'import',
      instance: 'told',
      credential: 'test',
      tier: 'self-reported',
      clock: 'synthetic',
      dialect: 'told',
      instrumentation: '',
    },
    agent: { id: agentIdOf({ kind: 'host', host: 'desk', service: 'told' }), name: 'told' },
    context: {},
    body,
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test told something that is not valid')
  return value
}
