import { errorBytes, type McpHeld } from '@holdfast/capture'
import type { HandOver, HandOverJudgement } from '@holdfast/model'

/** JSON-RPC leaves -32000 to -32099 to whoever serves; this one is ours (docs/roster.md). */
const NOT_HANDED_OVER = -32_084

type Faulty = Exclude<HandOverJudgement, { readonly status: 'allowed' }>

/** What the record says of a hand-over that does not pass, or passes only because the roster is open. */
export function heldHandOver(handOver: HandOver, { status, fault, reasons }: Faulty): McpHeld {
  return { handOver, fault, outcome: status, reasons, target: handOver.to }
}

/** The answer to a refused message; undefined where it asks for none. */
export function refusalOf(message: Uint8Array, handOver: HandOver, { fault, reasons }: Faulty): Buffer | undefined {
  return errorBytes(message, {
    code: NOT_HANDED_OVER,
    message: `holdfast: not handed over from ${shown(handOver.from)} to ${shown(handOver.to)}: ${reasons.join('; ')}`,
    data: { ...handOver, fault, reasons },
  })
}

/** A name comes from the other side; a client or its person reads it in our words. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200).toWellFormed())
}
