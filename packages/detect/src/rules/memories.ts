import type { EventView } from './event-view.ts'
import { keyOf } from './key-of.ts'
import { MAX_REMEMBERED } from './limits.ts'
import type { CutCount } from './cut-count.ts'
import type { Memory, Recalled } from './rule.ts'

type Left = { readonly until: bigint; readonly view: EventView }

/**
 * What rules leave for later events of the same agent. Whose memory it is comes from the event alone, so that no rule reads
 * or writes another agent's. Events come in claimed order.
 */
export class Memories {
  /** Agent, conversation where the memory is of one, and name -> value -> who left it last. */
  readonly #left = new Map<string, Map<string, Left>>()
  readonly #cut: CutCount

  constructor(cut: CutCount) {
    this.#cut = cut
  }

  remember({ name, field, ttlNanos, within }: Memory, view: EventView): void {
    const { claimedAt } = view.event
    const key = scopeKey(view, name, within)
    const left = this.#left.get(key) ?? new Map<string, Left>()
    this.#left.set(key, left)
    for (const value of view.folded(field).map(keyOf))
      if (left.has(value) || left.size < MAX_REMEMBERED) left.set(value, { until: claimedAt + ttlNanos, view })
      else this.#cut.add(1)
  }

  /** The event that left one of these values; undefined where none did, or too long ago. */
  recalled({ name, field }: Recalled, view: EventView): EventView | undefined {
    const { claimedAt } = view.event
    for (const within of ['conversation', 'agent'] as const) {
      const left = this.#left.get(scopeKey(view, name, within))
      if (left === undefined) continue
      for (const value of view.folded(field).map(keyOf)) {
        const found = left.get(value)
        if (found !== undefined && found.until >= claimedAt) return found.view
      }
    }
    return undefined
  }
}

function scopeKey({ event }: EventView, name: string, within: Memory['within']): string {
  const conversation = event.context.conversation ?? event.context.trace ?? event.context.session ?? ''
  return JSON.stringify([event.agent.id, within, within === 'conversation' ? conversation : '', name])
}
