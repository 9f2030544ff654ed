import { CALLS_PER_EXECUTION } from './limits.ts'

/** One tool call of an execution, as it is kept to put calls into order. */
export type OrderedCall = {
  readonly claimedAt: bigint
  readonly event: string
  readonly toolName: string
  readonly teller: string
  readonly entry: number
}

/** Two calls of one teller, one after the other. The later call's entry proves it. */
export type CallPair = { readonly key: string; readonly claimedAt: bigint; readonly entry: number }

/** Takes calls in, by the order of their claimed times: the earliest are kept, each event once, whatever came first. */
export function withCalls(kept: readonly OrderedCall[], more: readonly OrderedCall[]): readonly OrderedCall[] {
  const byEvent = new Map(kept.map((call) => [`${call.teller}\n${call.event}`, call]))
  for (const call of more) {
    const name = `${call.teller}\n${call.event}`
    const known = byEvent.get(name)
    // One event told twice is proven by the entry that came first.
    if (known === undefined || call.entry < known.entry) byEvent.set(name, call)
  }
  return [...byEvent.values()].toSorted(inOrder).slice(0, CALLS_PER_EXECUTION)
}

/** `a -> b` for each two successive calls of one teller. Calls are in the order of {@link withCalls}. */
export function pairsOf(calls: readonly OrderedCall[]): readonly CallPair[] {
  const last = new Map<string, OrderedCall>()
  return calls.flatMap((call) => {
    const before = last.get(call.teller)
    last.set(call.teller, call)
    if (before === undefined) return []
    return [{ key: `${before.toolName} -> ${call.toolName}`, claimedAt: call.claimedAt, entry: call.entry }]
  })
}

function inOrder(a: OrderedCall, b: OrderedCall): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.event < b.event ? -1 : a.event > b.event ? 1 : a.teller < b.teller ? -1 : a.teller > b.teller ? 1 : 0
}
