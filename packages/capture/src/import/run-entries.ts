import { hash } from 'node:crypto'
import { agentIdOf, parseUnixNano } from '@holdfast/model'
import type { AgentId, EntryGroup, Envelope, Mask, UnixNano } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { JsonObject } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import { maskSecrets } from '../masking/mask-secrets.ts'
import { MAX_NAME_CHARS } from '../decode/limits.ts'
import { MAX_RECORD_BYTES } from '../limits.ts'
import { agentNameOf } from '../otlp/identity.ts'
import {
  MAX_CALLS,
  MAX_GROUP_BYTES,
  MAX_GROUP_ENTRIES,
  MAX_GROUP_TERMS,
  MAX_MESSAGES_PER_RUN,
  MAX_TERM_CHARS,
} from './limits.ts'
import type { Run, RunEntryBody } from './run.ts'

export type ImportArrival = { readonly instance: string; readonly credential: string }

/** 2024-01-01T00:00:00Z: the sources have no times, so every run starts here and takes a second a message. */
const START_UNIX_NANO = 1_704_067_200_000_000_000n
const SECOND_NANOS = 1_000_000_000n

/** Collects the messages of runs into groups, one open group for each agent. */
export class RunEntries {
  readonly groups: EntryGroup[] = []
  accepted = 0
  readonly #arrival: ImportArrival
  readonly #open = new Map<AgentId, OpenGroup>()

  constructor(arrival: ImportArrival) {
    this.#arrival = arrival
  }

  /** Adds one run. `original` is the SHA-256 of the source's record. Answers which messages a bound left out, and why. */
  add(run: Run, original: string): readonly LeftOut[] {
    let tooLarge = 0
    const agent = agentIdOf({
      kind: 'host',
      host: run.agent[0] ?? run.format,
      service: run.agent.slice(1).join(' ') || run.format,
    })
    let group = this.#open.get(agent) ?? new OpenGroup()
    for (const body of bodiesOf(run, original)) {
      const bytes = new TextEncoder().encode(writeJsonText(body as unknown as JsonObject))
      if (bytes.length > MAX_RECORD_BYTES) {
        tooLarge++
        continue
      }
      // The one choke point for credentials, here as on the way in over the network.
      const { listed: masks } = maskSecrets(bytes, 'json')
      if (group.isFullWith(bytes.length)) {
        this.groups.push(group.close(this.#envelope(agent, run)))
        group = new OpenGroup()
      }
      group.add({ body, bytes, masks, agent })
      this.#open.set(agent, group)
      this.accepted++
    }
    this.#names.set(agent, run)
    return [
      { why: `a message is larger than ${MAX_RECORD_BYTES} bytes`, records: tooLarge },
      { why: `more than ${MAX_MESSAGES_PER_RUN} messages`, records: run.messages.length - MAX_MESSAGES_PER_RUN },
    ].filter(({ records }) => records > 0)
  }

  /** Closes what is open. The collector is used up after it. */
  finish(): readonly EntryGroup[] {
    for (const [agent, group] of this.#open) {
      const run = this.#names.get(agent)
      if (run !== undefined) this.groups.push(group.close(this.#envelope(agent, run)))
    }
    this.#open.clear()
    return this.groups
  }

  readonly #names = new Map<AgentId, Run>()

  #envelope(agent: AgentId, run: Run): Envelope {
    return {
      channel: 'import',
      instance: this.#arrival.instance,
      credential: this.#arrival.credential,
      tier: 'self-reported',
      encoding: 'run-json',
      clock: 'synthetic',
      agent,
      agentName: agentNameOf(run.agent.join(' ')),
      resource: new Uint8Array(0),
      scope: new Uint8Array(0),
      schemaUrl: '',
    }
  }
}

export type LeftOut = { readonly why: string; readonly records: number }

type Added = {
  readonly body: RunEntryBody
  readonly bytes: Uint8Array
  readonly masks: readonly Mask[]
  readonly agent: AgentId
}

class OpenGroup {
  readonly #parts: Uint8Array[] = []
  readonly #ends: number[] = []
  readonly #terms = new Set<string>()
  readonly #masks = new Map<number, readonly Mask[]>()
  #bytes = 0
  #from = parseTime(START_UNIX_NANO)
  #to = parseTime(START_UNIX_NANO)

  isFullWith(bytes: number): boolean {
    return this.#parts.length > 0 && (this.#bytes + bytes > MAX_GROUP_BYTES || this.#parts.length >= MAX_GROUP_ENTRIES)
  }

  add({ body, bytes, masks, agent }: Added): void {
    if (masks.length > 0) this.#masks.set(this.#parts.length, masks)
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    this.#ends.push(this.#bytes)
    const at = parseTime(BigInt(body.at))
    if (at > this.#to) this.#to = at
    this.#term('agent', agent)
    this.#term('trace', body.trace)
    this.#term('conversation', body.run)
    if (body.model !== undefined) this.#term('model', body.model)
    for (const call of body.calls ?? []) this.#term('call', call)
    for (const tool of toolNames(body)) this.#term('tool', tool)
  }

  close(envelope: Envelope): EntryGroup {
    const bytes = new Uint8Array(this.#bytes)
    const starts = new Uint32Array(this.#parts.length)
    let at = 0
    for (const [i, part] of this.#parts.entries()) {
      bytes.set(part, at)
      starts[i] = at
      at += part.length
    }
    return {
      envelope,
      bytes,
      starts,
      ends: Uint32Array.from(this.#ends),
      terms: [...this.#terms],
      masks: this.#masks,
      claimedFrom: this.#from,
      claimedTo: this.#to,
    }
  }

  #term(name: string, value: string): void {
    if (this.#terms.size < MAX_GROUP_TERMS) this.#terms.add(`${name}:${value}`.slice(0, MAX_TERM_CHARS))
  }
}

/** The bodies of a run's messages, with derived ids: each answer is a model call, which read what came before it. */
function* bodiesOf(run: Run, original: string): Generator<RunEntryBody> {
  const id = hash('sha256', `${run.format}\n${run.agent.join('\n')}\n${run.name}\n${original}`, 'hex')
  const waiting: { readonly callId: string; readonly tool: string; readonly stated: string }[] = []
  let turn = 0
  for (const [ordinal, { message, usage }] of run.messages.slice(0, MAX_MESSAGES_PER_RUN).entries()) {
    const isAnswer = textField(message, 'role') === 'assistant'
    const calls = isAnswer
      ? callsOf(message).map((call, k) => ({ ...call, callId: `${id.slice(0, 12)}-${ordinal}-${k}` }))
      : []
    for (const call of calls) waiting.push(call)
    if (waiting.length > MAX_CALLS) waiting.splice(0, waiting.length - MAX_CALLS)
    const answers = textField(message, 'role') === 'tool' ? takeAnswered(waiting, message) : undefined
    yield {
      format: run.format,
      run: `${run.format}-${id.slice(0, 24)}`,
      ordinal,
      at: (START_UNIX_NANO + BigInt(ordinal) * SECOND_NANOS).toString(),
      trace: id.slice(0, 32),
      span: spanOf(id, turn),
      ...(isAnswer ? { next: spanOf(id, turn + 1) } : {}),
      ...(run.model === undefined ? {} : { model: run.model.slice(0, MAX_NAME_CHARS) }),
      ...(usage === undefined ? {} : { usage }),
      ...(calls.length === 0 ? {} : { calls: calls.map((call) => call.callId) }),
      ...(answers === undefined ? {} : { answers }),
      original,
      message,
    }
    if (isAnswer) turn++
  }
}

function spanOf(id: string, turn: number): string {
  return hash('sha256', `${id} ${turn}`, 'hex').slice(0, 16)
}

function callsOf(message: JsonObject): readonly { readonly tool: string; readonly stated: string }[] {
  const calls = field(message, 'tool_calls')
  if (!isJsonArray(calls)) return []
  return calls.slice(0, MAX_CALLS).map((call) => {
    const spec = field(call, 'function')
    const tool = typeof spec === 'string' ? spec : (textField(spec, 'name') ?? textField(call, 'name') ?? 'unknown')
    return { tool, stated: textField(call, 'id') ?? '' }
  })
}

/** Many sources leave call ids empty: then the oldest open call of the same tool is the one that is answered. */
function takeAnswered(
  waiting: { readonly callId: string; readonly tool: string; readonly stated: string }[],
  message: JsonObject,
): { readonly callId: string; readonly tool: string } | undefined {
  const list = field(message, 'tool_call_ids')
  const stated =
    textField(message, 'tool_call_id') ?? (isJsonArray(list) && typeof list[0] === 'string' ? list[0] : undefined)
  const called = field(message, 'tool_call')
  const tool = textField(called, 'function') ?? textField(message, 'name')
  const byId = stated === undefined ? -1 : waiting.findIndex((call) => call.stated === stated)
  const byTool = byId !== -1 ? byId : waiting.findIndex((call) => tool === undefined || call.tool === tool)
  const [answered] = byTool === -1 ? [] : waiting.splice(byTool, 1)
  return answered === undefined ? undefined : { callId: answered.callId, tool: answered.tool }
}

function toolNames(body: RunEntryBody): readonly string[] {
  const message = body.message as JsonObject // bodiesOf() only makes bodies of objects
  return [...callsOf(message).map((call) => call.tool), ...(body.answers === undefined ? [] : [body.answers.tool])]
}

function parseTime(value: bigint): UnixNano {
  // 2024 plus at most 100,000 seconds is far inside the range.
  return parseUnixNano(value) as UnixNano
}
