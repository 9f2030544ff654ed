import { hash } from 'node:crypto'
import type { EventContext, LogEntry } from '@holdfast/model'
import { textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { Act } from '../dialects/act.ts'
import { oneEvent, writeEvents } from '../dialects/write-events.ts'
import type { EventFrame } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'
import { modelActs } from './model-acts.ts'
import { readExchange } from './read-exchange.ts'
import type { ReadExchange } from './read-exchange.ts'

/**
 * Reads one HTTP exchange that was seen in plain text: a model call with its prompts, answers, tool definitions and
 * results, any other request as egress, and what the process served as a step. Undefined where the bytes are none.
 */
export function normaliseExchange(entry: LogEntry, body: Uint8Array): Normalised | undefined {
  const exchange = readExchange(body)
  if (exchange === undefined) return undefined
  const model = exchange.side === 'client' ? modelActs(exchange) : undefined
  const dialect = model?.api.name ?? 'http'
  const frame = frameOf(entry, body, { exchange, dialect })
  const acts = keptActs(exchange) ?? model?.acts ?? egressActs(exchange)
  if (acts.length === 0) {
    const name = `served ${exchange.request?.method ?? ''} ${exchange.request?.path ?? 'an unseen request'}`
    const step = { kind: 'step', name: name.slice(0, 256), mapped: true, unmapped: [], ...lossText(exchange) } as const
    return { events: [oneEvent(frame, 'step', step)], dialect, mapped: 1, unmapped: [], cut: 0 }
  }
  const written = writeEvents(acts, frame)
  return { events: written.events, dialect, mapped: 1, unmapped: [], cut: written.cut }
}

/** What a proxy kept from going on was no call of a model, and reached nobody. */
function keptActs({ kept }: ReadExchange): readonly Act[] | undefined {
  if (kept === undefined) return undefined
  const { guardrail: name, facts } = kept
  const target = facts['route']
  return [
    {
      kind: 'guardrail',
      name,
      verdict: 'refused',
      ...(target === undefined ? {} : { target }),
      facts,
      detail: { value: facts },
    },
  ]
}

function egressActs({ side, request, response, remote }: ReadExchange): readonly Act[] {
  if (side === 'server') return []
  const [, host, port] = /^\[?([^\]]*?)\]?(?::(\d{1,5}))?$/.exec(request?.authority ?? '') ?? []
  const destination = host === undefined || host === '' ? (remote?.address ?? 'unknown') : host
  const number = port === undefined ? remote?.port : Number(port)
  return [
    {
      kind: 'egress',
      destination,
      ...(number === undefined || number === 0 ? {} : { port: number }),
      protocol: 'https',
      ...(request === undefined || request.method === '' ? {} : { method: request.method }),
      ...(request === undefined || request.path === '' ? {} : { path: request.path }),
      ...(response === undefined || response.status === 0 ? {} : { status: response.status }),
    },
  ]
}

function lossText({ missing }: ReadExchange): { readonly error?: string } {
  return missing.length === 0 ? {} : { error: missing.join('; ').slice(0, 4096) }
}

type Told = { readonly exchange: ReadExchange; readonly dialect: string }

function frameOf(entry: LogEntry, body: Uint8Array, { exchange, dialect }: Told): EventFrame {
  const { channel, instance, credential, tier, clock, agent, agentName, resource } = entry.envelope
  const source = parseJsonText(Buffer.from(resource).toString('utf8'))
  const digest = hash('sha256', body, 'hex')
  return {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: {
        channel,
        instance,
        credential,
        tier,
        clock,
        dialect,
        instrumentation: exchange.seenBy === 'proxy' ? 'proxy' : `tls ${exchange.seenBy}`,
      },
      agent: { id: agent, name: agentName, ...instanceOf(source, exchange) },
      context: contextOf(exchange, { agent, source, digest }),
    },
    start: exchange.start,
    ...(exchange.end >= exchange.start ? { end: exchange.end } : {}),
    idPrefix: `http.${sourceTag(entry.envelope)}.${digest.slice(0, 24)}`,
    isMasked: entry.masks.length > 0,
  }
}

function instanceOf(source: Json | undefined, { process }: ReadExchange): { readonly instance?: string } {
  const instance = textField(source, 'pod', 'container') ?? process
  return instance === undefined ? {} : { instance: instance.slice(0, 256) }
}

/**
 * An exchange is a span of its own below the one in which it was made. Without a trace it stands with what else its run,
 * container or cgroup did.
 */
function contextOf(
  exchange: ReadExchange,
  known: { readonly agent: string; readonly source: Json | undefined; readonly digest: string },
): EventContext {
  const { context, process, parentProcess } = exchange
  const place = textField(known.source, 'run', 'container', 'cgroup') ?? '-'
  return {
    ...(context === undefined
      ? { session: `${known.agent}~${place}`.slice(0, 512) }
      : { trace: context.trace, parentSpan: context.span }),
    ...(context?.basis === undefined ? {} : { contextBasis: context.basis }),
    ...(process === undefined ? {} : { process: process.slice(0, 128) }),
    ...(parentProcess === undefined ? {} : { parentProcess: parentProcess.slice(0, 128) }),
  }
}
