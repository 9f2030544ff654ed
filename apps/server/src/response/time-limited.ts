import { setTimeout as after } from 'node:timers/promises'
import type { EffectOutcome, Responder } from '@holdfast/respond'

/** How long a responder may take, milliseconds: to say what it could do or would do, and to do, undo or try something. */
export type Patience = { readonly askMs: number; readonly actMs: number }

/**
 * The same responder, whose promises fail once they took too long: one that never answers must not keep a plan from being settled,
 * nor the other steps from being told. An `apply` that was given up may still come to its end and leave a hold: taking it back
 * waits for that first, and fails where it does not end, so that the step stays one of which nobody knows. Who asks again is not
 * kept waiting: it is taken back at once, and once more should the `apply` end after all.
 */
export function timeLimited(responder: Responder, { askMs, actMs }: Patience): Responder {
  const { name } = responder
  // By key: as many as there are steps under way.
  const applying = new Map<string, Promise<EffectOutcome>>()
  const waitedFor = new Set<string>()
  return {
    name,
    offers: (scope, decision) => within(askMs, name, responder.offers(scope, decision)),
    plan: (step) => within(askMs, name, responder.plan(step)),
    apply: (step, key) => {
      const answer = responder.apply(step, key)
      applying.set(key, answer)
      const forget = (): void => {
        if (applying.get(key) !== answer) return
        applying.delete(key)
        waitedFor.delete(key)
      }
      answer.then(forget, forget)
      return within(actMs, name, answer)
    },
    probe: (step, key) => within(actMs, name, responder.probe(step, key)),
    revert: (step, key, why) => {
      const applied = waitedFor.has(key) ? undefined : applying.get(key)
      if (applied !== undefined) waitedFor.add(key)
      const reverted = revertAfter(applied, () => responder.revert(step, key, why))
      return within(actMs, name, reverted)
    },
  }
}

async function revertAfter(
  applied: Promise<EffectOutcome> | undefined,
  revert: () => Promise<EffectOutcome>,
): Promise<EffectOutcome> {
  // How it ended does not count: failed or not, it may have done something.
  await applied?.catch(() => undefined)
  return revert()
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
