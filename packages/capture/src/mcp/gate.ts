import type { ApprovedTools } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import { definitionDigest } from './definition.ts'
import { MAX_FRAME_TEXT, MAX_LISTED_TOOLS } from './limits.ts'
import { calledTool, errorFor, parsedMessage, serverNamed } from './message-gate.ts'
import type { GateVerdict, MessageGate } from './message-gate.ts'

const PASS: GateVerdict = { do: 'pass' }

/** JSON-RPC leaves -32000 to -32099 to whoever serves; this one is ours (docs/roster.md). */
const NOT_APPROVED = -32_081

/**
 * Lets tools pass only as they were approved: takes others out of lists, and answers calls to them. All else passes as it
 * is. Pure but for what the last list said. Untrusted, both sides.
 */
export class ToolGate implements MessageGate {
  /** What is not approved never passes. */
  readonly isActive = true
  readonly #approved: () => readonly ApprovedTools[]
  /** Tools that the server last offered otherwise than approved. */
  readonly #withheld = new Set<string>()
  #server: string | undefined

  /** `approved` is asked at each message: an approval takes effect on the next one. All are of the one agent. */
  constructor(approved: () => readonly ApprovedTools[]) {
    this.#approved = approved
  }

  toClient(message: Uint8Array): GateVerdict {
    const read = parsedMessage(message)
    if (read === 'no JSON') return PASS
    if (read === 'unreadable') return { do: 'drop' }
    const { json } = read
    const withheld: string[] = []
    const checked = isJsonArray(json)
      ? json.map((one) => this.#checkedAnswer(one, withheld))
      : this.#checkedAnswer(json, withheld)
    if (withheld.length === 0) return PASS
    return { do: 'replace', bytes: Buffer.from(writeJsonText(checked)), withheld, held: [] }
  }

  toServer(message: Uint8Array): GateVerdict {
    const read = parsedMessage(message)
    if (read === 'no JSON') return PASS
    if (read === 'unreadable') return { do: 'drop' }
    const { json } = read
    const messages = isJsonArray(json) ? json : [json]
    const withheld = messages.flatMap((one) => {
      const name = calledTool(one)
      return name === undefined || this.#mayCall(name) ? [] : [name.slice(0, MAX_FRAME_TEXT)]
    })
    if (withheld.length === 0) return PASS
    // A batch is answered whole: what in it depended on the refused call is not known.
    const answers = messages.flatMap((one) => refusalOf(one, withheld))
    const answer = isJsonArray(json) ? answers : answers[0]
    const isAsked = answers.length > 0 && answer !== undefined
    return { do: 'answer', bytes: isAsked ? Buffer.from(writeJsonText(answer)) : undefined, withheld, held: [] }
  }

  #checkedAnswer(message: Json, withheld: string[]): Json {
    const result = field(message, 'result')
    this.#server = serverNamed(result) ?? this.#server
    const tools = field(result, 'tools')
    if (!isJsonObject(message) || !isJsonObject(result) || !isJsonArray(tools)) return message
    const kept = tools.filter((tool) => {
      const name = textField(tool, 'name')
      const isApproved = name !== undefined && this.#isApproved(name, definitionDigest(tool))
      if (name !== undefined) this.#note(name, isApproved)
      if (!isApproved) withheld.push((name ?? 'a tool without a name').slice(0, MAX_FRAME_TEXT))
      return isApproved
    })
    return kept.length === tools.length ? message : { ...message, result: { ...result, tools: kept } }
  }

  #note(name: string, isApproved: boolean): void {
    if (isApproved) this.#withheld.delete(name)
    // Beyond the bound a name is no longer told apart: it is not approved by name either, unless it once was.
    else if (this.#withheld.size < MAX_LISTED_TOOLS) this.#withheld.add(name)
  }

  #isApproved(name: string, definition: string | undefined): boolean {
    return this.#ofServer().some(({ tools }) =>
      tools.some((tool) => tool.name === name && tool.definition === definition),
    )
  }

  #mayCall(name: string): boolean {
    return !this.#withheld.has(name) && this.#ofServer().some(({ tools }) => tools.some((tool) => tool.name === name))
  }

  /** Until the server has named itself, what is approved of any of the agent's servers. */
  #ofServer(): readonly ApprovedTools[] {
    const server = this.#server
    return this.#approved().filter((one) => server === undefined || one.server === server)
  }
}

function refusalOf(message: Json, withheld: readonly string[]): readonly Json[] {
  const name = calledTool(message)
  const text =
    name === undefined || !withheld.includes(name.slice(0, MAX_FRAME_TEXT))
      ? 'holdfast: not passed on, because the batch calls a tool that is not approved'
      : `holdfast: the tool "${name.slice(0, MAX_FRAME_TEXT)}" is not approved as its server offers it`
  return errorFor(message, { code: NOT_APPROVED, message: text })
}
