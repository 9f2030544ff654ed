import type { IncidentWire } from '@holdfast/api'

type Graph = IncidentWire['graph']

/** An edge of the execution graph with the names of its ends. */
type NamedEdge = Pick<Graph['edges'][number], 'kind' | 'basis'> & { readonly from: string; readonly to: string }

/** The conversation in which an event stands; the first of the incident where its graph does not have it. */
export function conversationOf({ graph, conversations }: IncidentWire, event: string): string {
  return graph.nodes.find(({ events }) => events.includes(event))?.conversation ?? conversations[0] ?? ''
}

/** The deed that the strongest evidence of its type speaks of: where a trigger path is asked for without naming one. */
export function decisiveEvent({ columns, graph, evidence }: IncidentWire): string | undefined {
  const strongest = columns.find(({ role }) => role === 'primary')?.for[0]
  const events = new Set(strongest?.events)
  const deed = graph.nodes.find((node) => node.isDeed && node.events.some((event) => events.has(event)))
  return deed?.events.find((event) => events.has(event)) ?? strongest?.events.at(-1) ?? evidence.for[0]?.events[0]
}

/** The evidence that quotes what asked for the deed; undefined where no captured text does. */
export function askedBy({ evidence }: IncidentWire) {
  return evidence.for.flatMap(({ quote, ...line }) => (quote === undefined ? [] : [{ ...line, quote }]))[0]
}

/** Edges of the graph that touch any of these events: what a claim about them rests on. */
export function edgesOf({ graph }: IncidentWire, events: readonly string[]): readonly NamedEdge[] {
  const named = new Set(events)
  const own = new Set(graph.nodes.filter((node) => node.events.some((event) => named.has(event))).map(({ id }) => id))
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]))
  return graph.edges
    .filter(({ from, to }) => own.has(from) || own.has(to))
    .map(({ from, to, kind, basis }) => ({ kind, basis, from: labels.get(from) ?? from, to: labels.get(to) ?? to }))
}
