import {
  type AuditEvent,
  type AuditItem,
  type AuditText,
  type Content,
  type EventBody,
  type EventSummary,
  type GraphNode,
  type SocketEnd,
  TRUST_TIERS,
} from '@holdfast/model'
import type { RowFacts } from './facts.ts'
import {
  ALL_TEXT_CHARACTERS,
  EVENTS_PER_CONNECTION,
  EVENTS_PER_ITEM,
  FACT_CHARACTERS,
  FACTS_PER_ITEM,
  TEXT_CHARACTERS,
} from './limits.ts'
import type { Part } from './selection.ts'

/** Makes items of nodes, and counts what bounds leave of their texts. */
export class ItemMaker {
  readonly #events: ReadonlyMap<string, EventSummary>
  readonly #textsOf: RowFacts['textsOf']
  #characters = 0
  #cut = 0

  constructor({ events, textsOf }: Pick<RowFacts, 'events' | 'textsOf'>) {
    const byId = new Map<string, EventSummary>()
    // The copy that the log has first is the one that is proven.
    for (const event of events.toSorted((a, b) => b.entry - a.entry)) byId.set(event.id, event)
    this.#events = byId
    this.#textsOf = textsOf
  }

  /** Texts that are cut or left out. */
  get cut(): number {
    return this.#cut
  }

  eventsOf(node: GraphNode): readonly EventSummary[] {
    return node.events.flatMap((id) => this.#events.get(id) ?? [])
  }

  item(node: GraphNode, part: Part): AuditItem {
    const events = this.eventsOf(node).toSorted((a, b) => rank(a) - rank(b) || compareWithin(a, b))
    const shown = events.slice(0, node.kind === 'connection' ? EVENTS_PER_CONNECTION : EVENTS_PER_ITEM)
    return {
      id: node.id,
      part,
      kind: node.kind,
      label: node.label,
      agent: node.agent,
      claimedAt: node.claimedAt,
      tier: node.tier,
      clock: node.clock,
      status: node.status,
      events: shown.map(eventOf),
      texts: this.#texts(shown),
      facts: { ...factsOf(node, shown), ...trafficOf(shown) },
    }
  }

  /** One text once, by its digest: a message that two tellers hold is told once. */
  #texts(events: readonly EventSummary[]): readonly AuditText[] {
    const found = new Map<string, AuditText>()
    for (const event of events) {
      for (const { slot, content } of this.#textsOf(event)) {
        const known = 'digest' in content ? content.digest : `${event.id}/${slot}`
        if (!found.has(known)) found.set(known, this.#text(event.id, slot, content))
      }
    }
    return [...found.values()]
  }

  #text(event: string, slot: string, content: Content): AuditText {
    switch (content.state) {
      case 'suppressed':
        return { event, slot, state: content.state, reason: content.rule }
      case 'not-captured':
        return { event, slot, state: content.state, reason: content.reason }
      case 'captured':
      case 'truncated':
      case 'redacted': {
        const room = Math.max(0, Math.min(TEXT_CHARACTERS, ALL_TEXT_CHARACTERS - this.#characters))
        const text = content.text.slice(0, room).toWellFormed()
        const isCut = text !== content.text
        this.#characters += text.length
        if (isCut) this.#cut += 1
        const { state, digest, bytes } = content
        return { event, slot, state, digest, bytes, text, ...(isCut ? { isCut } : {}) }
      }
    }
  }
}

function rank({ source }: EventSummary): number {
  return TRUST_TIERS.indexOf(source.tier)
}

/** Of a connection how it began, how it ended, and then what says most of how much passed. */
function compareWithin(a: EventSummary, b: EventSummary): number {
  if (a.body.kind === 'connection' && b.body.kind === 'connection') {
    const order = CONNECTION_ORDER.indexOf(a.body.action) - CONNECTION_ORDER.indexOf(b.body.action)
    if (order !== 0) return order
    const more = passed(b.body) - passed(a.body)
    if (more !== 0) return more
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

const CONNECTION_ORDER: readonly string[] = ['connect', 'accept', 'refused', 'close', 'flow', 'bind']

function passed({
  bytesSent = 0,
  bytesReceived = 0,
}: {
  readonly bytesSent?: number
  readonly bytesReceived?: number
}): number {
  return bytesSent + bytesReceived
}

function eventOf({ id, entry, recordedAt, source, context, body }: EventSummary): AuditEvent {
  const callId = 'callId' in body ? body.callId : undefined
  return {
    id,
    kind: body.kind,
    entry,
    recordedAt: recordedAt.toString(),
    channel: source.channel,
    ...(context.trace === undefined ? {} : { trace: context.trace }),
    ...(context.span === undefined ? {} : { span: context.span }),
    ...(callId === undefined ? {} : { callId }),
  }
}

/** What the strongest tellers say in plain values; of two that name the same fact, the stronger. */
function factsOf({ kind }: GraphNode, events: readonly EventSummary[]): AuditItem['facts'] {
  const facts = new Map<string, string | number | boolean>()
  for (const { body, context } of events) {
    // A process is told of by what it did, too: that is another item's fact.
    const own = kind !== 'process' || body.kind === 'process' ? plainFacts(body) : []
    for (const [name, value] of [
      ...own,
      ...(context.process === undefined ? [] : [['process', context.process] as const]),
    ])
      if (!facts.has(name) && facts.size < FACTS_PER_ITEM) facts.set(name, value)
  }
  return Object.fromEntries(facts)
}

/** How much went over the sockets that these events tell of: each socket's last word, added up. */
function trafficOf(events: readonly EventSummary[]): AuditItem['facts'] {
  const sockets = new Map<string, { sent: number; received: number }>()
  for (const { body } of events) {
    if (body.kind !== 'connection' || body.socket === undefined) continue
    const known = sockets.get(body.socket) ?? { sent: 0, received: 0 }
    sockets.set(body.socket, {
      sent: Math.max(known.sent, body.bytesSent ?? 0),
      received: Math.max(known.received, body.bytesReceived ?? 0),
    })
  }
  if (sockets.size === 0) return {}
  const sum = (of: 'sent' | 'received'): number => [...sockets.values()].reduce((total, one) => total + one[of], 0)
  return { sockets: sockets.size, bytesSent: sum('sent'), bytesReceived: sum('received') }
}

function plainFacts(body: EventBody<unknown>): readonly (readonly [string, string | number | boolean])[] {
  const facts: (readonly [string, string | number | boolean])[] = []
  for (const [name, value] of Object.entries(body) as readonly (readonly [string, unknown])[]) {
    if (name === 'kind') continue
    if (typeof value === 'string') facts.push([name, value.slice(0, FACT_CHARACTERS).toWellFormed()])
    else if (typeof value === 'number' || typeof value === 'boolean') facts.push([name, value])
    else if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'))
      facts.push([name, value.join(', ').slice(0, FACT_CHARACTERS).toWellFormed()])
  }
  if (body.kind === 'connection' || body.kind === 'socket') {
    if (body.local !== undefined) facts.push(['local', endText(body.local)])
    if (body.remote !== undefined) facts.push(['remote', endText(body.remote)])
  }
  if (body.kind === 'api-call') facts.push(['principal', body.principal.id])
  if (body.kind === 'model-call') facts.push(...Object.entries(body.usage))
  return facts
}

function endText({ address, port }: SocketEnd): string {
  if (port === 0) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
