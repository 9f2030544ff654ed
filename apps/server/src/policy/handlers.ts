import type { Answer, Body, RolloutWire } from '@holdfast/api'
import {
  enforceOf,
  groupKey,
  isDecisionValue,
  lapsed,
  reportOf,
  rollbackOf,
  startOf,
  type RolloutRefusal,
  type RolloutState,
  type StepFacts,
} from '@holdfast/enforce'
import { ARTIFACT_KINDS, type PolicyArtifact, type PolicyDeed, type RolloutGroup } from '@holdfast/model'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import type { Around } from './around.ts'
import { placePolicy, withdrawPolicy } from './cluster-policies.ts'
import { AGENTS_LISTED } from './limits.ts'
import type { PolicyBook } from './policy-book.ts'
import type { PolicyCluster } from './policy-place.ts'
import type { Generated } from './policy-queries.ts'
import { policyFiles } from './policy-files.ts'
import { agentPolicies, artifactWire, rolloutsWire } from './policy-wire.ts'
import { simulationTask, type Standing } from './simulation-task.ts'
import type { Simulations } from './simulations.ts'
import type { PoliciesInForce } from './violations.ts'

export type PolicyParts = PoliciesInForce & {
  readonly book: PolicyBook
  readonly simulations: Simulations
  readonly around: (agent: string) => Promise<Around>
  readonly clusters: readonly PolicyCluster[]
}

type PolicyRoute =
  | 'listPolicies'
  | 'getPolicyArtifact'
  | 'generatePolicies'
  | 'exportPolicies'
  | 'explainPolicy'
  | 'verifyPolicies'
  | 'choosePolicy'
  | 'simulatePolicy'
  | 'getSimulation'
  | 'listRollouts'
  | 'stepRollout'
  | 'rollBackPolicies'
  | 'getPolicyStanding'
  | 'applyPolicy'
  | 'withdrawPolicy'

type Sources = Pick<HandlerSources, 'views' | 'parseAgent' | 'policies' | 'demos'>

/** Policies are derived and proven in the projection worker; what is decided about them is on record before it holds. */
export function policyHandlers(sources: Sources): Pick<Handlers, PolicyRoute> {
  const { views, policies, demos } = sources
  const { book, simulations, around, clusters } = policies
  const standingOf = standings(sources)
  const artifactOf = (id: string): PolicyArtifact => {
    const artifact = book.artifact(id)
    if (artifact === undefined) throw new HttpError(404, `no policy "${id.slice(0, 64)}"`)
    return artifact
  }
  return {
    listPolicies: async ({ query }) => {
      const { state, now } = book
      const agents = query.agent === undefined ? await listed(sources) : [agentIn(sources, query.agent)]
      const { artifact } = query
      const items = await Promise.all(
        agents.map(async (agent) => agentPolicies(state, await standingOf(agent), { now, artifact })),
      )
      return {
        items,
        kinds: [...ARTIFACT_KINDS],
        expiredEnforcing: lapsed(state, now).filter(({ agent }) => !demos.isRemoved(agent)).length,
      }
    },
    getPolicyArtifact: async ({ params }) => artifactWire(artifactOf(params.artifact)),
    generatePolicies: async ({ params, body, caller }) => {
      const agent = agentIn(sources, params.agent)
      const { kinds, at, reason = 'derived from the profile' } = body
      const asked = {
        agent,
        now: book.now,
        decisions: book.state.chosen.get(agent) ?? {},
        ...(at === undefined ? {} : { at }),
        ...(kinds === undefined ? {} : { kinds }),
        ...(await around(agent)),
      }
      const generated = JSON.parse(await views.ask('generatePolicies', asked)) as Generated // the worker's answer to this question
      return await recorded(book, generated, { reason, by: caller.name })
    },
    exportPolicies: async ({ params, body }) => {
      const agent = agentIn(sources, params.agent)
      const artifacts = body.artifacts.map(artifactOf)
      const foreign = artifacts.find((one) => one.agent !== agent)
      if (foreign !== undefined) throw new HttpError(400, `the policy ${foreign.id} is of ${foreign.agent}`)
      return policyFiles(artifacts)
    },
    explainPolicy: ({ params, query: { pointer, line } }) =>
      views.ask('explainPolicy', {
        artifact: artifactOf(params.artifact),
        ...(pointer === undefined ? {} : { pointer }),
        ...(line === undefined ? {} : { line }),
      }),
    verifyPolicies: ({ body: { agent, artifact } }) => {
      const all = [...book.state.artifacts.values()].map((one) => one.artifact)
      const artifacts =
        artifact === undefined
          ? // What those of a removed demo rest on was destroyed with it: they are no loss of anybody's.
            all.filter((one) => (agent === undefined || one.agent === agent) && !demos.isRemoved(one.agent))
          : [artifactOf(artifact)]
      return views.ask('verifyPolicies', { artifacts })
    },
    choosePolicy: async ({ params, body: { decision, value, reason }, caller }) => {
      if (value !== undefined && !isDecisionValue(decision, value))
        throw new HttpError(400, `no ${decision} "${value}": see docs/enforcing.md, the four decisions`)
      const agent = agentIn(sources, params.agent)
      const deed: PolicyDeed = { do: 'chosen', agent, decision, ...(value === undefined ? {} : { value }) }
      const { entry } = await book.step(() => deed, { reason, by: caller.name })
      return { entry }
    },
    simulatePolicy: async ({ body }) => ({
      id: simulations.start(await simulationTask(body, { state: book.state, standingOf })),
    }),
    getSimulation: async ({ params }) => {
      const kept = simulations.get(params.simulation)
      if (kept === undefined) throw new HttpError(404, 'no such simulation: results are kept while the server runs')
      const { id, state, read, total, failure, result } = kept
      return {
        id,
        state,
        read,
        total,
        ...(failure === undefined ? {} : { failure }),
        ...(result === undefined ? {} : { result }),
      }
    },
    listRollouts: async () => ({
      items: rolloutsWire(book.state).filter((rollout) => !isOfRemoved(rollout, { book, demos })),
    }),
    stepRollout: async ({ body, caller }) => {
      const decide = (state: RolloutState) => stepOf(state, body, { sources, standingOf, caller: caller.name })
      const { entry } = await book.step(decide, { reason: body.reason, by: caller.name })
      return { entry, rollouts: rolloutsWire(book.state) }
    },
    rollBackPolicies: async ({ params, body: { kinds, reason }, caller }) => {
      const agent = agentIn(sources, params.agent)
      const { entry, deed } = await book.step(
        (state) => taken(rollbackOf(state, agent, kinds === undefined ? {} : { kinds }, { now: book.now })),
        { reason, by: caller.name },
      )
      if (deed.do !== 'rolled-back') throw new Error('another step was recorded than was decided')
      const restored = [...deed.restored]
      return {
        entry,
        restored,
        removed: deed.kinds.filter((kind) => !restored.some((one) => one.kind === kind)),
      }
    },
    applyPolicy: async ({ params, body, caller }) =>
      await placePolicy(artifactOf(params.artifact), { book, clusters, around, by: caller.name, ...body }),
    withdrawPolicy: async ({ params, body, caller }) =>
      await withdrawPolicy(artifactOf(params.artifact), { book, clusters, by: caller.name, ...body }),
    getPolicyStanding: ({ params }) => standingOf(agentIn(sources, params.agent)),
  }
}

/** What an agent's observation admits now. */
export function standings({
  views,
  policies,
}: Pick<Sources, 'views' | 'policies'>): (agent: string) => Promise<Standing> {
  return async (agent) =>
    JSON.parse(await views.ask('getPolicyStanding', { agent, now: policies.book.now })) as Standing // the worker's answer
}

/** Each artifact once: one that is on record already is not made again. */
async function recorded(
  book: PolicyBook,
  { facts, principals, generations }: Generated,
  said: { readonly reason: string; readonly by: string },
): Promise<Answer<'generatePolicies'>> {
  const artifacts: Answer<'generatePolicies'>['artifacts'] = []
  const refusals: Answer<'generatePolicies'>['refusals'] = []
  for (const generation of generations) {
    if (generation.status === 'refused') {
      const { kind, code, reason, missing } = generation
      refusals.push({ kind, code, reason, missing: [...missing] })
      continue
    }
    const { artifact } = generation
    if (book.artifact(artifact.id) === undefined)
      await book.step(() => ({ do: 'generated', artifact, principals }), said)
    artifacts.push(artifactWire(artifact))
  }
  const { digest, asOf, status, days, observations } = facts.profile
  return { agent: facts.agent.id, profile: { digest, asOf, status, days, observations }, artifacts, refusals }
}

/** The step, judged by what is known now. Throws HttpError 409 with the name of the gate that refused it. */
async function stepOf(
  state: RolloutState,
  body: Body<'stepRollout'>,
  {
    sources,
    standingOf,
  }: { readonly sources: Sources; readonly standingOf: (agent: string) => Promise<Standing>; readonly caller: string },
): Promise<PolicyDeed> {
  const { book, simulations } = sources.policies
  const { group } = body
  const facts = await stepFacts(state, group, { now: book.now, standingOf })
  switch (body.step) {
    case 'start':
      return taken(startOf(state, group, facts))
    case 'report': {
      const kept = simulations.get(body.simulation)
      if (kept?.result === undefined)
        throw new HttpError(409, 'nothing-measured: no such simulation has ended on this server: run one first')
      const { result } = kept
      // Numbers of a replay that this server made, and nobody's own.
      return taken(
        reportOf(
          state,
          group,
          {
            from: result.from,
            to: result.to,
            artifacts: result.artifacts.map(({ id }) => id),
            unmeasured: result.artifacts.filter(({ judged }) => judged === 0).map(({ id }) => id),
            judged: result.judged,
            denied: result.denied,
            agents: result.agents,
            affectedAgents: result.affectedAgents,
            conversations: result.conversations,
            affectedConversations: result.affectedConversations,
            toolCalls: result.toolCalls,
            affectedToolCalls: result.affectedToolCalls,
          },
          { acceptsShortWindow: body.acceptShortWindow === true },
        ),
      )
    }
    case 'advance': {
      const { agents, kinds, acceptDenials = false } = body
      const selection = { ...(agents === undefined ? {} : { agents }), ...(kinds === undefined ? {} : { kinds }) }
      return taken(enforceOf(state, group, { ...selection, acceptsDenials: acceptDenials }, facts))
    }
  }
}

/** Looked up for everybody whom the step may touch, because the gate itself asks nobody. */
async function stepFacts(
  state: RolloutState,
  group: RolloutGroup,
  { now, standingOf }: { readonly now: string; readonly standingOf: (agent: string) => Promise<Standing> },
): Promise<StepFacts> {
  const watched = state.groups.get(groupKey(group))?.monitored.artifacts ?? []
  const all = [...state.artifacts.values()].map(({ artifact }) => artifact)
  const agents = new Set([
    ...all.filter((one) => group.kind === 'class' && one.agentClass === group.class).map(({ agent }) => agent),
    ...all.filter(({ id }) => watched.includes(id)).map(({ agent }) => agent),
    ...(group.kind === 'pre-enforced' ? [group.agent] : []),
  ])
  const known = new Map<string, Standing>()
  for (const agent of agents) known.set(agent, await standingOf(agent))
  return {
    now,
    observation: (agent) => {
      const standing = known.get(agent)
      if (standing === undefined)
        return { status: 'refused', code: 'no-profile', reason: 'it is not known', missing: [] }
      return standing.refusal === undefined ? undefined : refusalOfWire(standing.refusal)
    },
    isPreEnforced: (agent) => known.get(agent)?.isPreEnforced === true,
  }
}

function refusalOfWire(refusal: NonNullable<Standing['refusal']>): ReturnType<StepFacts['observation']> {
  return { status: 'refused', ...refusal, code: refusal.code as 'no-profile' } // the worker's own word, which is one of the codes
}

function taken<D extends PolicyDeed>(decided: D | RolloutRefusal): D {
  if ('status' in decided) throw new HttpError(409, `${decided.code}: ${decided.reason}`)
  return decided
}

/** True of a rollout of nobody but agents of demos that were removed. */
function isOfRemoved(
  { group, monitored }: RolloutWire,
  { book, demos }: { readonly book: PolicyBook; readonly demos: Sources['demos'] },
): boolean {
  if (group.kind === 'pre-enforced') return demos.isRemoved(group.agent)
  const agents = monitored.artifacts.flatMap((id) => book.artifact(id)?.agent ?? [])
  return agents.length > 0 && agents.every((agent) => demos.isRemoved(agent))
}

/** Agents of the list: those that have a policy, and then those that were heard of last. */
async function listed({ views, policies, demos }: Sources): Promise<readonly string[]> {
  const own = [...policies.book.state.artifacts.values()]
    .map(({ artifact }) => artifact.agent)
    .filter((agent) => !demos.isRemoved(agent))
  const answer = JSON.parse(await views.ask('listAgents', { query: { limit: AGENTS_LISTED } })) as Answer<'listAgents'> // as above
  return [...new Set([...own, ...answer.items.map(({ id }) => id)])].slice(0, AGENTS_LISTED)
}

function agentIn({ parseAgent }: Pick<Sources, 'parseAgent'>, text: string): string {
  const agent = parseAgent(text)
  if (agent === undefined) throw new HttpError(404, `"${text.slice(0, 200)}" is not an agent id`)
  return agent
}
