import { setTimeout as after } from 'node:timers/promises'
import type { Responder } from '@holdfast/respond'

/** How long a responder may take, milliseconds: to say what it could do or would do, and to do, undo or try something. */
export type Patience = { readonly askMs: number; readonly actMs: number }

/**
 * The same responder, whose promises fail once they took too long: one that never answers must not keep a plan from being settled,
 * nor the other steps from being told. What it does after that is found by the next probe.
 */
export function timeLimited(responder: Responder, { askMs, actMs }: Patience): Responder {
  const { name } = responder
  return {
    name,
    offers: (scope, decision) => within(askMs, name, responder.offers(scope, decision)),
    plan: (step) => within(askMs, name, responder.plan(step)),
    apply: (step, key) => within(actMs, name, responder.apply(step, key)),
    probe: (step, key) => within(actMs, name, responder.probe(step, key)),
    revert: (step, key) => within(actMs, name, responder.revert(step, key)),
  }
}

async function within<T>(ms: number, name: string, answer: Promise<T>): Promise<T> {
  using stopped = new DisposableAbort()
  const late = after(ms, undefined, { signal: stopped.signal, ref: false }).then(() => {
    throw new Error(`${name} gave no answer within ${ms / 1_000} s`)
  })
  // Stopped once the answer is there, and then nobody waits for it.
  late.catch(() => undefined)
  return await Promise.race([answer, late])
}

class DisposableAbort extends AbortController implements Disposable {
  [Symbol.dispose](): void {
    this.abort()
  }
}
