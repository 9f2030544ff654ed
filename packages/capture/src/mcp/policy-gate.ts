import { judgeTool, type PolicyMode, type ToolJudgement, type ToolPolicy } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import { definitionDigest } from './definition.ts'
import { MAX_LISTED_TOOLS } from './limits.ts'
import { calledTool, errorFor, parsedMessage, serverNamed, shortName } from './message-gate.ts'
import type { GateVerdict, MessageGate, PolicyDenial } from './message-gate.ts'

export type PolicyGateOptions = {
  /** Id of the policy artifact: what a refusal cites. */
  readonly artifact: string
  readonly policy: ToolPolicy
  /** Asked at each message. `monitor`: everything passes, and what would not is recorded. */
  readonly mode: () => PolicyMode
}

/** JSON-RPC leaves -32000 to -32099 to whoever serves; this one is ours (docs/enforcing.md). */
const NOT_IN_POLICY = -32_083

/**
 * Lets the tools of a policy pass as they were observed: takes others out of lists and answers calls to them with the line that says
 * so. Pure but for the definitions of the last lists. Untrusted, both sides.
 */
export class PolicyGate implements MessageGate {
  readonly #options: PolicyGateOptions
  /** By name, as the server last offered it. */
  readonly #definitions = new Map<string, string | undefined>()
  #server: string | undefined

  constructor(options: PolicyGateOptions) {
    this.#options = options
  }

  get isActive(): boolean {
    return this.#options.mode() === 'enforce'
  }

  get isWatching(): boolean {
    return !this.isActive
  }

  toServer(message: Uint8Array): GateVerdict {
    const mode = this.#options.mode()
    const read = parsedMessage(message)
    if (read === 'no JSON') return { do: 'pass' }
    if (read === 'unreadable') return mode === 'monitor' ? { do: 'pass' } : { do: 'drop' }
    const { json } = read
    const messages = isJsonArray(json) ? json : [json]
    const denials = messages.map((one) => {
      const name = calledTool(one)
      return name === undefined ? undefined : this.#denial(name, this.#definitions.get(name))
    })
    const [first] = denials.filter((denial) => denial !== undefined)
    if (first === undefined) return { do: 'pass' }
    const held = denials.flatMap((denial) => (denial === undefined ? [] : [denial.held]))
    if (mode === 'monitor') return { do: 'pass', held }
    // A batch is answered whole: what in it depended on the refused call is not known.
    const answers = messages.flatMap((one, at) => errorFor(one, this.#error(denials[at] ?? first)))
    const answer = isJsonArray(json) ? answers : answers[0]
    const isAsked = answers.length > 0 && answer !== undefined
    return { do: 'answer', bytes: isAsked ? Buffer.from(writeJsonText(answer)) : undefined, withheld: [], held }
  }

  toClient(message: Uint8Array): GateVerdict {
    const mode = this.#options.mode()
    const read = parsedMessage(message)
    if (read === 'no JSON') return { do: 'pass' }
    if (read === 'unreadable') return mode === 'monitor' ? { do: 'pass' } : { do: 'drop' }
    const { json } = read
    const held: PolicyDenial[] = []
    const checked = isJsonArray(json)
      ? json.map((one) => this.#checkedAnswer(one, held))
      : this.#checkedAnswer(json, held)
    if (held.length === 0) return { do: 'pass' }
    if (mode === 'monitor') return { do: 'pass', held }
    return { do: 'replace', bytes: Buffer.from(writeJsonText(checked)), withheld: [], held }
  }

  #checkedAnswer(message: Json, held: PolicyDenial[]): Json {
    const result = field(message, 'result')
    this.#server = serverNamed(result) ?? this.#server
    const tools = field(result, 'tools')
    if (!isJsonObject(message) || !isJsonObject(result) || !isJsonArray(tools)) return message
    const kept = tools.filter((tool) => {
      const name = textField(tool, 'name') ?? ''
      const definition = definitionDigest(tool)
      if (this.#definitions.size < MAX_LISTED_TOOLS || this.#definitions.has(name))
        this.#definitions.set(name, definition)
      const denial = this.#denial(name, definition)
      if (denial !== undefined) held.push(denial.held)
      return denial === undefined
    })
    return kept.length === tools.length ? message : { ...message, result: { ...result, tools: kept } }
  }

  #denial(
    name: string,
    definition: string | undefined,
  ): { readonly judged: ToolJudgement; readonly held: PolicyDenial } | undefined {
    const { artifact, policy } = this.#options
    const mode = this.#options.mode()
    const judged = judgeTool(policy, { name, server: this.#server, definition })
    if (judged.status === 'allowed') return undefined
    return { judged, held: { artifact, pointer: judged.pointer, mode, target: shortName(name) } }
  }

  #error({ judged, held }: { readonly judged: ToolJudgement; readonly held: PolicyDenial }) {
    const { artifact, pointer, target } = held
    return {
      code: NOT_IN_POLICY,
      message: `holdfast: the tool ${JSON.stringify(target)} is refused by policy: ${judged.reason}`,
      data: { artifact, line: pointer, tool: target },
    }
  }
}
