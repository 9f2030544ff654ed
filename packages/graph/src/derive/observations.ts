import { textOf } from './facet.ts'
import type { Draft } from './draft.ts'
import type { MutableCall } from './part.ts'

/**
 * A span and a log record may tell of one model call, and only one of them carry its messages. What the other says,
 * that it left them out, is then no message of its own: it is counted with the call.
 */
export function settleObservations(calls: Iterable<MutableCall>): void {
  for (const call of calls) {
    settle(call, call.prompts)
    settle(call, call.outputs)
  }
}

type Told = { readonly draft: Draft; readonly entry: number }

function settle<T extends Told>(call: MutableCall, told: T[]): void {
  const records = new Set(told.map(({ entry }) => entry))
  if (records.size < 2) return
  const telling = new Set(told.filter(({ draft }) => saysSomething(draft)).map(({ entry }) => entry))
  const kept = told.filter(({ draft, entry }) => {
    if (telling.has(entry) || saysSomething(draft)) return true
    // With no text anywhere, the records made for messages say more than the placeholder of the call's own record.
    if (telling.size === 0 && !call.entries.has(entry)) return true
    if (draft.into === undefined) {
      draft.into = call.draft
      for (const event of draft.events) call.draft.events.push(event)
    }
    return false
  })
  told.splice(0, told.length, ...kept)
}

function saysSomething(draft: Draft): boolean {
  const best = draft.got?.best
  return best !== undefined && (textOf(best) !== undefined || best.state === 'suppressed' || draft.isRequest)
}
