import { ConversationGraph } from '@holdfast/graph'
import type { EventSummary, ExecutionGraph, UnixNano } from '@holdfast/model'
import { beganAt, type SightClock } from './sight.ts'

type Timed = { readonly at: UnixNano; readonly event: EventSummary }

/**
 * The graph as it was at one instant after another: of what had begun by then, joined as if nothing more were known. To go
 * on in time costs what is new; to go back begins anew.
 */
export class MomentGraph {
  readonly #name: string
  readonly #events: readonly Timed[]
  #graph: ConversationGraph
  #taken = 0

  constructor(name: string, events: readonly EventSummary[], by: SightClock) {
    this.#name = name
    this.#events = events
      .map((event) => ({ at: beganAt(event, by), event }))
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    this.#graph = new ConversationGraph(name)
  }

  at(instant: UnixNano): ExecutionGraph {
    if ((this.#events[this.#taken - 1]?.at ?? instant) > instant) {
      this.#graph = new ConversationGraph(this.#name)
      this.#taken = 0
    }
    const until = this.#countTo(instant)
    this.#graph.add(this.#events.slice(this.#taken, until).map(({ event }) => event))
    this.#taken = until
    return this.#graph.snapshot()
  }

  /** How many events had begun by then. */
  #countTo(instant: UnixNano): number {
    let low = this.#taken
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#events[middle]?.at ?? instant) <= instant) low = middle + 1
      else high = middle
    }
    return low
  }
}
