import { parseEventId } from '@holdfast/model'
import type { Content, Event, EventBody, EventId, MessageRole, UnixNano } from '@holdfast/model'
import { MAX_FIELD_CHARS, MAX_FINISH_REASONS, MAX_ITEMS, MAX_NAME_CHARS } from '../decode/limits.ts'
import type { Json } from '../decode/any-value.ts'
import { OMITTED } from './act.ts'
import type { Act, Heard, Held, Message, Part } from './act.ts'
import { contentOf, shortDigest } from './content.ts'

/** What all events of one entry share. */
export type EventFrame = {
  readonly shared: Omit<Event, 'id' | 'body' | 'claimedAt' | 'claimedUntil'>
  readonly start: UnixNano
  readonly end?: UnixNano
  /** First part of every event id: what the source itself calls the record. */
  readonly idPrefix: string
  readonly isMasked: boolean
}

/** Turns what a dialect read into events, with ids that depend on the record alone; `cut` counts what a bound dropped. */
export function writeEvents(
  acts: readonly Act[],
  frame: EventFrame,
): { readonly events: readonly Event[]; readonly cut: number } {
  const writer = new EventWriter(frame)
  for (const act of acts) writer.write(act)
  return writer
}

/** The event of a record that gives exactly one: structure only, a control record, bytes that nobody can read. */
export function oneEvent(frame: EventFrame, slot: string, body: EventBody): Event {
  const writer = new EventWriter(frame)
  writer.add(slot, body, frame.start, frame.end)
  // add() always appends one.
  return writer.events[0] as Event
}

/** The events of a record whose bodies are already known, in order; each is named by its kind. */
export function writeBodies(bodies: readonly EventBody[], frame: EventFrame): readonly Event[] {
  const writer = new EventWriter(frame)
  for (const body of bodies) writer.add(body.kind, body, frame.start, frame.end)
  return writer.events
}

class EventWriter {
  readonly events: Event[] = []
  cut = 0
  readonly #frame: EventFrame
  readonly #slots = new Map<string, number>()
  #inputs = 0
  #outputs = 0
  #documents = 0

  constructor(frame: EventFrame) {
    this.#frame = frame
  }

  write(act: Act): void {
    switch (act.kind) {
      case 'inference': {
        const { input, output, ...call } = act
        this.#addInput(input)
        const messages = typeof input === 'string' ? 0 : input.length
        this.#add('call', { ...call, kind: 'model-call', messages })
        // An embedding answers with numbers: no text is missing where it says none.
        if (call.operation !== 'embeddings') this.#addOutput(output)
        return
      }
      case 'said':
        if (act.side === 'input') this.#addInput(act.messages, act.at)
        else this.#addOutput(act.messages, act.at)
        return
      case 'definitions':
        this.cut += Math.max(0, act.definitions.length - MAX_ITEMS)
        for (const definition of act.definitions.slice(0, MAX_ITEMS)) {
          const description = this.#content(definition.description)
          const parameters = this.#content(definition.parameters)
          const whole = definition.definition === undefined ? {} : { definition: definition.definition }
          const identity = [definition.name, digestOf(description), digestOf(parameters), ...Object.values(whole)].join(
            ' ',
          )
          this.#add(`def.${shortDigest(identity, 8)}`, {
            kind: 'tool-definition',
            toolName: name(definition.name),
            description,
            parameters,
            ...(definition.server === undefined ? {} : { server: name(definition.server) }),
            ...whole,
          })
        }
        return
      case 'tool':
        this.#addTool(act)
        return
      case 'documents':
        this.#addDocuments(act)
        return
      case 'memory':
        this.#add(`memory.${act.operation}`, { ...act, content: this.#content(act.content) })
        return
      case 'invocation':
        this.#add('invoke', {
          ...act,
          name: name(act.name),
          input: this.#content(act.input),
          output: this.#content(act.output),
        })
        return
      case 'delegation':
        this.#add('handoff', { ...act, to: name(act.to), payload: this.#content(act.payload) })
        return
      case 'guardrail':
        this.#add('guardrail', { ...act, name: name(act.name), detail: this.#content(act.detail) })
        return
      case 'identity':
        this.#add(`id.${shortDigest(`${act.statedBy} ${act.principal} ${act.onBehalfOf ?? ''}`, 8)}`, act)
        return
      case 'egress':
        this.#add('egress', act)
        return
      case 'socket':
        this.#add('socket', act)
        return
      case 'component': {
        const { kind, name: named, version = '', details } = act.component
        this.#add(`component.${shortDigest([kind, named, version, details['path'] ?? ''].join(' '), 12)}`, act)
        return
      }
    }
  }

  add(slot: string, body: EventBody, at: UnixNano, until?: UnixNano): void {
    const taken = this.#slots.get(slot) ?? 0
    this.#slots.set(slot, taken + 1)
    const own = taken === 0 ? slot : `${slot}.${taken}`
    const { entry, recordedAt, source, agent, context } = this.#frame.shared
    const id = eventId(`${this.#frame.idPrefix}.${own}`)
    const event = { id, entry, claimedAt: at, recordedAt, source, agent, context, body: bounded(body) }
    this.events.push(until === undefined || until < at ? event : { ...event, claimedUntil: until })
  }

  #add(slot: string, body: EventBody): void {
    this.add(slot, body, this.#frame.start, this.#frame.end)
  }

  #addInput(heard: Heard, at: UnixNano = this.#frame.start): void {
    for (const { role, piece, callId } of typeof heard === 'string'
      ? absentPrompt(heard)
      : heard.flatMap(promptPieces)) {
      if (this.#inputs >= MAX_ITEMS) {
        this.cut++
        continue
      }
      const ordinal = this.#inputs++
      const body = {
        kind: 'prompt',
        role,
        ordinal,
        content: this.#content(piece),
        ...(callId === undefined ? {} : { callId }),
      } as const
      this.add(`in.${ordinal}`, body, at)
    }
  }

  #addOutput(heard: Heard, at: UnixNano = this.#frame.end ?? this.#frame.start): void {
    const parts: readonly OutputPart[] =
      typeof heard === 'string'
        ? [{ part: 'text', piece: { absent: heard } }]
        : heard.flatMap((message) => message.parts.map(outputPart))
    for (const { part, piece, toolName, callId } of parts) {
      if (this.#outputs >= MAX_ITEMS) {
        this.cut++
        continue
      }
      const ordinal = this.#outputs++
      const body = {
        kind: 'model-output',
        ordinal,
        part,
        content: this.#content(piece),
        ...(toolName === undefined ? {} : { toolName: name(toolName) }),
        ...(callId === undefined ? {} : { callId }),
      } as const
      this.add(`out.${ordinal}`, body, at)
    }
  }

  #addTool(act: Extract<Act, { readonly kind: 'tool' }>): void {
    const shared = {
      toolName: name(act.name),
      ...(act.callId === undefined ? {} : { callId: act.callId }),
      ...(act.server === undefined ? {} : { server: name(act.server) }),
    }
    if (act.arguments !== undefined) {
      const toolType = act.toolType === undefined ? {} : { toolType: act.toolType }
      this.#add('tool.call', { kind: 'tool-call', ...shared, ...toolType, arguments: this.#content(act.arguments) })
    }
    if (act.result !== undefined) {
      const error = act.error === undefined ? {} : { error: act.error }
      const body = { kind: 'tool-result', ...shared, result: this.#content(act.result), ...error } as const
      this.add('tool.result', body, this.#frame.end ?? this.#frame.start)
    }
  }

  #addDocuments(act: Extract<Act, { readonly kind: 'documents' }>): void {
    const query = this.#content(act.query)
    for (const { content, ...document } of act.documents) {
      if (this.#documents >= MAX_ITEMS) {
        this.cut++
        continue
      }
      const ordinal = this.#documents++
      this.#add(`doc.${ordinal}`, {
        kind: 'context-item',
        ordinal,
        ...document,
        ...(act.dataSource === undefined ? {} : { dataSource: act.dataSource }),
        query,
        content: this.#content(content),
      })
    }
  }

  #content(piece: Held): Content {
    return contentOf(piece, this.#frame.isMasked)
  }
}

/** Projections keep every field of a body but its contents, so no sender may make one of any size. */
function bounded(body: EventBody): EventBody {
  if (body.kind === 'control') return body
  let copy: { [field: string]: unknown } | undefined
  for (const [key, value] of Object.entries(body)) {
    const isLong =
      typeof value === 'string'
        ? value.length > MAX_FIELD_CHARS
        : key === 'finishReasons' && Array.isArray(value) && value.length > MAX_FINISH_REASONS
    if (!isLong) continue
    copy ??= { ...body }
    copy[key] = value.slice(0, typeof value === 'string' ? MAX_FIELD_CHARS : MAX_FINISH_REASONS)
  }
  // Only texts and one list got shorter; no field changed its type.
  return copy === undefined ? body : (copy as unknown as EventBody)
}

type PromptPiece = { readonly role: MessageRole; readonly piece: Held; readonly callId?: string }

/** A model call whose input was left out still shows that something was asked. */
function absentPrompt(reason: Extract<Heard, string>): readonly PromptPiece[] {
  return [{ role: 'user', piece: { absent: reason } }]
}

/**
 * One message as the prompts it gives: its text as one, then its reasoning, its tool requests, each tool response and
 * each other part. Splitting the same way in every dialect is what makes their digests equal.
 */
function promptPieces({ role, parts }: Message): readonly PromptPiece[] {
  const pieces: PromptPiece[] = []
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
  if (texts.length > 0) pieces.push({ role, piece: heldText(texts.join('\n'), parts) })
  else if (parts.length === 0) pieces.push({ role, piece: OMITTED })
  const requests = parts.flatMap((part) => (part.kind === 'tool-request' ? [requestJson(part)] : []))
  if (requests.length > 0) pieces.push({ role, piece: { value: requests } })
  for (const part of parts) {
    if (part.kind === 'reasoning') pieces.push({ role, piece: heldText(part.text, [part]) })
    else if (part.kind === 'other') pieces.push({ role, piece: heldOther(part) })
    else if (part.kind === 'tool-response')
      pieces.push({ role: 'tool', piece: part.result, ...(part.callId === undefined ? {} : { callId: part.callId }) })
  }
  return pieces
}

/** A text, and whether all of it was seen. */
function heldText(text: string, parts: readonly Part[]): Held {
  return parts.some((part) => 'isPartial' in part && part.isPartial === true)
    ? { value: text, isPartial: true }
    : { value: text }
}

function heldOther({ value, isPartial }: Extract<Part, { readonly kind: 'other' }>): Held {
  return isPartial === true ? { value, isPartial } : { value }
}

/** Arguments that were left out are left out here too: null would look like a call without any. */
function requestJson(part: Extract<Part, { readonly kind: 'tool-request' }>): Json {
  const call = { type: 'tool_call', id: part.callId ?? null, name: part.name ?? null }
  return 'value' in part.arguments ? { ...call, arguments: part.arguments.value } : call
}

type OutputPart = {
  readonly part: 'text' | 'reasoning' | 'tool-request' | 'other'
  readonly piece: Held
  readonly toolName?: string
  readonly callId?: string
}

function outputPart(part: Part): OutputPart {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
      return { part: part.kind, piece: heldText(part.text, [part]) }
    case 'tool-request':
      return {
        part: 'tool-request',
        piece: part.arguments,
        ...(part.name === undefined ? {} : { toolName: part.name }),
        ...(part.callId === undefined ? {} : { callId: part.callId }),
      }
    case 'tool-response':
      return { part: 'other', piece: part.result, ...(part.callId === undefined ? {} : { callId: part.callId }) }
    case 'other':
      return { part: 'other', piece: heldOther(part) }
  }
}

function digestOf(content: Content): string {
  return 'digest' in content ? content.digest : content.state
}

function name(text: string): string {
  return text.slice(0, MAX_NAME_CHARS)
}

function eventId(text: string): EventId {
  // Prefix and slot are built from hex ids, digests and fixed words only, all URL-safe and short.
  return parseEventId(text) as EventId
}
