import type { EventSummary } from '@holdfast/model'
import { ConversationGraph } from '../conversation-graph.ts'
import { arrival } from './conversations.ts'

/** The bytes of the graph of what arrived in that order, in portions whose size the order tells. */
export function arrivedGraph(events: readonly EventSummary[], order: readonly number[]): string {
  const graph = new ConversationGraph('conv')
  const arrived = arrival(events, order)
  const size = 1 + ((order[0] ?? 0) % 17)
  for (let at = 0; at < arrived.length; at += size) {
    graph.add(arrived.slice(at, at + size))
    // A snapshot in between must leave no trace in the last one.
    if (at === size * 2) graph.snapshot()
  }
  return JSON.stringify(graph.snapshot())
}
