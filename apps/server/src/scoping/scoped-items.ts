import { parseAgentId, type AgentId, type Event, type EventSummary } from '@holdfast/model'
import type { ScopedChannel, ScopedItem, ScopedTool } from '@holdfast/respond'
import type { SweptIncident } from './contexts.ts'
import { SCOPED_ROWS } from './limits.ts'
import type { Material } from './material.ts'
import { broughtBy, textOf } from './texts.ts'

type Asked = {
  readonly material: Material
  readonly ids: ReadonlySet<string>
  readonly tainted: (event: EventSummary) => boolean
}

/** Who wrote an item last, by its id, as the log has it. */
export type WriterOf = (item: string) => string | undefined

/** Documents, memory records, tool descriptions and messages that entered the contexts of the scope. */
export function scopedItems({ material, ids, tainted }: Asked, writerOf: WriterOf): readonly ScopedItem[] {
  const calls = callsById(material.events)
  const rows = new Map<string, ScopedItem>()
  for (const event of material.events) {
    if (!ids.has(event.agent.id)) continue
    const item = itemOf(event, { material, calls, isTainted: tainted(event) })
    if (item === undefined) continue
    const key = JSON.stringify([item.agent, item.kind, item.source, item.id, item.version, item.digest])
    const before = rows.get(key)
    const writer = item.kind === 'document' || item.kind === 'memory' ? (item.writer ?? writerOf(item.id)) : undefined
    if (before?.isTainted !== true) rows.set(key, { ...item, ...(writer === undefined ? {} : { writer }) })
  }
  return taintedFirst([...rows.values()])
}

/** Ways by which a text came into the contexts of the scope. */
export function scopedChannels(
  { material, ids, tainted }: Asked,
  { handovers, sweep }: SweptIncident,
): readonly ScopedChannel[] {
  const calls = callsById(material.events)
  const rows = new Map<string, ScopedChannel>()
  for (const event of material.events) {
    const channel = ids.has(event.agent.id) ? channelOf(event, calls) : undefined
    if (channel === undefined) continue
    const key = JSON.stringify([event.agent.id, channel])
    const broughtTaint = tainted(event) || rows.get(key)?.broughtTaint === true
    rows.set(key, { agent: event.agent.id, channel, broughtTaint })
  }
  const taintedReceivers = new Set(
    sweep.receivers.flatMap(({ receiver, verdict }) => (verdict === 'tainted' ? [receiver] : [])),
  )
  for (const { giver, receiver } of handovers) {
    const agent = parseAgentId(receiver)
    if (agent === undefined || !ids.has(agent)) continue
    const channel = `delegation:${giver}`
    rows.set(JSON.stringify([agent, channel]), { agent, channel, broughtTaint: taintedReceivers.has(receiver) })
  }
  return [...rows.values()]
    .toSorted((a, b) => compare(a.agent, b.agent) || compare(a.channel, b.channel))
    .slice(0, SCOPED_ROWS)
}

/** Tools that agents of the scope called, with what fired on them. */
export function scopedTools({ material, ids }: Pick<Asked, 'material' | 'ids'>): readonly ScopedTool[] {
  const { incident, events } = material
  const deeds = new Set<string>(incident.signals.flatMap(({ deed }) => deed ?? []))
  const rows = new Map<string, ScopedTool>()
  const definitions = new Map<string, string>()
  for (const { agent, body } of events)
    if (body.kind === 'tool-definition' && body.definition !== undefined)
      definitions.set(JSON.stringify([agent.id, body.toolName]), body.definition)
  for (const { id, agent, body } of events) {
    if (body.kind !== 'tool-call' || !ids.has(agent.id)) continue
    const key = JSON.stringify([agent.id, body.toolName])
    const before = rows.get(key)
    const server = body.server ?? before?.server
    const definition = definitions.get(key)
    rows.set(key, {
      agent: agent.id,
      tool: body.toolName,
      ...(server === undefined ? {} : { server }),
      ...(definition === undefined ? {} : { definition }),
      isMisused: deeds.has(id) || before?.isMisused === true,
    })
  }
  return [...rows.values()]
    .toSorted((a, b) => compare(a.agent, b.agent) || compare(a.tool, b.tool))
    .slice(0, SCOPED_ROWS)
}

/** Hosts and addresses that agents of the scope spoke to. */
export function scopedDestinations({
  material,
  ids,
}: Pick<Asked, 'material' | 'ids'>): readonly { readonly agent: AgentId; readonly name: string }[] {
  const rows = new Map<string, { readonly agent: AgentId; readonly name: string }>()
  for (const { agent, body } of material.events) {
    if (!ids.has(agent.id)) continue
    const name =
      body.kind === 'egress'
        ? withPort(body.destination, body.port)
        : body.kind === 'connection' &&
            body.action === 'connect' &&
            body.remote !== undefined &&
            body.protocol !== 'unix'
          ? withPort(body.remote.address, body.remote.port)
          : undefined
    if (name !== undefined) rows.set(JSON.stringify([agent.id, name]), { agent: agent.id, name })
  }
  return [...rows.values()]
    .toSorted((a, b) => compare(a.agent, b.agent) || compare(a.name, b.name))
    .slice(0, SCOPED_ROWS)
}

/**
 * The way by which an event brought a text: `tool:mail.read`, `document:kb`, `memory:notes`, `user`. What was handed over came from
 * its giver (`delegation:<giver>`), and is told of by the hand-overs.
 */
export function channelOf({ body }: EventSummary, calls: ReadonlyMap<string, CallOf>): string | undefined {
  if (body.kind === 'tool-result') return `tool:${body.toolName}`
  if (body.kind === 'context-item')
    return body.dataSource === PROMPT_TEMPLATE ? 'prompt-template' : `document:${body.dataSource ?? hostOf(body.uri)}`
  if (body.kind === 'memory') return body.operation === 'read' ? `memory:${body.store ?? '-'}` : undefined
  if (body.kind === 'tool-definition') return `tool-description:${body.server ?? '-'}`
  if (body.kind !== 'prompt' || body.role === 'assistant') return undefined
  if (body.role !== 'tool') return body.role === 'user' ? 'user' : 'system'
  const tool = body.callId === undefined ? undefined : calls.get(body.callId)?.tool
  return tool === undefined ? undefined : `tool:${tool}`
}

/** As dialects name the source of a prompt's template. */
const PROMPT_TEMPLATE = 'prompt-template'

export type CallOf = { readonly tool: string; readonly server?: string; readonly event: EventSummary }

export function callsById(events: readonly EventSummary[]): ReadonlyMap<string, CallOf> {
  return new Map(
    events.flatMap((event) => {
      const { body } = event
      if (body.kind !== 'tool-call' || body.callId === undefined) return []
      return [
        [
          body.callId,
          { tool: body.toolName, ...(body.server === undefined ? {} : { server: body.server }), event },
        ] as const,
      ]
    }),
  )
}

type ItemContext = {
  readonly material: Material
  readonly calls: ReadonlyMap<string, CallOf>
  readonly isTainted: boolean
}

function itemOf(event: EventSummary, { material, calls, isTainted }: ItemContext): ScopedItem | undefined {
  const { body, agent } = event
  const content = body.kind === 'memory' ? body.content : broughtBy(body)
  const digest = content !== undefined && 'digest' in content ? { digest: content.digest } : {}
  const base = { agent: agent.id, isTainted, ...digest }
  if (body.kind === 'context-item') {
    const id = body.origin ?? body.uri
    if (body.dataSource === PROMPT_TEMPLATE || id === undefined) return undefined
    const version = body.version === undefined ? {} : { version: body.version }
    return { ...base, kind: 'document', source: body.dataSource ?? hostOf(body.uri), id, ...version }
  }
  if (body.kind === 'memory')
    return body.record === undefined
      ? undefined
      : { ...base, kind: 'memory', source: body.store ?? '-', id: body.record }
  if (body.kind === 'tool-definition') {
    const definition = body.definition === undefined ? {} : { digest: body.definition }
    return { ...base, kind: 'tool-description', source: body.server ?? '-', id: body.toolName, ...definition }
  }
  // Every answer is a message: those that brought nothing of it are no items of an incident.
  if (!isTainted) return undefined
  if (body.kind === 'tool-result') {
    const call = body.callId === undefined ? undefined : calls.get(body.callId)
    const full = call === undefined ? undefined : material.texts.event(call.event)
    return { ...base, kind: 'message', source: `tool:${body.toolName}`, id: argumentsOf(full) ?? event.id }
  }
  // What a tool answered stands in the next prompt as well.
  if (body.kind === 'prompt' && (body.role === 'tool' || body.role === 'assistant')) return undefined
  if (body.kind === 'prompt') return { ...base, kind: 'message', source: body.role, id: event.id }
  if (body.kind === 'delegation')
    return { ...base, kind: 'message', source: 'delegation', id: body.delegationId ?? event.id }
  return undefined
}

/** The arguments name what was read, as a message or a page: `{"id":"MSG-2210"}`. Long ones name nothing. */
function argumentsOf(event: Event | undefined): string | undefined {
  const text = event?.body.kind === 'tool-call' ? textOf(event.body.arguments) : undefined
  return text === undefined || text.length > 200 ? undefined : text
}

function taintedFirst(items: readonly ScopedItem[]): readonly ScopedItem[] {
  return items
    .toSorted(
      (a, b) =>
        Number(b.isTainted) - Number(a.isTainted) ||
        compare(a.agent, b.agent) ||
        compare(
          `${a.kind}\n${a.source}\n${a.id}\n${a.version ?? ''}`,
          `${b.kind}\n${b.source}\n${b.id}\n${b.version ?? ''}`,
        ),
    )
    .slice(0, SCOPED_ROWS)
}

function withPort(host: string, port: number | undefined): string {
  if (port === undefined || port === 0) return host
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`
}

function hostOf(uri: string | undefined): string {
  if (uri === undefined) return '-'
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(uri)?.[1] ?? uri.split('/')[0] ?? '-'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
