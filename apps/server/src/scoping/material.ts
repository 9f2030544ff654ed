import type { StepsOfWork } from '@holdfast/detect'
import type { EventSummary, ExecutionGraph, GraphNode, Incident } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Judge } from '../incidents/judge.ts'
import type { Conversations } from '../views/conversations.ts'
import { traceKeyOf } from '../views/keys.ts'
import type { Views } from '../views/views.ts'
import { ORIGINS_LOOKED, SCOPE_CONVERSATIONS } from './limits.ts'
import { Texts } from './texts.ts'

export type MaterialSources = {
  readonly reader: Pick<LogReader, 'entry'>
  readonly judge: Pick<Judge, 'showing'>
  readonly views: Pick<Views, 'united'>
  readonly conversations: Pick<Conversations, 'ofTrace'>
}

/** What a scope is drawn from: the incident, and everything that was recorded in its conversations and where it began. */
export type Material = {
  readonly incident: Incident
  readonly conversations: readonly string[]
  readonly graph: ExecutionGraph
  readonly events: readonly EventSummary[]
  readonly byId: ReadonlyMap<string, EventSummary>
  /** Nodes by the events that they stand for. */
  readonly nodesOf: ReadonlyMap<string, readonly GraphNode[]>
  readonly texts: Texts
  /** Ids that only an authority's log speaks of: principals, and no agents. */
  readonly principals: ReadonlySet<string>
  /** Entries that bounds left out: what is said of the scope is then a least. */
  readonly cut: number
}

/** Undefined where there is no such incident. */
export function* readMaterial(sources: MaterialSources, id: string): StepsOfWork<Material | undefined> {
  const incident = (yield* sources.judge.showing(id))?.incident
  if (incident === undefined) return undefined
  yield
  const texts = new Texts(sources.reader)
  const conversations = conversationsOf(sources, { incident, texts })
  const united = sources.views.united(conversations.names, incident.id)
  if (united === undefined) return undefined
  yield
  const { graph, events } = united
  return {
    incident,
    conversations: united.conversations,
    graph,
    events,
    byId: new Map(events.map((event) => [event.id, event])),
    nodesOf: nodesByEvent(graph),
    texts,
    principals: principalsOf(events),
    cut: united.cut + conversations.beyond,
  }
}

/** Those of the incident, and those in which it began: a memory record may have been written weeks before in another one. */
function conversationsOf(
  { conversations }: Pick<MaterialSources, 'conversations'>,
  { incident, texts }: { readonly incident: Incident; readonly texts: Texts },
): { readonly names: readonly string[]; readonly beyond: number } {
  const origins = incident.chain.links.filter(({ stage, state }) => stage === 'origin' && state !== 'not-seen')
  const wanted = new Set<string>(origins.flatMap(({ events }) => events))
  const entries = [...new Set(origins.flatMap((link) => link.entries))].slice(0, ORIGINS_LOOKED)
  const found = entries.flatMap((entry) =>
    texts
      .eventsOf(entry)
      .filter(({ id }) => wanted.has(id))
      .flatMap((event) => conversations.ofTrace(traceKeyOf(event))?.doc.id ?? []),
  )
  const all = [...new Set<string>([...incident.conversations, ...found])]
  return { names: all.slice(0, SCOPE_CONVERSATIONS), beyond: Math.max(0, all.length - SCOPE_CONVERSATIONS) }
}

function nodesByEvent({ nodes }: ExecutionGraph): ReadonlyMap<string, readonly GraphNode[]> {
  const found = new Map<string, GraphNode[]>()
  for (const node of nodes)
    for (const event of node.events) {
      const known = found.get(event)
      if (known === undefined) found.set(event, [node])
      else known.push(node)
    }
  return found
}

function principalsOf(events: readonly EventSummary[]): ReadonlySet<string> {
  const acting = new Set<string>(events.flatMap(({ agent, body }) => (body.kind === 'api-call' ? [] : [agent.id])))
  return new Set(events.flatMap(({ agent }) => (acting.has(agent.id) ? [] : [agent.id])))
}
