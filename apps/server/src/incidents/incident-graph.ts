import type { IncidentWire } from '@holdfast/api'
import { backward } from '@holdfast/graph'
import type { ExecutionGraph, GraphNode, Incident, NodeKind, Surface } from '@holdfast/model'
import { NODES_SHOWN } from './limits.ts'

type Graph = IncidentWire['graph']

/**
 * The part of the conversations' graphs that the incident is about: what its signals name, and the paths that led there. Where they
 * name nothing in them, as where a person reported an answer, all of the conversations.
 */
export function incidentGraph({ signals }: Incident, graphs: readonly ExecutionGraph[]): Graph {
  const named = new Set(signals.flatMap(({ events }) => events))
  const deeds = new Set(signals.flatMap(({ deed }) => deed ?? []))
  const about = graphs.map((graph) => partOf(graph, { deeds, wanted: wantedIn(graph, { named, deeds }) }))
  const isNothing = about.every((part) => part.nodes.length === 0)
  const parts = isNothing ? graphs.map((graph) => partOf(graph, { deeds, wanted: allOf(graph) })) : about
  const nodes = parts.flatMap((part) => part.nodes)
  const kept = new Set(nodes.slice(0, NODES_SHOWN).map(({ id }) => id))
  return {
    nodes: nodes.slice(0, NODES_SHOWN),
    edges: parts.flatMap((part) => part.edges).filter(({ from, to }) => kept.has(from) && kept.has(to)),
    cut: nodes.length - kept.size,
  }
}

type Ids = ReadonlySet<string>

/** Ids of nodes. */
function wantedIn(graph: ExecutionGraph, { named, deeds }: { readonly named: Ids; readonly deeds: Ids }): Ids {
  const own = graph.nodes.filter((node) => isNamed(named, node))
  const wanted = new Set(own.map(({ id }) => id))
  for (const { id } of own.filter((node) => isNamed(deeds, node)).slice(0, NODES_SHOWN))
    for (const step of backward(graph, id)?.triggerPath ?? []) wanted.add(step)
  return wanted
}

function allOf({ nodes }: ExecutionGraph): Ids {
  return new Set(nodes.map(({ id }) => id))
}

function partOf(
  graph: ExecutionGraph,
  { wanted, deeds }: { readonly wanted: Ids; readonly deeds: Ids },
): Pick<Graph, 'nodes' | 'edges'> {
  return {
    nodes: graph.nodes
      .filter(({ id }) => wanted.has(id))
      .map((node) => ({
        id: node.id,
        conversation: graph.conversation,
        kind: node.kind,
        label: node.label,
        agent: node.agent,
        surface: SURFACES[node.kind],
        events: node.events.slice(0, 32),
        isDeed: isNamed(deeds, node),
      })),
    edges: graph.edges
      .filter(({ from, to }) => wanted.has(from) && wanted.has(to))
      .map(({ from, to, kind, basis }) => ({ from, to, kind, basis })),
  }
}

/** Whether one of the events is of the node. */
function isNamed(events: Ids, node: GraphNode): boolean {
  return node.events.some((id) => events.has(id))
}

/** Where a node touches (requirements 1.7): a process and what it does is what a tool set off. */
const SURFACES: Readonly<Record<NodeKind, Surface>> = {
  message: 'S1',
  document: 'S1',
  'model-call': 'S1',
  'model-output': 'S1',
  memory: 'S1',
  guardrail: 'S1',
  step: 'S1',
  tool: 'S2',
  'tool-definition': 'S2',
  egress: 'S2',
  process: 'S2',
  file: 'S2',
  connection: 'S2',
  'kernel-act': 'S2',
  identity: 'S3',
  'api-call': 'S3',
  agent: 'S4',
  delegation: 'S4',
}
