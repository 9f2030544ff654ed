import assert from 'node:assert'

import type { AgentId, Content, Event, EventId, UnixNano } from '@holdfast/model'

import { recipientsIn, type ReadRecord, recordsIn } from './records.ts'
import { regionIn } from './regions.ts'

/** One act by which records came to an agent or something went out of it. All three lenses look at the same ones. */
export type Movement = {
  readonly event: EventId
  readonly entry: number
  readonly at: UnixNano
  readonly agent: AgentId
  /** The trace or conversation in which it happened. */
  readonly execution: string
  /** Tool, service or other agent by which it happened. */
  readonly by: string
  readonly records: readonly ReadRecord[]
  /** Records beyond what is listed of one result. */
  readonly cut: number
  /** Why records of it are not known. */
  readonly unread?: string
  readonly recipients: readonly string[]
  /** Where whoever answered sits; undefined where no record says. */
  readonly region: string | undefined
}

/**
 * Acts of an incident that moved data, in the order of their times. `actOf` names the act that an event tells of: what several
 * tellers say of one act is one movement.
 */
export function* movementsOf(
  events: readonly Event[],
  actOf: (event: EventId) => string,
): Generator<undefined, readonly Movement[]> {
  const results = new Map<string, Event>()
  for (const event of events) {
    const key = event.body.kind === 'tool-result' ? callKey(event) : undefined
    if (key !== undefined && !results.has(key)) results.set(key, event)
  }
  const calls = new Set(events.flatMap((event) => (event.body.kind === 'tool-call' ? (callKey(event) ?? []) : [])))
  const found: Movement[] = []
  for (const event of events) {
    const movement = movementOf(event, { results, calls })
    if (movement === undefined) continue
    found.push(movement)
    // A result may be megabytes of JSON.
    yield
  }
  const told = found.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.event < b.event ? -1 : 1))
  return [...Map.groupBy(told, ({ event, by }) => JSON.stringify([actOf(event), by])).values()].map(united)
}

/** One act by all that was told of it, the earliest first: who saw its records speaks for those who did not. */
function united([first, ...others]: readonly Movement[]): Movement {
  assert(first !== undefined, 'a group has at least one movement')
  return others.reduce((one, other) => {
    const { unread: _unread, ...known } = one
    const isKnown = one.unread === undefined || other.unread === undefined
    return {
      ...known,
      ...(isKnown ? {} : { unread: one.unread }),
      // Two tellers may read other fields of the same rows: those of the one that tells of more of them are taken.
      records: other.records.length > one.records.length ? other.records : one.records,
      cut: Math.max(one.cut, other.cut),
      recipients: [...new Set([...one.recipients, ...other.recipients])],
      region: one.region ?? other.region,
    } as Movement // `unread` is there where neither knows
  }, first)
}

/** By what a call and its result are known to be one. */
function callKey({ body, agent, context }: Event): string | undefined {
  if (body.kind !== 'tool-call' && body.kind !== 'tool-result') return undefined
  const own = body.callId ?? context.span
  return own === undefined ? undefined : JSON.stringify([agent.id, executionOf(context), body.toolName, own])
}

type Pairs = { readonly results: ReadonlyMap<string, Event>; readonly calls: ReadonlySet<string> }

function movementOf(event: Event, { results, calls }: Pairs): Movement | undefined {
  const { body } = event
  if (body.kind === 'tool-call') {
    const key = callKey(event)
    const result = (key === undefined ? undefined : results.get(key))?.body
    const given = result?.kind === 'tool-result' ? result.result : undefined
    return moved(event, body.toolName, {
      ...readOf(given, body.toolName),
      recipients: textOf(body.arguments) === undefined ? [] : recipientsIn(textOf(body.arguments) ?? ''),
      region: regionIn(body.server ?? ''),
    })
  }
  if (body.kind === 'tool-result') {
    const key = callKey(event)
    // Told with its call, where there is one.
    if (key !== undefined && calls.has(key)) return undefined
    return moved(event, body.toolName, readOf(body.result, body.toolName))
  }
  if (body.kind === 'context-item') {
    const id = body.origin ?? body.uri ?? body.statedDigest
    return moved(event, body.dataSource ?? 'retrieval', { records: [{ subject: 'document', id, fields: [] }] })
  }
  if (body.kind === 'memory' && body.operation === 'read')
    return moved(event, body.store ?? 'memory', { records: [{ subject: 'memory', id: body.record, fields: [] }] })
  if (body.kind === 'api-call') {
    const region = body.region ?? regionIn(body.action)
    if (body.decision !== 'allowed') return undefined
    return body.isReadOnly === true
      ? moved(event, body.action, {
          records: body.resources.map((id) => ({ subject: 'resource', id, fields: [] })),
          region,
        })
      : moved(event, body.action, { recipients: body.resources, region })
  }
  if (body.kind === 'delegation') return moved(event, `hand-over by ${body.mechanism}`, { recipients: [body.to] })
  if (body.kind === 'egress')
    return moved(event, `${body.protocol} request`, {
      recipients: [body.destination],
      region: regionIn(body.destination),
    })
  return undefined
}

function moved(
  { id, entry, claimedAt, agent, context }: Event,
  by: string,
  {
    records = [],
    recipients = [],
    ...more
  }: Partial<Pick<Movement, 'records' | 'recipients' | 'cut' | 'unread'>> & {
    readonly region?: string | undefined
  },
): Movement {
  return {
    event: id,
    entry,
    at: claimedAt,
    agent: agent.id,
    execution: executionOf(context),
    by,
    records,
    cut: more.cut ?? 0,
    ...(more.unread === undefined ? {} : { unread: more.unread }),
    recipients,
    region: more.region,
  }
}

/** The execution that an event belongs to, as far as it says. */
export function executionOf({ trace, session, conversation }: Event['context']): string {
  return trace ?? session ?? conversation ?? 'not recorded'
}

function readOf(content: Content | undefined, tool: string): Partial<Movement> {
  if (content === undefined) return { unread: 'no result was recorded' }
  const text = textOf(content)
  if (text === undefined) return { unread: `its result is ${content.state}` }
  return recordsIn(text, tool)
}

function textOf(content: Content): string | undefined {
  return 'text' in content ? content.text : undefined
}
