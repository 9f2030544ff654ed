import type { Body, RolloutWire } from '@holdfast/api'
import {
  enforceOf,
  groupKey,
  reportOf,
  rollbackOf,
  startOf,
  type RolloutRefusal,
  type RolloutState,
  type StepFacts,
} from '@holdfast/enforce'
import type { PolicyDeed, RolloutGroup } from '@holdfast/model'
import type { Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { placePolicy, withdrawPolicy } from './cluster-policies.ts'
import type { PolicyBook } from './policy-book.ts'
import { rolloutsWire } from './policy-wire.ts'
import { agentIn, artifactIn, type PolicySources } from './policy-sources.ts'
import type { Standing } from './simulation-task.ts'

type RolloutRoute = 'listRollouts' | 'stepRollout' | 'rollBackPolicies' | 'applyPolicy' | 'withdrawPolicy'
type StandingOf = (agent: string) => Promise<Standing>

/** The routes by which policies come into force, and out of it. */
export function rolloutHandlers(sources: PolicySources, standingOf: StandingOf): Pick<Handlers, RolloutRoute> {
  const { policies, demos } = sources
  const { book, around, clusters } = policies
  return {
    listRollouts: async () => ({
      items: rolloutsWire(book.state).filter((rollout) => !isOfRemoved(rollout, { book, demos })),
    }),
    stepRollout: async ({ body, caller }) => {
      const decide = (state: RolloutState) => stepOf(state, body, { sources, standingOf })
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
      await placePolicy(artifactIn(book, params.artifact), { book, clusters, around, by: caller.name, ...body }),
    withdrawPolicy: async ({ params, body, caller }) =>
      await withdrawPolicy(artifactIn(book, params.artifact), { book, clusters, by: caller.name, ...body }),
  }
}

/** The step, judged by what is known now. Throws HttpError 409 with the name of the gate that refused it. */
async function stepOf(
  state: RolloutState,
  body: Body<'stepRollout'>,
  { sources, standingOf }: { readonly sources: PolicySources; readonly standingOf: StandingOf },
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
  { now, standingOf }: { readonly now: string; readonly standingOf: StandingOf },
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
  { book, demos }: { readonly book: PolicyBook; readonly demos: PolicySources['demos'] },
): boolean {
  if (group.kind === 'pre-enforced') return demos.isRemoved(group.agent)
  const agents = monitored.artifacts.flatMap((id) => book.artifact(id)?.agent ?? [])
  return agents.length > 0 && agents.every((agent) => demos.isRemoved(agent))
}
