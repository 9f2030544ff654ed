import type { RuleSource, StepsOfWork } from '@holdfast/detect'
import { parseAgentId } from '@holdfast/model'
import { LogReader, ProjectionStore } from '@holdfast/recorder'
import type { BomWire } from '@holdfast/api'
import { AuditQueries } from '../audit/audit-queries.ts'
import { hostOf } from '../diagnostic/target.ts'
import { DetectorInForce } from '../detector/in-force.ts'
import { FleetQueries } from '../fleet/fleet-queries.ts'
import { Standings } from '../fleet/standings.ts'
import { HuntQueries } from '../hunt/hunt-queries.ts'
import { huntProjection } from '../hunt/hunt-projection.ts'
import { incidentsProjection } from '../incidents/fold-incidents.ts'
import { IncidentQueries } from '../incidents/incident-queries.ts'
import { IncidentRows } from '../incidents/incident-rows.ts'
import { Judge } from '../incidents/judge.ts'
import { KnownAgents } from '../incidents/known/known-agents.ts'
import { InventoryQueries } from '../inventory/inventory-queries.ts'
import { DriftQueries } from '../drift/drift-queries.ts'
import { driftProjection } from '../drift/drift-projection.ts'
import { incidentOfExecutions } from '../drift/incident-of.ts'
import { inventoryProjection } from '../inventory/inventory-projection.ts'
import { LearningQueries } from '../learning/learning-queries.ts'
import { RosterLog } from '../roster/roster-log.ts'
import { RulesInForce } from '../rules/rules-in-force.ts'
import { PolicyQueries } from '../policy/policy-queries.ts'
import { ProfileQueries } from '../profile/profile-queries.ts'
import { profileProjection } from '../profile/profile-projection.ts'
import { authorityProjection } from '../scope/authority-projection.ts'
import { PolicyLog } from '../policy/policy-records.ts'
import { toolFacts } from '../policy/tool-facts.ts'
import { ScopeQueries } from '../scope/scope-queries.ts'
import { ScopingQueries } from '../scoping/scoping-queries.ts'
import { isPrincipal } from './agent-doc.ts'
import { Answers } from './answers.ts'
import { Conversations } from './conversations.ts'
import { decodeDoc, type AgentDoc } from './docs.ts'
import { foldEntries } from './fold.ts'
import { keys } from './keys.ts'
import { hiddenFields } from './hidden-fields.ts'
import type { Exportable, Exported, ViewQuestion } from './messages.ts'
import type { Projection } from './projection.ts'
import { Views } from './views.ts'

/** What lists, graphs and search are answered from. */
const workspaceProjection: Projection = { name: 'workspace', version: 13, fold: foldEntries }

export type OpenProjection = { readonly projection: Projection; readonly store: ProjectionStore }

export type OpenViews = Disposable & {
  readonly reader: LogReader
  /** The workspace first: what people look at is folded before the rest. */
  readonly projections: readonly [OpenProjection, ...OpenProjection[]]
  readonly views: Views
  /** Judges what changed, when the caller has time for it. */
  readonly judge: Judge
  readonly hunt: HuntQueries
  readonly rules: RulesInForce
  /** The route's answer as JSON text; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  readonly answerJson: (question: ViewQuestion, args: unknown) => string | undefined
  /** The same step by step, for questions that may take long; undefined for one that does not. */
  readonly answering: (question: ViewQuestion, args: unknown) => StepsOfWork<string | undefined> | undefined
  /** What a bundle of it holds; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  readonly exportable: (of: Exported) => Exportable | undefined
}

/**
 * Opens the log and the projections of a folder, each on a connection of this thread's own. `rules`: the rule files to judge
 * by; where they are others than before, everything is judged anew. Without them nothing that was judged is touched.
 */
export function openViews(folder: string, { rules }: { readonly rules?: readonly RuleSource[] } = {}): OpenViews {
  const open = new DisposableStack()
  const reader = open.use(LogReader.open({ folder }))
  const openOne = (projection: Projection): OpenProjection => {
    const { name, version } = projection
    return { projection, store: open.use(ProjectionStore.open({ folder, name, version })) }
  }
  const workspace = openOne(workspaceProjection)
  const inventory = openOne(inventoryProjection)
  const profile = openOne(profileProjection)
  const authority = openOne(authorityProjection)
  const incidents = openOne(incidentsProjection)
  const drift = openOne(driftProjection)
  const hunt = openOne(huntProjection)
  const inForce = new RulesInForce({ store: incidents.store, workspace: workspace.store, reader, base: rules })
  const roster = new RosterLog(reader)
  const inventoryQueries = new InventoryQueries({ reader, store: inventory.store, roster })
  const incidentRows = new IncidentRows(incidents.store)
  const views = new Views({
    reader,
    store: workspace.store,
    factsOf: (agent) => inventoryQueries.facts(agent),
    incidentNamed: (id) => incidentRows.find(id),
  })
  const scopeQueries = new ScopeQueries({ store: authority.store })
  const policyLog = new PolicyLog(reader)
  const profileQueries = new ProfileQueries({
    reader,
    store: profile.store,
    about: (agent) => inventoryQueries.about(agent),
    isPrincipal: (agent) => isKnownPrincipal(workspace.store, agent),
    isEnforced: (agent) => policyLog.isEnforced(agent),
  })
  const policyQueries = new PolicyQueries({
    reader,
    profile: profile.store,
    about: (agent) => inventoryQueries.about(agent),
    toolsOf: (agent) => toolFacts(inventoryQueries, agent),
    scope: scopeQueries,
  })
  const known = new KnownAgents(
    {
      roster,
      profile: profile.store,
      inventory: inventory.store,
      authority: authority.store,
      about: (agent) => inventoryQueries.about(agent),
      scopeAt: (agent, at) => scopeQueries.answer('getScope', { agent, query: { at }, now: '0' }),
    },
    { now: () => performance.now() },
  )
  const conversations = new Conversations({ reader, store: workspace.store })
  const caseSources = {
    reader,
    store: incidents.store,
    workspace: workspace.store,
    conversations,
    known,
    rules: inForce,
    detector: new DetectorInForce({ store: incidents.store, workspace: workspace.store, reader }),
  }
  const judge = new Judge(caseSources, { now: () => performance.now() })
  const incidentQueries = new IncidentQueries({ store: incidents.store, reader }, { judge, views })
  const scopingQueries = new ScopingQueries({
    reader,
    judge,
    views,
    conversations,
    roster,
    inventory: inventory.store,
    authority: authority.store,
    incidents: incidents.store,
    workspace: workspace.store,
    scopeAt: (agent, at) => scopeQueries.answer('getScope', { agent, query: { at }, now: '0' }),
  })
  const driftQueries = new DriftQueries({
    reader,
    store: drift.store,
    profile: profile.store,
    about: (agent) => inventoryQueries.about(agent),
    isPrincipal: (agent) => isKnownPrincipal(workspace.store, agent),
    incidentOf: (agent, executions) => incidentOfExecutions(incidentQueries.ofAgent(agent), conversations, executions),
  })
  const learningQueries = new LearningQueries({ ...caseSources, judge })
  const auditQueries = new AuditQueries({
    reader,
    views,
    judge,
    incidentsOf: (conversation) => incidentQueries.rowsOf(conversation),
    hostOf: (agent) => {
      const bom = inventoryQueries.answer('getBom', { agent, query: {} })
      return bom === undefined ? undefined : hostOf(bom as BomWire) // the route's own answer
    },
  })
  const fleetQueries = new FleetQueries({
    workspace: workspace.store,
    standings: new Standings({ store: profile.store, about: (agent) => inventoryQueries.about(agent) }),
    factsOf: (agent) => inventoryQueries.facts(agent),
    nowMs: () => performance.now(),
  })
  const huntQueries = new HuntQueries({
    reader,
    store: hunt.store,
    incidents: incidents.store,
    classOf: (agent) => inventoryQueries.facts(agent)?.class,
  })
  const answers = new Answers({
    hunt: huntQueries,
    audit: auditQueries,
    fleet: fleetQueries,
    incidents: incidentQueries,
    scoping: scopingQueries,
    learning: learningQueries,
    drift: driftQueries,
    inventory: inventoryQueries,
    profile: profileQueries,
    policy: policyQueries,
    scope: scopeQueries,
    views,
  })
  return {
    reader,
    projections: [workspace, inventory, profile, authority, incidents, drift, hunt],
    views,
    judge,
    hunt: huntQueries,
    rules: inForce,
    answerJson: (question, args) => answers.json(question, args),
    answering: (question, args) => answers.inSteps(question, args),
    exportable: ({ kind, id, redact }) => {
      const found = kind === 'incident' ? incidentQueries.exportable(id) : views.exportable([id])
      if (found === undefined || redact === undefined) return found
      // What is derived quotes texts, so it would tell what is hidden.
      return { ...found, files: [], hidden: hiddenFields(reader, found.entries, redact) }
    },
    [Symbol.dispose]: () => open.dispose(),
  }
}

function isKnownPrincipal(store: ProjectionStore, agent: string): boolean {
  const id = parseAgentId(agent)
  const bytes = id === undefined ? undefined : store.get(keys.agent(id))
  return bytes !== undefined && isPrincipal(decodeDoc<AgentDoc>(bytes))
}
