import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import { CONTAINMENTS_KEPT, STEPS_KEPT } from './limits.ts'

/** A containment as its last step left it. `since`: when its first step was recorded. */
export type Kept = { readonly record: ContainmentRecord; readonly since: UnixNano; readonly steps: readonly Step[] }
type Step = Pick<ContainmentRecord, 'state' | 'by' | 'detail' | 'checks'> & Place
/** Where the log holds a step, and when it was recorded. */
export type Place = { readonly at: UnixNano; readonly entry: number }

/**
 * All containments, folded from their records in the order of the log, the oldest step first. Of more than {@link CONTAINMENTS_KEPT}
 * those that hold nobody any more are forgotten and counted; one that is in force never is.
 */
export class KnownContainments {
  readonly #kept = new Map<string, Kept>()
  /** Ids of those that hold nobody and never will again, in the order in which they ended. */
  readonly #ended = new Set<string>()
  #forgotten = 0

  get(containment: string): Kept | undefined {
    return this.#kept.get(containment)
  }

  /** The one whose newest step is oldest comes first. */
  all(): IterableIterator<Kept> {
    return this.#kept.values()
  }

  /** Containments that memory holds no more; the log has them. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** How many hold somebody, or may. */
  inForce(now: UnixNano): number {
    let count = 0
    for (const kept of this.#kept.values()) if (isInForce(kept, now)) count += 1
    return count
  }

  /** The rung that ended this agent and was not released, the newest: it may not start again. */
  endedBy(agentName: string): ContainmentRecord | undefined {
    const kills = [...this.#kept.values()].filter(
      ({ record: { plan, state } }) =>
        [plan.target, plan.agent, plan.agentName, plan.run].includes(agentName) &&
        // One whose end was asked for and failed, or whose outcome nobody heard of, bars the agent too.
        plan.rung === 'kill' &&
        state !== 'released' &&
        state !== 'refused',
    )
    return kills.at(-1)?.record
  }

  /** When agents were held, whoever asked: the newest of each, of those that are known. */
  heldSince(since: UnixNano): readonly { readonly agent: string; readonly at: UnixNano }[] {
    return [...this.#kept.values()].flatMap(({ record: { plan, state }, since: at }) =>
      at > since && state !== 'refused' && plan.rung !== 'watch' ? [{ agent: plan.agent, at }] : [],
    )
  }

  /** Applies a step that is on record at this place. */
  note(record: ContainmentRecord, { at, entry }: Place): Kept {
    const { containment, state, by, detail, checks } = record
    const before = this.#kept.get(containment)
    const steps = [...(before?.steps ?? []), { state, by, detail, checks, at, entry }].slice(-STEPS_KEPT)
    const kept = { record, since: before?.since ?? at, steps }
    this.#kept.delete(containment)
    this.#kept.set(containment, kept)
    this.#ended.delete(containment)
    if (holdsNobody(record)) this.#ended.add(containment)
    if (this.#kept.size > CONTAINMENTS_KEPT) this.#forget(containment, at)
    return kept
  }

  /** By the clock of the record that needs the room, so that reading the log again forgets the same. */
  #forget(newest: string, now: UnixNano): void {
    const oldest =
      [
        ...this.#ended
          .values()
          .filter((id) => id !== newest)
          .take(1),
      ][0] ??
      this.#kept.values().find((kept) => kept.record.containment !== newest && !isInForce(kept, now))?.record
        .containment
    if (oldest === undefined) return
    this.#kept.delete(oldest)
    this.#ended.delete(oldest)
    this.#forgotten += 1
  }
}

/** When it ends by itself; undefined where it never does. What was ended does not come back by itself. */
export function endOf({ record: { plan }, since }: Pick<Kept, 'record' | 'since'>): UnixNano | undefined {
  const { ttlMs, rung } = plan
  if (ttlMs <= 0 || rung === 'stop' || rung === 'kill') return undefined
  // Nanoseconds of the clock stay so.
  return (since + BigInt(ttlMs) * 1_000_000n) as UnixNano
}

/** Whether it holds somebody, or may: one that failed, or of which nobody heard what came of it, counts. */
function isInForce(kept: Kept, now: UnixNano): boolean {
  const endsAt = endOf(kept)
  return !holdsNobody(kept.record) && (endsAt === undefined || now < endsAt)
}

function holdsNobody({ state, plan }: ContainmentRecord): boolean {
  return state === 'released' || state === 'refused' || plan.rung === 'watch'
}
