import type { Content, Event } from '@holdfast/model'
import { MAX_CALLS, MAX_CONTEXT_CHARS, MAX_HANDED, MAX_TEXT_CHARS, MAX_TEXTS } from '../limits.ts'
import { inOrder } from './order.ts'

/**
 * By which way a text came into the agent's context. Only `user` speaks for the owner of the task; `harness` is what the
 * program around the model says on the user's channel, and may echo anything; `model` is what the agent said itself.
 */
export type SourceChannel = 'user' | 'system' | 'harness' | 'model' | 'tool' | 'document' | 'memory' | 'delegation'

/** A text that entered the context. */
export type SourceStep = {
  readonly kind: 'source'
  readonly channel: SourceChannel
  readonly event: Event['id']
  readonly entry: number
  readonly text: string
  /** The tool that brought it, and what it was asked with. */
  readonly tool?: string
  readonly callId?: string
  /** Id of the document, message or record, where the source names one. */
  readonly origin?: string
}

/** Something that the agent did. */
export type CallStep = {
  readonly kind: 'call'
  readonly event: Event['id']
  readonly entry: number
  readonly tool: string
  readonly callId?: string
  /** Arguments as JSON text or as they came. */
  readonly arguments: string
}

export type Step = SourceStep | CallStep

/** As the dialects name the source of a prompt's template. */
const PROMPT_TEMPLATE = 'prompt-template'

/** Channels whose texts nobody vouches for. */
export const UNTRUSTED: ReadonlySet<SourceChannel> = new Set(['tool', 'document', 'memory', 'delegation'])

/** What an execution said and did, and what of it was not looked at. */
export type Execution = {
  readonly steps: readonly Step[]
  /** Texts and calls beyond the bounds, and characters cut from those within. */
  readonly unread: Unread
  /** Texts that the source did not capture: what stood in them speaks neither for nor against. */
  readonly notCaptured: number
}

export type Unread = {
  readonly texts: number
  readonly calls: number
  /** Characters of texts that were cut, and how many texts that was. */
  readonly chars: number
  readonly cut: number
}

/**
 * The texts and acts of one execution, in the order of {@link inOrder}; what is told again (a message in the history of the next model
 * call) counts once. Bounded by {@link MAX_TEXTS}, {@link MAX_CALLS} and {@link MAX_CONTEXT_CHARS}.
 */
export function readExecution(events: readonly Event[]): Execution {
  const ordered = inOrder(events)
  const reader = new StepReader(ordered)
  for (const event of ordered) reader.read(event)
  const { steps, unread, notCaptured } = reader
  return { steps, unread, notCaptured }
}

class StepReader {
  readonly steps: Step[] = []
  readonly unread = { texts: 0, calls: 0, chars: 0, cut: 0 }
  notCaptured = 0
  readonly #seen = new Set<string>()
  /** Calls that were told as such; a request for one of them is not told twice. */
  readonly #told: ReadonlySet<string>
  readonly #calls = new Map<string, string>()
  /** Texts that were handed from one agent to another so far. */
  readonly #handed = new Set<string>()
  /** Names of tools that were called or that the model spoke of. */
  readonly #tools = new Set<string>()
  #texts = 0
  #chars = 0
  #acts = 0
  #firstUser: string | undefined
  /** True while the agent is at work: between its first call and its answer to the user. */
  #isWorking = false

  constructor(events: readonly Event[]) {
    this.#told = new Set(
      events.flatMap(({ body }) =>
        body.kind === 'tool-call' ? [body.callId ?? callKey(body.toolName, textOf(body.arguments))] : [],
      ),
    )
  }

  read(event: Event): void {
    const { body } = event
    switch (body.kind) {
      case 'prompt':
        this.#prompt(event, body.role, this.#textOf(body.content), body.callId)
        return
      case 'model-output':
        this.#output(event, body)
        return
      case 'tool-call':
        this.#isWorking = true
        this.#call(event, body.toolName, this.#textOf(body.arguments), body.callId)
        return
      case 'tool-result':
        this.#isWorking = true
        this.#source(event, 'tool', this.#textOf(body.result), {
          tool: body.toolName,
          ...optional('callId', body.callId),
        })
        return
      case 'context-item':
        this.#source(
          event,
          // The agent's own template, told of apart from the prompt that is made of it.
          body.dataSource === PROMPT_TEMPLATE ? 'system' : 'document',
          this.#textOf(body.content),
          optional('origin', body.uri ?? body.origin),
        )
        return
      case 'memory':
        if (body.operation === 'read')
          this.#source(event, 'memory', this.#textOf(body.content), optional('origin', body.record))
        return
      case 'delegation': {
        const payload = this.#textOf(body.payload)
        if (payload.trim() !== '' && this.#handed.size < MAX_HANDED) this.#handed.add(payload.trim())
        this.#call(event, `delegate to ${body.to}`, payload, body.delegationId)
        return
      }
      case 'invocation':
      case 'model-call':
      case 'tool-definition':
      case 'tool-catalogue':
      case 'identity':
      case 'api-call':
      case 'guardrail':
      case 'egress':
      case 'step':
      case 'process':
      case 'file':
      case 'connection':
      case 'dns':
      case 'kernel':
      case 'syscall-set':
      case 'socket':
      case 'component':
      case 'declaration':
      case 'change':
      case 'control':
        return
    }
  }

  /** What the model said; or a call that it asked for, where nothing else tells of that call. */
  #output(event: Event, body: Extract<Event['body'], { kind: 'model-output' }>): void {
    const text = this.#textOf(body.content)
    if (body.part !== 'tool-request') {
      this.#source(event, 'model', text, {})
      if (body.part === 'text' && text.trim() !== '') this.#isWorking = false
      return
    }
    this.#isWorking = true
    const tool = body.toolName ?? ''
    if (tool === '' || this.#told.has(body.callId ?? callKey(tool, text))) return
    this.#call(event, tool, text, body.callId)
  }

  #prompt(event: Event, role: string, text: string, callId: string | undefined): void {
    switch (role) {
      case 'system':
      case 'developer':
        return this.#source(event, 'system', text, {})
      case 'user': {
        // What one agent hands to another comes in on the user's channel there, and is no word of the owner.
        if (text !== this.#firstUser && this.#handed.has(text.trim()))
          return this.#source(event, 'delegation', text, {})
        const isOwner =
          this.#firstUser === undefined || text === this.#firstUser || (!this.#isWorking && !this.#namesTool(text))
        this.#firstUser ??= text
        return this.#source(event, isOwner ? 'user' : 'harness', text, {})
      }
      case 'assistant':
        return this.#source(event, 'model', text, {})
      default: {
        const tool = callId === undefined ? undefined : this.#calls.get(callId)
        return this.#source(event, 'tool', text, { ...optional('tool', tool), ...optional('callId', callId) })
      }
    }
  }

  #textOf(content: Content): string {
    if (content.state === 'not-captured' || content.state === 'suppressed') this.notCaptured++
    return textOf(content)
  }

  /** True for a text that calls a tool by the name that programs use: people do not write so, harnesses do. */
  #namesTool(text: string): boolean {
    for (const [name] of text.matchAll(PROGRAM_NAME)) if (this.#tools.has(name)) return true
    return false
  }

  #source(event: Event, channel: SourceChannel, text: string, more: Partial<SourceStep>): void {
    // The texts themselves as keys would be kept twice.
    const key = `${channel}\n${more.callId ?? ''}\n${text.length > MAX_KEY_CHARS ? digestOf(event) : text}`
    if (text.trim() === '' || this.#seen.has(key)) return
    this.#seen.add(key)
    const kept = text.slice(0, Math.min(MAX_TEXT_CHARS, MAX_CONTEXT_CHARS - this.#chars))
    this.unread.chars += text.length - kept.length
    if (kept.length < text.length && kept !== '') this.unread.cut++
    if (kept === '' || this.#texts >= MAX_TEXTS) {
      this.unread.texts++
      return
    }
    this.#texts++
    this.#chars += kept.length
    if (channel === 'model') for (const [name] of text.slice(0, 20_000).matchAll(PROGRAM_NAME)) this.#tools.add(name)
    this.steps.push({
      kind: 'source',
      channel,
      event: event.id,
      entry: event.entry,
      text: kept,
      ...more,
    })
  }

  #call(event: Event, tool: string, text: string, callId: string | undefined): void {
    const key = callId === undefined ? `call ${event.id}` : `call ${callId}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    if (this.#acts >= MAX_CALLS) {
      this.unread.calls++
      return
    }
    this.#acts++
    if (text.length > MAX_TEXT_CHARS) this.unread.cut++
    this.#tools.add(tool)
    if (callId !== undefined) this.#calls.set(callId, tool)
    this.steps.push({
      kind: 'call',
      event: event.id,
      entry: event.entry,
      tool,
      arguments: text.slice(0, MAX_TEXT_CHARS),
      ...optional('callId', callId),
    })
  }
}

const MAX_KEY_CHARS = 256

/** `get_current_day`, `mail.send`, `sendMoney`. */
const PROGRAM_NAME = /\b[a-zA-Z][a-zA-Z0-9]*(?:[_.][a-zA-Z0-9]+)+\b|\b[a-z][a-z0-9]*[A-Z][a-zA-Z0-9]+\b/g

/** The digest of the text that an event is about; its id where it has none. */
function digestOf({ id, body }: Event): string {
  const content = body.kind === 'tool-result' ? body.result : 'content' in body ? body.content : undefined
  return content !== undefined && 'digest' in content ? content.digest : id
}

function callKey(tool: string, text: string): string {
  return `${tool}\n${text}`
}

function textOf(content: Content): string {
  return 'text' in content ? content.text : ''
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: string }) // the one key asked for
}
