import type { ApiEvent, ContentSlot } from '@holdfast/api'
import type { ContentRef, EventBody, EventSummary, LogEntry } from '@holdfast/model'
import { kernelLabel } from '@holdfast/model'
import { kernelFacts } from './kernel-facts.ts'
import { ownConversation, traceKeyOf } from './keys.ts'

/** An event as the API shows it: plain facts, and its contents by slot without their texts. */
export function toApiEvent(event: EventSummary, entry: Pick<LogEntry, 'index'>): ApiEvent {
  const { context, source, agent } = event
  return {
    id: event.id,
    entry: entry.index,
    kind: event.body.kind,
    label: eventLabel(event.body),
    claimedAt: event.claimedAt.toString(),
    ...(event.claimedUntil === undefined ? {} : { claimedUntil: event.claimedUntil.toString() }),
    recordedAt: event.recordedAt.toString(),
    agent,
    source,
    conversation: context.conversation ?? ownConversation(traceKeyOf(event)),
    ...(context.trace === undefined ? {} : { trace: context.trace }),
    ...(context.span === undefined ? {} : { span: context.span }),
    ...(context.parentSpan === undefined ? {} : { parentSpan: context.parentSpan }),
    facts: factsOf(event),
    contents: contentsOf(event.body),
  }
}

/** One line that names the act of an event, whose facts stand beside it. Untrusted text. */
export function eventLabel(body: EventBody<ContentRef>): string {
  switch (body.kind) {
    case 'prompt':
      return `${body.role} message`
    case 'model-call':
      return `${body.operation} ${body.responseModel ?? body.requestModel ?? ''}`.trim()
    case 'model-output':
      return body.toolName === undefined ? `model ${body.part}` : `asks for ${body.toolName}`
    case 'tool-definition':
    case 'tool-call':
    case 'tool-result':
      return body.toolName
    case 'context-item':
      return body.origin ?? body.uri ?? body.dataSource ?? 'document'
    case 'memory':
      return `memory ${body.operation}`
    case 'invocation':
      return body.name === '' ? body.operation : body.name
    case 'delegation':
      return `to ${body.to}`
    case 'identity':
      return body.principal
    case 'guardrail':
      return `${body.name}: ${body.verdict}`
    case 'egress':
      return body.destination
    case 'step':
      return body.name
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
      return kernelLabel(body)
    case 'tool-catalogue':
      return `tools of ${body.server}`
    case 'component':
      return `${body.state} ${body.component.kind} ${body.component.name}`
    case 'declaration':
      return `declared in ${body.document}`
    case 'api-call':
      return body.action
    case 'change':
      return `${body.change} ${body.subject}`
    case 'control':
      return body.record.kind
  }
}

/** Fields of the body that are plain values. */
function factsOf(event: EventSummary): ApiEvent['facts'] {
  const { body } = event
  const facts: [string, string | number | boolean][] = []
  for (const [name, value] of Object.entries(body)) {
    if (name === 'kind') continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts.push([name, value])
    else if (Array.isArray(value) && value.length > 0) facts.push([name, listed(value)])
  }
  if (body.kind === 'model-call') for (const [name, value] of Object.entries(body.usage)) facts.push([name, value])
  if (body.kind === 'api-call') facts.push(['principal', body.principal.id])
  if (body.kind === 'tool-call' && body.effect?.kind === 'file-write') facts.push(['path', body.effect.path])
  if (body.kind === 'tool-call' && body.effect?.kind === 'request') facts.push(['host', body.effect.host])
  if (body.kind === 'control') facts.push(['record', JSON.stringify(body.record)])
  return Object.fromEntries([...facts, ...kernelFacts(event)])
}

/** Texts side by side; objects by their names, and counted where one has none. */
function listed(values: readonly unknown[]): string | number {
  const names = values.map((value) => {
    if (typeof value !== 'object' || value === null) return String(value)
    return 'name' in value && typeof value.name === 'string' ? value.name : undefined
  })
  return names.includes(undefined) ? values.length : names.join(', ')
}

/** The content slots of a body, by field name. */
export function contentsOf(body: EventBody<ContentRef>): ContentSlot[] {
  return Object.entries(body).flatMap(([slot, value]: [string, unknown]) => {
    const content = asContentRef(value)
    return content === undefined ? [] : [{ slot, ...describe(content) }]
  })
}

function asContentRef(value: unknown): ContentRef | undefined {
  // Of the fields of a body only contents are objects with a state.
  return typeof value === 'object' && value !== null && 'state' in value ? (value as ContentRef) : undefined
}

function describe(content: ContentRef): Omit<ContentSlot, 'slot'> {
  switch (content.state) {
    case 'captured':
    case 'truncated':
    case 'redacted':
      return { state: content.state, digest: content.digest, bytes: content.bytes, mediaType: content.mediaType }
    case 'suppressed':
      return { state: content.state, reason: content.rule }
    case 'not-captured':
      return { state: content.state, reason: content.reason }
  }
}
