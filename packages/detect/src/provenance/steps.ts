import type { Content, Event } from '@holdfast/model'
import { MAX_CALLS, MAX_TEXT_CHARS, MAX_TEXTS } from '../limits.ts'

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

/** Channels whose texts nobody vouches for. */
export const UNTRUSTED: ReadonlySet<SourceChannel> = new Set(['tool', 'document', 'memory', 'delegation'])

/**
 * The texts and acts of one execution in the order in which its source told them; what is told again (a message in the history of the next model call)
 * counts once. Bounded by {@link MAX_TEXTS} and {@link MAX_CALLS}.
 */
export function stepsOf(events: readonly Event[]): readonly Step[] {
  const reader = new StepReader()
  for (const event of events) reader.read(event)
  return reader.steps
}

class StepReader {
  readonly steps: Step[] = []
  readonly #seen = new Set<string>()
  readonly #calls = new Map<string, string>()
  /** Names of tools that were called or that the model spoke of. */
  readonly #tools = new Set<string>()
  #texts = 0
  #acts = 0
  #firstUser: string | undefined
  /** True while the agent is at work: between its first call and its answer to the user. */
  #isWorking = false

  read(event: Event): void {
    const { body } = event
    switch (body.kind) {
      case 'prompt':
        this.#prompt(event, body.role, textOf(body.content), body.callId)
        return
      case 'model-output':
        if (body.part === 'tool-request') this.#isWorking = true
        else {
          this.#source(event, 'model', textOf(body.content), {})
          if (body.part === 'text' && textOf(body.content).trim() !== '') this.#isWorking = false
        }
        return
      case 'tool-call':
        this.#isWorking = true
        this.#call(event, body.toolName, textOf(body.arguments), body.callId)
        return
      case 'tool-result':
        this.#isWorking = true
        this.#source(event, 'tool', textOf(body.result), { tool: body.toolName, ...optional('callId', body.callId) })
        return
      case 'context-item':
        this.#source(event, 'document', textOf(body.content), optional('origin', body.uri ?? body.origin))
        return
      case 'memory':
        if (body.operation === 'read')
          this.#source(event, 'memory', textOf(body.content), optional('origin', body.record))
        return
      case 'delegation':
        this.#call(event, `delegate to ${body.to}`, textOf(body.payload), body.delegationId)
        return
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

  #prompt(event: Event, role: string, text: string, callId: string | undefined): void {
    switch (role) {
      case 'system':
      case 'developer':
        return this.#source(event, 'system', text, {})
      case 'user': {
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

  /** True for a text that calls a tool by the name that programs use: people do not write so, harnesses do. */
  #namesTool(text: string): boolean {
    for (const [name] of text.matchAll(PROGRAM_NAME)) if (this.#tools.has(name)) return true
    return false
  }

  #source(event: Event, channel: SourceChannel, text: string, more: Partial<SourceStep>): void {
    const key = `${channel}\n${more.callId ?? ''}\n${text}`
    if (text.trim() === '' || this.#seen.has(key) || this.#texts >= MAX_TEXTS) return
    this.#seen.add(key)
    this.#texts++
    if (channel === 'model') for (const [name] of text.slice(0, 20_000).matchAll(PROGRAM_NAME)) this.#tools.add(name)
    this.steps.push({
      kind: 'source',
      channel,
      event: event.id,
      entry: event.entry,
      text: text.slice(0, MAX_TEXT_CHARS),
      ...more,
    })
  }

  #call(event: Event, tool: string, text: string, callId: string | undefined): void {
    const key = callId === undefined ? `call ${event.id}` : `call ${callId}`
    if (this.#seen.has(key) || this.#acts >= MAX_CALLS) return
    this.#seen.add(key)
    this.#acts++
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

/** `get_current_day`, `mail.send`, `sendMoney`. */
const PROGRAM_NAME = /\b[a-zA-Z][a-zA-Z0-9]*(?:[_.][a-zA-Z0-9]+)+\b|\b[a-z]+[a-z0-9]*[A-Z][a-zA-Z0-9]+\b/g

function textOf(content: Content): string {
  return 'text' in content ? content.text : ''
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: string }) // the one key asked for
}
