import { classesIn, judgeMemory, removesOnly, writesMemory } from '@holdfast/model'
import type { DataRules, Finds } from '@holdfast/model'
import { textsIn } from '../decode/texts-in.ts'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import { MAX_FRAME_TEXT, MAX_PURGES } from './limits.ts'
import { fingerprintsOf, withoutTexts, type Fingerprint } from './kept-texts.ts'
import { calledTool, errorFor, parsedMessage, serverNamed, shortName } from './message-gate.ts'
import type { GateVerdict, HeldMemory, MessageGate } from './message-gate.ts'

/** What was remembered under a rule, and until when. Texts themselves are not kept. */
export type Remembered = {
  readonly texts: readonly Fingerprint[]
  readonly label: string
  readonly tool: string
  /** Milliseconds since 1970. */
  readonly until: number
  /** Names it in the ledger. */
  readonly entry: string
  /** How the memory is told to forget it, where the rules say: as they said it when it was written. */
  readonly forget?: { readonly tool: string; readonly id: string; readonly value: string }
}

/** Where it is written down; must outlive the proxy. */
export type MemoryLedger = {
  /** False where it cannot be written down: then it is not remembered. */
  readonly add: (remembered: Remembered) => boolean
  /** Without texts that were remembered anew since. */
  readonly expired: () => readonly Remembered[]
  /** The memory says that it is gone. */
  readonly purged: (entry: string) => void
  readonly isPurged: (entry: string) => boolean
}

export type MemoryGateOptions = {
  /** The rules in force; undefined where nobody decided any: then everything passes. */
  readonly rules: () => DataRules | undefined
  readonly finds: Finds
  readonly ledger: MemoryLedger
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A name that was never given before: 16 hex digits. */
  readonly name: () => string
}

/** Key of `_meta` by which a client labels what it writes: names of classes, with commas between them. */
const LABEL = 'holdfast/data-class'
const DAY_MS = 86_400_000
/** JSON-RPC leaves -32000 to -32099 to whoever serves; this one is ours (docs/data-rules.md). */
const NOT_REMEMBERED = -32_085
const NOTICE = '[withheld by holdfast: it was to be remembered no longer]'

/**
 * Stands before an agent's memory: what is regulated is written only with its label and a rule, and comes back no more once
 * its time is over. Pure but for the ledger. Untrusted, both sides.
 */
export class MemoryGate implements MessageGate {
  readonly #options: MemoryGateOptions
  #server = ''
  /** What the memory was asked to forget, by the JSON-RPC id of the question; once in a run. */
  readonly #asked = new Map<string, Remembered>()
  /** It looks at what names the server also while it keeps nothing. */
  readonly isWatching = true

  constructor(options: MemoryGateOptions) {
    this.#options = options
  }

  get isActive(): boolean {
    return this.#options.rules() !== undefined || this.#options.ledger.expired().length > 0
  }

  /** Before the memory is used again it is told to forget what has expired, as far as it can be told. */
  readonly before = (message: Uint8Array): readonly Buffer[] => {
    const { ledger } = this.#options
    const due = ledger.expired().filter(({ entry, forget }) => forget !== undefined && !ledger.isPurged(entry))
    const read = due.length === 0 ? 'no JSON' : parsedMessage(message)
    if (typeof read === 'string' || calledTool(read.json) === undefined) return []
    return due
      .filter(({ entry }) => !this.#asked.has(idOf(entry)))
      .slice(0, MAX_PURGES)
      .flatMap((one) => {
        const { forget, entry } = one
        if (forget === undefined) return []
        this.#asked.set(idOf(entry), one)
        const params = { name: forget.tool, arguments: { [forget.id]: forget.value } }
        return [Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: idOf(entry), method: 'tools/call', params }))]
      })
  }

  toServer(message: Uint8Array): GateVerdict {
    const rules = this.#options.rules()
    const read = rules === undefined ? 'no JSON' : parsedMessage(message)
    if (rules === undefined || read === 'no JSON') return { do: 'pass' }
    if (read === 'unreadable') return { do: 'drop' }
    const { json } = read
    const messages = isJsonArray(json) ? json : [json]
    const refusals = messages.map((one) => this.#refusal(one, rules))
    const held = refusals.filter((one) => one !== undefined)
    const [first] = held
    if (first === undefined) return { do: 'pass' }
    // A batch is answered whole: what in it depended on the refused call is not known.
    const answers = messages.flatMap((one, at) => errorFor(one, errorOf(refusals[at] ?? first)))
    const answer = isJsonArray(json) ? answers : answers[0]
    const isAsked = answers.length > 0 && answer !== undefined
    return { do: 'answer', bytes: isAsked ? Buffer.from(writeJsonText(answer)) : undefined, withheld: [], held }
  }

  toClient(message: Uint8Array): GateVerdict {
    const expired = this.#options.ledger.expired()
    const read = parsedMessage(message)
    if (read === 'no JSON') return { do: 'pass' }
    if (read === 'unreadable') return expired.length === 0 ? { do: 'pass' } : { do: 'drop' }
    const { json } = read
    const own = this.#answered(json)
    if (own !== undefined) return { do: 'withhold', withheld: [], held: [own] }
    for (const one of isJsonArray(json) ? json : [json])
      this.#server = serverNamed(field(one, 'result')) ?? this.#server
    if (expired.length === 0) return { do: 'pass' }
    const texts = expired.flatMap((one) => one.texts)
    const { value, found } = withoutTexts(json, texts, NOTICE)
    if (found.size === 0) return { do: 'pass' }
    const held = expired
      .filter((one) => one.texts.some(({ digest }) => found.has(digest)))
      .map(({ label, tool, until, texts: own }): HeldMemory => {
        const reason = `${label} was to be remembered until ${new Date(until).toISOString()}`
        const digest = own.find((one) => found.has(one.digest))?.digest ?? ''
        return { memory: { fault: 'expired', label, digest }, reason, target: tool }
      })
    return { do: 'replace', bytes: Buffer.from(writeJsonText(value)), withheld: [], held }
  }

  /** The answer to what the memory was asked to forget. */
  #answered(message: Json): HeldMemory | undefined {
    const asked = this.#asked.get(textField(message, 'id') ?? '')
    const result = field(message, 'result')
    if (asked === undefined || textField(message, 'method') !== undefined) return undefined
    const isGone = result !== undefined && field(result, 'isError') !== true
    if (isGone) this.#options.ledger.purged(asked.entry)
    const { label, until, forget, texts } = asked
    const what = isGone ? 'the memory took it out' : 'the memory did not take it out'
    const reason = `${label} was to be remembered until ${new Date(until).toISOString()}; ${what}`
    const digest = texts[0] === undefined ? {} : { digest: texts[0].digest }
    return { memory: { fault: isGone ? 'purged' : 'not-purged', label, ...digest }, reason, target: forget?.tool ?? '' }
  }

  #refusal(message: Json, rules: DataRules): HeldMemory | undefined {
    const tool = calledTool(message)
    const named = { tool: tool ?? '', server: this.#server }
    if (tool === undefined || !writesMemory(named) || removesOnly(tool)) return undefined
    const params = field(message, 'params')
    const written = field(params, 'arguments')
    const stated = (textField(field(params, '_meta'), LABEL) ?? '').split(',').map((name) => name.trim())
    const found = classesIn(rules, textsIn(Buffer.from(JSON.stringify(written ?? {}))), this.#options.finds)
    const judged = judgeMemory(rules, { stated: stated.filter((name) => name !== ''), found })
    const target = shortName(tool)
    if (judged.status === 'refused') {
      const { fault, label, reason } = judged
      return { memory: { fault, label }, reason, target }
    }
    const { label, keepDays } = judged
    if (label === undefined || keepDays === undefined) return undefined
    const texts = fingerprintsOf(written)
    const until = this.#options.now() + keepDays * DAY_MS
    const entry = this.#options.name()
    const forget = this.#forgetting(rules, { tool, written })
    const kept = { texts: texts ?? [], label, tool: target, until, entry, ...(forget === undefined ? {} : { forget }) }
    if (texts !== undefined && this.#options.ledger.add(kept)) return undefined
    return { memory: { fault: 'no-rule', label }, reason: `the end of ${label} could not be written down`, target }
  }

  #forgetting(
    { memories = [] }: DataRules,
    { tool, written }: { readonly tool: string; readonly written: Json | undefined },
  ): Remembered['forget'] {
    const known = memories.find(({ server, write }) => server === this.#server && write === tool)
    const value = known && textField(written, known.id)
    return known === undefined || value === undefined || value.length > MAX_FRAME_TEXT
      ? undefined
      : { tool: known.delete, id: known.id, value }
  }
}

function idOf(entry: string): string {
  return `holdfast-purge-${entry}`
}

function errorOf({ memory, reason, target }: HeldMemory): JsonObject {
  return {
    code: NOT_REMEMBERED,
    message: `holdfast: the tool ${JSON.stringify(target)} is refused: ${reason}`,
    data: { ...memory, tool: target },
  }
}
