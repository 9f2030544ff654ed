import { hash } from 'node:crypto'
import { deriveGraph, summarise } from '@holdfast/graph'
import {
  agentIdOf,
  parseEventId,
  parseSha256,
  parseSpanId,
  parseTraceId,
  parseUnixNano,
  type Content,
  type Event,
  type EventBody,
  type EventSummary,
  type TrustTier,
} from '@holdfast/model'
import type { RowFacts } from '../facts.ts'

export const OMITTED: Content = { state: 'not-captured', reason: 'instrumentation-omits' }
const TRACE = 'a'.repeat(32)

type Where = {
  readonly span?: number
  readonly parent?: number
  readonly tier?: TrustTier
  readonly process?: string
  /** A session of its own, without the trace. */
  readonly apart?: true
}

/** Events of one conversation as normalisers give them, with their texts. */
export class RowStory {
  readonly #events: Event[] = []

  tell(where: Where, bodies: Readonly<Record<string, EventBody>>): this {
    const entry = this.#events.length
    for (const [slot, body] of Object.entries(bodies)) this.#events.push(eventOf(where, { slot, body, entry }))
    return this
  }

  event(slot: string): EventSummary {
    const event = this.#events.find(({ id }) => id.endsWith(`.${slot}`))
    if (event === undefined) throw new Error(`the story has no ${slot}`)
    return summarise(event)
  }

  /** Facts about the event of a slot; `arrival` puts the events into another order. */
  facts(
    slot: string,
    more: Partial<RowFacts> & { readonly arrival?: (events: EventSummary[]) => EventSummary[] } = {},
  ): RowFacts {
    const { arrival = (all) => all, ...rest } = more
    const events = arrival(this.#events.map((event) => summarise(event)))
    return {
      subject: { kind: 'event', event: this.event(slot), words: slot },
      graph: deriveGraph('ticket-7', events),
      conversations: ['ticket-7'],
      events,
      textsOf: ({ id }) => contentsOf(this.#events.find((event) => event.id === id)),
      hostedBy: undefined,
      gaps: [],
      cut: { conversations: 0, graph: 0 },
      ...rest,
    }
  }
}

function contentsOf(event: Event | undefined): readonly { readonly slot: string; readonly content: Content }[] {
  return Object.entries(event?.body ?? {}).flatMap(
    ([slot, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null && 'state' in value ? [{ slot, content: value as Content }] : [], // contents alone have a state
  )
}

function eventOf(
  { span, parent, tier = 'self-reported', process, apart }: Where,
  { slot, body, entry }: { slot: string; body: EventBody; entry: number },
): Event {
  const id = agentIdOf({ kind: 'host', host: 'h', service: 'desk' })
  const isKernel = tier === 'kernel'
  const name = span === undefined ? `kernel.${process ?? 'b.1.1'}` : `${TRACE}.${hex(span)}.${'0'.repeat(20)}`
  const at = must(parseUnixNano(BigInt(1_000 + entry) * 1_000_000n))
  return {
    id: must(parseEventId(`${name}.${slot}`)),
    entry,
    claimedAt: at,
    recordedAt: at,
    source: {
      channel: isKernel ? 'sensor' : 'otlp',
      instance: 'here',
      credential: isKernel ? 'sensor-1' : 'loopback',
      tier,
      clock: 'live',
      dialect: isKernel ? 'sensor' : 'otel-genai',
      instrumentation: 'test 1',
    },
    agent: { id, name: 'desk' },
    context: {
      ...(apart === true ? { session: `${id}~run` } : { trace: must(parseTraceId(TRACE)) }),
      ...(span === undefined ? {} : { span: must(parseSpanId(hex(span))) }),
      ...(parent === undefined ? {} : { parentSpan: must(parseSpanId(hex(parent))) }),
      ...(process === undefined ? {} : { process, contextBasis: 'environment' }),
    },
    body,
  }
}

export function text(value: string): Content {
  const digest = must(parseSha256(hash('sha256', value)))
  return { state: 'captured', text: value, digest, bytes: Buffer.byteLength(value), mediaType: 'text/plain' }
}

function hex(number: number): string {
  return number.toString(16).padStart(16, '0')
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the story tells an id that no source could send')
  return value
}
