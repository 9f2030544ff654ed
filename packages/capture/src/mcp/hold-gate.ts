import type { ProxyOrder } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import { heldRequest } from './held-request.ts'
import { heldAnswer, heldFromServer } from './held-answer.ts'
import { errorFor, parsedMessage, shortName } from './message-gate.ts'
import type { GateVerdict, McpHeld, MessageGate } from './message-gate.ts'

/** What of an order the gate needs. */
export type GateOrder = Pick<ProxyOrder, 'order' | 'incident' | 'server' | 'hold'>

export type HoldGateOptions = {
  /** The orders in force; asked at each message, so that one takes effect on the next. */
  readonly orders: () => readonly GateOrder[]
  /** As the server last named itself; until it has, orders for any server of the agent hold. */
  readonly server: () => string | undefined
  /** What the server last offered, held or not. */
  readonly offered: () => readonly { readonly name: string; readonly definition: string }[]
  /** Whether the pattern (RE2, linear in time) matches all of a text. */
  readonly matches: (pattern: string, text: string) => boolean
}

const PASS: GateVerdict = { do: 'pass' }

/** JSON-RPC leaves -32000 to -32099 to whoever serves; this one is ours (docs/proxies.md). */
const HELD = -32_082

/** Keeps from passing what orders hold; all else passes as it is. Pure. Untrusted, both sides. */
export class HoldGate implements MessageGate {
  readonly #options: HoldGateOptions

  constructor(options: HoldGateOptions) {
    this.#options = options
  }

  get isActive(): boolean {
    return this.#inForce().length > 0
  }

  toServer(message: Uint8Array): GateVerdict {
    const orders = this.#inForce()
    const read = orders.length === 0 ? 'no JSON' : parsedMessage(message)
    if (read === 'no JSON') return PASS
    if (read === 'unreadable') return { do: 'drop' }
    const { json } = read
    const messages = isJsonArray(json) ? json : [json]
    const refusals = messages.map((one) => this.#refusal(one, orders))
    const held = refusals.flatMap((refusal) => (refusal === undefined ? [] : [refusal.held]))
    const [first] = refusals.filter((refusal) => refusal !== undefined)
    if (first === undefined) return PASS
    // A batch is answered whole: what in it depended on the refused call is not known.
    const answers = messages.flatMap((one, at) => {
      const { words, order } = refusals[at] ?? { ...first, words: 'not passed on, because the batch holds a held call' }
      return errorFor(one, {
        code: HELD,
        message: `holdfast: ${words} (incident ${order.incident})`,
        data: { held: order.hold.kind, incident: order.incident, order: order.order },
      })
    })
    const answer = isJsonArray(json) ? answers : answers[0]
    const isAsked = answers.length > 0 && answer !== undefined
    const bytes = isAsked ? Buffer.from(writeJsonText(answer)) : undefined
    return { do: 'answer', bytes, withheld: [], held }
  }

  toClient(message: Uint8Array): GateVerdict {
    const orders = this.#inForce()
    const read = orders.length === 0 ? 'no JSON' : parsedMessage(message)
    if (read === 'no JSON') return PASS
    if (read === 'unreadable') return { do: 'drop' }
    const { json } = read
    const held: McpHeld[] = []
    const note = (order: string, target: string): void => {
      held.push({ order, target: shortName(target) })
    }
    const messages = isJsonArray(json) ? json : [json]
    const passed = messages.flatMap((one) => this.#checked(one, orders, note))
    if (held.length === 0) return PASS
    const [only] = passed
    if (only === undefined) return { do: 'withhold', withheld: [], held }
    return { do: 'replace', bytes: Buffer.from(writeJsonText(isJsonArray(json) ? passed : only)), withheld: [], held }
  }

  #refusal(message: Json, orders: readonly GateOrder[]) {
    for (const order of orders) {
      const found = heldRequest(message, order.hold, this.#options)
      if (found === undefined) continue
      return { order, words: found.words, held: { order: order.order, target: shortName(found.target) } }
    }
    return undefined
  }

  #checked(
    message: Json,
    orders: readonly GateOrder[],
    note: (order: string, target: string) => void,
  ): readonly Json[] {
    if (!isJsonObject(message)) return [message]
    let passed = message
    for (const { order, hold, incident } of orders) {
      const by = { hold, incident, code: HELD, note: (target: string): void => note(order, target) }
      const isSaid = textField(message, 'method') !== undefined
      const isAnswer = field(message, 'result') !== undefined || field(message, 'error') !== undefined
      // What is both is held as both: as which of them a client reads it is not known.
      if (isAnswer || !isSaid) passed = heldAnswer(passed, by)
      if (!isSaid) continue
      const kept = heldFromServer(passed, by)
      if (kept === undefined) return []
      passed = kept
    }
    return [passed]
  }

  #inForce(): readonly GateOrder[] {
    const orders = this.#options.orders()
    if (orders.length === 0) return orders
    const server = this.#options.server()
    return orders.filter(
      ({ server: of, hold }) =>
        hold.kind !== 'freeze-model' && (of === undefined || server === undefined || of === server),
    )
  }
}
