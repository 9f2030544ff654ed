import type { ContentRef, EventBody, EventSummary, HuntField } from '@holdfast/model'
import { eventLabel } from '../views/api-event.ts'
import { ownConversation, traceKeyOf } from '../views/keys.ts'

/** Fields that an event tells by itself; the others are known of its agent or its case when somebody asks. */
export const STORED_FIELDS = [
  'agent',
  'kind',
  'tool',
  'server',
  'destination',
  'identity',
  'file',
  'document',
  'model',
  'action',
  'outcome',
  'tier',
  'channel',
  'content',
  'instance',
  'conversation',
] as const satisfies readonly HuntField[]

export type StoredField = (typeof STORED_FIELDS)[number]

/** An event as hunting sees it; names of one field that mean the same are apart by a line feed, and none has one within. */
export type HuntEvent = {
  readonly id: string
  readonly entry: number
  /** Which of the entry's events it is. */
  readonly part: number
  readonly claimedAt: bigint
  readonly recordedAt: bigint
  readonly label: string
  readonly values: { readonly [F in StoredField]: string | undefined }
}

/** The columns of one event; `part` is its place among those of its log entry. Untrusted texts. */
export function huntEvent(event: EventSummary, part: number): HuntEvent {
  const { body, source } = event
  const names = namesOf(body)
  const shared = sharedNames(event)
  return {
    id: event.id,
    entry: event.entry,
    part,
    claimedAt: event.claimedAt,
    recordedAt: event.recordedAt,
    label: eventLabel(body),
    // All fields, whether the event has them or not: reading a column of objects of one shape takes a third of the time.
    values: {
      agent: shared.agent,
      kind: kindOf(body),
      tool: valueOf(names.tool),
      server: valueOf(names.server),
      destination: valueOf(names.destination),
      identity: valueOf(names.identity),
      file: valueOf(names.file),
      document: valueOf(names.document),
      model: valueOf(names.model),
      action: valueOf(names.action),
      outcome: outcomeOf(body),
      tier: source.tier,
      channel: source.channel,
      content: contentState(body),
      instance: shared.instance,
      conversation: shared.conversation,
    },
  }
}

type Shared = Pick<HuntEvent['values'], 'agent' | 'instance' | 'conversation'>

function sharedNames(event: EventSummary): Shared {
  const { agent, context } = event
  if (last?.from.agent === agent && last.from.context === context) return last.shared
  const trace = traceKeyOf(event)
  const shared = {
    agent: named([agent.id, agent.name, agent.member]),
    instance: named([agent.instance]),
    conversation: named([context.conversation ?? ownConversation(trace), trace]),
  }
  last = { from: { agent, context }, shared }
  return shared
}

/** The events of an entry share their agent and context; the answer is the same with and without it. */
let last: { readonly from: Pick<EventSummary, 'agent' | 'context'>; readonly shared: Shared } | undefined

function named(names: readonly (string | undefined)[]): string {
  let text = ''
  for (const [i, name] of names.entries())
    if (name !== undefined && name !== '' && names.indexOf(name) === i)
      text = text === '' ? oneLine(name) : `${text}\n${oneLine(name)}`
  return text
}

/** A line feed within a name would make its rest another name of the same: a sender could borrow one that way. */
function oneLine(name: string): string {
  return name.includes('\n') ? name.replaceAll('\n', '␊') : name
}

/** `process.exec`: the kind, and which act of it. */
function kindOf(body: EventBody<ContentRef>): string {
  switch (body.kind) {
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
      return `${body.kind}.${body.action}`
    case 'memory':
      return `${body.kind}.${body.operation}`
    case 'prompt':
      return `${body.kind}.${body.role}`
    case 'model-output':
      return `${body.kind}.${body.part}`
    case 'control':
      return `${body.kind}.${body.record.kind}`
    case 'change':
      return `${body.kind}.${body.change}`
    case 'component':
      return `${body.kind}.${body.state}`
    case 'model-call':
    case 'tool-definition':
    case 'tool-catalogue':
    case 'declaration':
    case 'api-call':
    case 'tool-call':
    case 'tool-result':
    case 'context-item':
    case 'invocation':
    case 'delegation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'syscall-set':
    case 'socket':
      return body.kind
  }
}

type NamedField = 'tool' | 'server' | 'destination' | 'identity' | 'file' | 'document' | 'model' | 'action'

/** Of several names the one to show first. */
type Name = string | readonly (string | undefined)[] | undefined
type Names = { readonly [F in NamedField]?: Name }

function valueOf(name: Name): string | undefined {
  if (typeof name === 'string') return oneLine(name)
  return name === undefined ? undefined : named(name)
}

function namesOf(body: EventBody<ContentRef>): Names {
  switch (body.kind) {
    case 'tool-call': {
      const { effect } = body
      return {
        tool: body.toolName,
        server: body.server,
        ...(effect?.kind === 'file-write' ? { file: effect.path } : {}),
        ...(effect?.kind === 'request' ? { destination: effect.host } : {}),
      }
    }
    case 'tool-result':
    case 'tool-definition':
      return { tool: body.toolName, server: body.server }
    case 'tool-catalogue':
      return { server: body.server }
    case 'model-output':
      return { tool: body.toolName }
    case 'model-call':
      return { model: body.responseModel ?? body.requestModel, destination: body.endpoint }
    case 'context-item':
      return { document: body.origin ?? body.uri ?? body.dataSource, server: body.dataSource }
    case 'memory':
      return { document: body.record, server: body.store }
    case 'declaration':
      return { document: body.document }
    case 'identity':
      return { identity: body.principal }
    case 'api-call':
      return { identity: body.principal.id, action: body.action }
    case 'change':
      return {
        action: body.change,
        identity: body.author,
        ...(isOfText(body.change) ? { document: body.subject } : {}),
      }
    case 'egress':
      return { destination: body.port === undefined ? body.destination : `${body.destination}:${body.port}` }
    case 'process':
      return body.action === 'exec' || body.action === 'exec-failed' ? { file: body.binary } : {}
    case 'file':
      return { file: body.path }
    case 'connection':
      return { destination: endOf(body.remote ?? body.local) }
    case 'dns':
      return { destination: body.name }
    case 'socket':
      return { destination: [endOf(body.remote), body.name] }
    case 'kernel':
      return { action: body.action }
    case 'delegation':
      return { action: body.mechanism }
    case 'control':
      return 'by' in body.record && typeof body.record.by === 'string' ? { identity: body.record.by } : {}
    case 'component':
    case 'guardrail':
    case 'invocation':
    case 'prompt':
    case 'step':
    case 'syscall-set':
      return {}
  }
}

/** A change of what an agent reads: its subject names the text. */
function isOfText(change: Extract<EventBody, { readonly kind: 'change' }>['change']): boolean {
  return change === 'prompt-template' || change === 'tool-catalogue'
}

function endOf(end: { readonly address: string; readonly port: number } | undefined): string | undefined {
  if (end === undefined || end.port === 0) return end?.address
  return end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`
}

/** `error` and `denied` where the source says so; nothing where it says nothing. */
function outcomeOf(body: EventBody<ContentRef>): string | undefined {
  switch (body.kind) {
    case 'api-call':
      return body.decision
    case 'tool-result':
    case 'model-call':
    case 'invocation':
    case 'step':
      return body.error === undefined ? undefined : 'failed'
    case 'connection':
      return body.action === 'refused' ? 'denied' : resultOf(body.result)
    case 'file':
    case 'kernel':
      return resultOf(body.result)
    case 'process':
      return body.action === 'exec' || body.action === 'exec-failed' ? resultOf(body.result) : undefined
    case 'guardrail':
      return body.verdict
    case 'change':
    case 'component':
    case 'context-item':
    case 'control':
    case 'declaration':
    case 'delegation':
    case 'dns':
    case 'egress':
    case 'identity':
    case 'memory':
    case 'model-output':
    case 'prompt':
    case 'socket':
    case 'syscall-set':
    case 'tool-call':
    case 'tool-catalogue':
    case 'tool-definition':
      return undefined
  }
}

/** EACCES and EPERM are what a policy answers. */
function resultOf(result: number): string | undefined {
  if (result === -13 || result === -1) return 'denied'
  return result < 0 ? 'failed' : undefined
}

const LACKING = ['not-captured', 'suppressed', 'redacted', 'truncated', 'captured'] as const

/** Of several contents the one of which least is known: what an analyst looks for. */
function contentState(body: EventBody<ContentRef>): string | undefined {
  let least: number = LACKING.length
  for (const value of Object.values(body) as readonly unknown[]) {
    // Of the fields of a body only contents are objects with a state; `state` of a component is no such object.
    if (typeof value !== 'object' || value === null || !('state' in value)) continue
    const rank = LACKING.findIndex((state) => state === value.state)
    if (rank !== -1) least = Math.min(least, rank)
  }
  return LACKING[least]
}
