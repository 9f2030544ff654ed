import { scanOtlp } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'

/** A conversation of one user turn, as an OpenTelemetry instrumentation tells it. */
export type Story = {
  readonly service: string
  /** Host that it runs on; one of nowhere unless told. */
  readonly host?: string
  /** 32 hex digits. */
  readonly trace: string
  readonly user: string
  readonly document: string
  /** What the agent does after it has read the document; nothing where it resists. */
  readonly mail?: { readonly to: string; readonly subject: string }
  /** How often it does so, a second apart; once unless told. */
  readonly mails?: number
  /** Nanoseconds after the first of all days at which it begins; at once where not told. */
  readonly laterBy?: bigint
  /** What it keeps in its memory or recalls of it, before the mail. */
  readonly memory?: readonly { readonly operation: 'read' | 'write'; readonly record: string; readonly text: string }[]
  /** A trace that this one names as its cause. */
  readonly after?: { readonly trace: string; readonly span: string }
  /** The conversation that each span names. */
  readonly conversation?: string
  /** The conversation that a last span alone names, as the root of a trace does that ends after all others. */
  readonly root?: string
}

type SpanJson = Readonly<Record<string, unknown>> & { readonly attributes: readonly unknown[] }

const START = 1_790_000_000_000_000_000n

/** One group for each span, so that spans can arrive in any order. */
export function storyGroups(story: Story): readonly EntryGroup[] {
  return storyRequests(story).flatMap(groupsOf)
}

/** One OTLP request, as JSON, for each span. */
export function storyRequests(story: Story): readonly Uint8Array[] {
  const { trace, user, document, mail, mails = 1, memory = [], laterBy = 0n, root } = story
  const calls = [
    chat(1, [{ role: 'user', parts: [{ type: 'text', content: user }] }]),
    toolSpan(2, 'read_document', { name: 'report' }, document),
    ...memory.map((one, i) => memorySpan(3 + i, one)),
    ...(mail === undefined
      ? []
      : Array.from({ length: mails }, (_, sent) => toolSpan(4 + memory.length + sent, 'send_mail', mail, 'queued'))),
    ...(root === undefined
      ? []
      : [spanOf(900, 'invoke_agent', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.conversation.id': root })]),
  ]
  return calls.map((span) => requestOf(story, { ...span, ...timesOf(span, laterBy), traceId: trace, kind: 1 }))
}

function timesOf(span: Readonly<Record<string, unknown>>, laterBy: bigint): Readonly<Record<string, string>> {
  const later = (time: unknown): string => (BigInt(String(time)) + laterBy).toString()
  return {
    startTimeUnixNano: later(span['startTimeUnixNano']),
    endTimeUnixNano: later(span['endTimeUnixNano']),
  }
}

function requestOf(
  { service, host = 'story', after, conversation }: Story,
  { attributes: own, ...span }: SpanJson,
): Uint8Array {
  const named = conversation === undefined ? [] : attributes({ 'gen_ai.conversation.id': conversation })
  const links = after === undefined ? {} : { links: [{ traceId: after.trace, spanId: after.span }] }
  const request = {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': service, 'host.name': host }) },
        scopeSpans: [{ scope: { name: 'story' }, spans: [{ ...span, ...links, attributes: [...own, ...named] }] }],
      },
    ],
  }
  return Buffer.from(JSON.stringify(request))
}

function groupsOf(body: Uint8Array): readonly EntryGroup[] {
  const scanned = scanOtlp({
    signal: 'traces',
    encoding: 'json',
    body,
    arrival: { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' },
  })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}

function chat(step: number, messages: unknown): SpanJson {
  return spanOf(step, 'chat gpt-5-mini', {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.input.messages': JSON.stringify(messages),
  })
}

function toolSpan(step: number, name: string, args: unknown, result: string): SpanJson {
  return spanOf(step, `execute_tool ${name}`, {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.id': `call-${step}`,
    'gen_ai.tool.call.arguments': JSON.stringify(args),
    'gen_ai.tool.call.result': result,
  })
}

function memorySpan(step: number, { operation, record, text }: NonNullable<Story['memory']>[number]): SpanJson {
  return spanOf(step, `memory ${operation}`, {
    'holdfast.memory.operation': operation,
    'holdfast.memory.store': 'notes',
    'holdfast.memory.record': record,
    'holdfast.memory.content': text,
  })
}

function spanOf(step: number, name: string, values: Readonly<Record<string, string>>): SpanJson {
  const at = START + BigInt(step) * 1_000_000_000n
  return {
    spanId: step.toString(16).padStart(16, '0'),
    name,
    startTimeUnixNano: at.toString(),
    endTimeUnixNano: (at + 500_000_000n).toString(),
    attributes: attributes(values),
  }
}

function attributes(values: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
