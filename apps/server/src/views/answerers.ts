import type { BomWire } from '@holdfast/api'
import type { RuleSource } from '@holdfast/detect'
import { parseAgentId } from '@holdfast/model'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { AuditQueries } from '../audit/audit-queries.ts'
import { DetectorInForce } from '../detector/in-force.ts'
import { hostOf } from '../diagnostic/target.ts'
import { DriftQueries } from '../drift/drift-queries.ts'
import { incidentOfExecutions } from '../drift/incident-of.ts'
import { FleetQueries } from '../fleet/fleet-queries.ts'
import { Standings } from '../fleet/standings.ts'
import { HuntQueries } from '../hunt/hunt-queries.ts'
import { IncidentQueries } from '../incidents/incident-queries.ts'
import { IncidentRows } from '../incidents/incident-rows.ts'
import { Judge } from '../incidents/judge.ts'
import { KnownAgents } from '../incidents/known/known-agents.ts'
import { InventoryQueries } from '../inventory/inventory-queries.ts'
import { LearningQueries } from '../learning/learning-queries.ts'
import { PolicyLog } from '../policy/policy-records.ts'
import { PolicyQueries } from '../policy/policy-queries.ts'
import { toolFacts } from '../policy/tool-facts.ts'
import { ProfileQueries } from '../profile/profile-queries.ts'
import { RosterLog } from '../roster/roster-log.ts'
import { RulesInForce } from '../rules/rules-in-force.ts'
import { ScopeQueries } from '../scope/scope-queries.ts'
import { ScopingQueries } from '../scoping/scoping-queries.ts'
import { isPrincipal } from './agent-doc.ts'
import type { Answerers } from './answers.ts'
import { Conversations } from './conversations.ts'
import { decodeDoc, type AgentDoc } from './docs.ts'
import { keys } from './keys.ts'
import { Views } from './views.ts'

export type AnswererSources = {
  readonly reader: LogReader
  readonly stores: Readonly<
    Record<'workspace' | 'inventory' | 'profile' | 'authority' | 'incidents' | 'drift' | 'hunt', ProjectionStore>
  >
  readonly rules: readonly RuleSource[] | undefined
}

/** Who answers questions on a log and its projections, with who judges incidents and by which rules. */
export function answerersOf(sources: AnswererSources): {
  readonly answerers: Answerers
  readonly judge: Judge
  readonly inForce: RulesInForce
} {
  const agents = agentAnswerers(sources)
  const { judge, inForce, ...cases } = caseAnswerers(sources, agents)
  const others = otherAnswerers(sources, { ...agents, ...cases, judge })
  return { answerers: { ...agents, ...cases, ...others }, judge, inForce }
}

type Agents = ReturnType<typeof agentAnswerers>

/** Of agents: what was recorded of them, what they are made of, what they do, and may. */
function agentAnswerers({ reader, stores }: AnswererSources) {
  const roster = new RosterLog(reader)
  const inventory = new InventoryQueries({ reader, store: stores.inventory, roster })
  const scope = new ScopeQueries({ store: stores.authority })
  const policyLog = new PolicyLog(reader)
  const incidentRows = new IncidentRows(stores.incidents)
  return {
    roster,
    inventory,
    scope,
    conversations: new Conversations({ reader, store: stores.workspace }),
    views: new Views({
      reader,
      store: stores.workspace,
      factsOf: (agent) => inventory.facts(agent),
      incidentNamed: (id) => incidentRows.find(id),
    }),
    profile: new ProfileQueries({
      reader,
      store: stores.profile,
      about: (agent) => inventory.about(agent),
      isPrincipal: (agent) => isKnownPrincipal(stores.workspace, agent),
      isEnforced: (agent) => policyLog.isEnforced(agent),
    }),
    policy: new PolicyQueries({
      reader,
      profile: stores.profile,
      about: (agent) => inventory.about(agent),
      toolsOf: (agent) => toolFacts(inventory, agent),
      scope,
    }),
  }
}

/** Of incidents: what they are, how far they reach, and what they taught. */
function caseAnswerers({ reader, stores, rules }: AnswererSources, agents: Agents) {
  const { inventory, scope, roster, views, conversations } = agents
  const scopeAt = (agent: string, at: string) => scope.answer('getScope', { agent, query: { at }, now: '0' })
  const inForce = new RulesInForce({ store: stores.incidents, workspace: stores.workspace, reader, base: rules })
  const known = new KnownAgents(
    {
      roster,
      profile: stores.profile,
      inventory: stores.inventory,
      authority: stores.authority,
      about: (agent) => inventory.about(agent),
      scopeAt,
    },
    { now: () => performance.now() },
  )
  const caseSources = {
    reader,
    store: stores.incidents,
    workspace: stores.workspace,
    conversations,
    known,
    rules: inForce,
    detector: new DetectorInForce({ store: stores.incidents, workspace: stores.workspace, reader }),
  }
  const judge = new Judge(caseSources, { now: () => performance.now() })
  return {
    inForce,
    judge,
    incidents: new IncidentQueries({ store: stores.incidents, reader }, { judge, views }),
    scoping: new ScopingQueries({
      reader,
      judge,
      views,
      conversations,
      roster,
      inventory: stores.inventory,
      authority: stores.authority,
      incidents: stores.incidents,
      workspace: stores.workspace,
      scopeAt,
    }),
    learning: new LearningQueries({ ...caseSources, judge }),
  }
}

/** What puts agents and incidents together. */
function otherAnswerers(
  { reader, stores }: AnswererSources,
  { inventory, conversations, views, incidents, judge }: Agents & Omit<ReturnType<typeof caseAnswerers>, 'inForce'>,
) {
  return {
    drift: new DriftQueries({
      reader,
      store: stores.drift,
      profile: stores.profile,
      about: (agent) => inventory.about(agent),
      isPrincipal: (agent) => isKnownPrincipal(stores.workspace, agent),
      incidentOf: (agent, executions) => incidentOfExecutions(incidents.ofAgent(agent), conversations, executions),
    }),
    audit: new AuditQueries({
      reader,
      views,
      judge,
      incidentsOf: (conversation) => incidents.rowsOf(conversation),
      hostOf: (agent) => {
        const bom = inventory.answer('getBom', { agent, query: {} })
        return bom === undefined ? undefined : hostOf(bom as BomWire) // the route's own answer
      },
    }),
    fleet: new FleetQueries({
      workspace: stores.workspace,
      standings: new Standings({ store: stores.profile, about: (agent) => inventory.about(agent) }),
      factsOf: (agent) => inventory.facts(agent),
      nowMs: () => performance.now(),
    }),
    hunt: new HuntQueries({
      reader,
      store: stores.hunt,
      incidents: stores.incidents,
      classOf: (agent) => inventory.facts(agent)?.class,
    }),
  }
}

function isKnownPrincipal(store: ProjectionStore, agent: string): boolean {
  const id = parseAgentId(agent)
  const bytes = id === undefined ? undefined : store.get(keys.agent(id))
  return bytes !== undefined && isPrincipal(decodeDoc<AgentDoc>(bytes))
}
