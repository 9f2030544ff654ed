import type { AgentId, AuthPlane, Incident } from '@holdfast/model'
import { planeOfPrincipal, principalName } from '@holdfast/observe'
import type { ScopedPrincipal } from '@holdfast/respond'
import { SCOPED_ROWS, USES_TOLD } from './limits.ts'
import type { Material } from './material.ts'

type Found = {
  readonly agents: Set<AgentId>
  readonly name: string
  plane: AuthPlane | undefined
  credential: string | undefined
  isMisused: boolean
  readonly used: Map<string, { readonly action: string; readonly resource: string }>
}

/**
 * Identities that acted in the incident, one row for each agent that acted as it: what agents state of themselves, and what
 * authorities recorded. `ids`: the agents of the scope; `actsAs`: principals that an agent is known to act as.
 */
export function scopedPrincipals(
  material: Material,
  ids: readonly AgentId[],
  actsAs: (agent: AgentId) => readonly string[],
): readonly ScopedPrincipal[] {
  const { events, incident } = material
  const scope = new Set<string>(ids)
  const found = new Map<string, Found>()
  const of = (id: string): Found => {
    const name = principalName(id)
    const known = found.get(name)
    if (known !== undefined) return known
    const made: Found = {
      agents: new Set(),
      name,
      plane: planeOfPrincipal(name),
      credential: undefined,
      isMisused: false,
      used: new Map(),
    }
    found.set(name, made)
    return made
  }
  for (const { agent, body } of events)
    if (body.kind === 'identity' && scope.has(agent.id) && isOwn(body.principalKind))
      of(body.principal).agents.add(agent.id)
  for (const id of ids) for (const name of actsAs(id)) if (found.has(principalName(name))) of(name).agents.add(id)
  const known = new Map(ids.map((id) => [id, new Set(actsAs(id).map(principalName))]))
  const signalled = eventsOfAuthority(incident)
  for (const { id, body } of events) {
    if (body.kind !== 'api-call') continue
    const principal = of(body.principal.id)
    principal.plane = body.plane
    principal.credential ??= body.principal.credential ?? body.principal.session
    if (signalled.has(id)) principal.isMisused = true
    for (const [agent, names] of known) if (names.has(principal.name)) principal.agents.add(agent)
    for (const resource of body.resources.length === 0 ? [''] : body.resources) {
      if (principal.used.size >= USES_TOLD) break
      principal.used.set(`${body.action}\n${resource}`, { action: body.action, resource })
    }
  }
  for (const name of misusedByDeeds(material)) of(name).isMisused = true
  return [...found.values()]
    .flatMap(({ agents, name, plane, credential, isMisused, used }) =>
      [...agents].map((agent): ScopedPrincipal => ({
        agent,
        name,
        authority: authorityOf(plane),
        ...(credential === undefined ? {} : { credential }),
        isMisused,
        used: [...used.values()],
      })),
    )
    .toSorted((a, b) => compare(a.agent, b.agent) || compare(a.name, b.name))
    .slice(0, SCOPED_ROWS)
}

/** Whom an agent serves, and under which user its process runs, is none of its own identities. */
function isOwn(kind: string): boolean {
  return kind !== 'user' && kind !== 'process'
}

function eventsOfAuthority({ signals }: Incident): ReadonlySet<string> {
  return new Set(
    signals
      .filter(({ speaksFor, source }) => speaksFor === 'privilege-boundary-escape' || source === 'authority')
      .flatMap(({ events }) => events),
  )
}

/** Identities in force at deeds that speak of a crossed boundary: the record of the authority may not be there. */
function misusedByDeeds({ incident, nodesOf, graph, events }: Material): readonly string[] {
  if (incident.type !== 'privilege-boundary-escape' && !incident.contributing.includes('privilege-boundary-escape'))
    return []
  const own = incident.signals.filter(({ speaksFor }) => speaksFor === 'privilege-boundary-escape')
  const deeds = new Set<string>(own.flatMap(({ deed, events: some }) => (deed === undefined ? some : [deed])))
  const nodes = new Set([...deeds].flatMap((event) => (nodesOf.get(event) ?? []).map(({ id }) => id)))
  const labels = new Map(graph.nodes.map(({ id, kind, label }) => [id, kind === 'identity' ? label : undefined]))
  const joined = graph.edges.flatMap(({ from, to, kind }) =>
    kind !== 'acted-as' ? [] : nodes.has(from) ? (labels.get(to) ?? []) : nodes.has(to) ? (labels.get(from) ?? []) : [],
  )
  // An agent that states one identity for all that it does acted as that one.
  const agents = new Set<string>(own.map(({ agent }) => agent))
  const stated = events.flatMap(({ agent, body }) =>
    body.kind === 'identity' && agents.has(agent.id) && isOwn(body.principalKind)
      ? [{ agent: agent.id, name: principalName(body.principal) }]
      : [],
  )
  const only = [...Map.groupBy(stated, ({ agent }) => agent).values()].flatMap((some) => {
    const names = [...new Set(some.map(({ name }) => name))]
    return names.length === 1 ? names : []
  })
  return [...joined, ...only]
}

function authorityOf(plane: AuthPlane | undefined): ScopedPrincipal['authority'] {
  switch (plane) {
    case 'aws':
    case 'kubernetes':
    case 'gcp':
    case 'azure':
      return plane
    case 'openai':
    case 'anthropic':
    case 'mcp':
    case 'saas':
    case undefined:
      return 'other'
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
