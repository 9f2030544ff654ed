import type { Answer } from '@holdfast/api'
import { isDecisionValue, lapsed } from '@holdfast/enforce'
import { ARTIFACT_KINDS, type PolicyDeed } from '@holdfast/model'
import type { Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { AGENTS_LISTED } from './limits.ts'
import type { PolicyBook } from './policy-book.ts'
import { policyFiles } from './policy-files.ts'
import type { Generated } from './policy-queries.ts'
import { agentIn, artifactIn, type PolicySources } from './policy-sources.ts'
import { agentPolicies, artifactWire } from './policy-wire.ts'
import { rolloutHandlers } from './rollout-handlers.ts'
import { simulationTask, type Standing } from './simulation-task.ts'

type DraftRoute =
  | 'listPolicies'
  | 'getPolicyArtifact'
  | 'generatePolicies'
  | 'exportPolicies'
  | 'explainPolicy'
  | 'verifyPolicies'
  | 'choosePolicy'
  | 'getPolicyStanding'
type ReplayRoute = 'simulatePolicy' | 'getSimulation'
type StandingOf = (agent: string) => Promise<Standing>

/** Policies are derived and proven in the projection worker; what is decided about them is on record before it holds. */
export function policyHandlers(
  sources: PolicySources,
): Pick<Handlers, DraftRoute | ReplayRoute | keyof ReturnType<typeof rolloutHandlers>> {
  const standingOf = standings(sources)
  return {
    ...draftHandlers(sources, standingOf),
    ...replayHandlers(sources, standingOf),
    ...rolloutHandlers(sources, standingOf),
  }
}

/** The routes by which policies are made, looked at and checked. */
function draftHandlers(sources: PolicySources, standingOf: StandingOf): Pick<Handlers, DraftRoute> {
  const { views, policies, demos } = sources
  const { book, around } = policies
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
    getPolicyArtifact: async ({ params }) => artifactWire(artifactIn(book, params.artifact)),
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
      const artifacts = body.artifacts.map((id) => artifactIn(book, id))
      const foreign = artifacts.find((one) => one.agent !== agent)
      if (foreign !== undefined) throw new HttpError(400, `the policy ${foreign.id} is of ${foreign.agent}`)
      return policyFiles(artifacts)
    },
    explainPolicy: ({ params, query: { pointer, line } }) =>
      views.ask('explainPolicy', {
        artifact: artifactIn(book, params.artifact),
        ...(pointer === undefined ? {} : { pointer }),
        ...(line === undefined ? {} : { line }),
      }),
    verifyPolicies: ({ body: { agent, artifact } }) => {
      const all = [...book.state.artifacts.values()].map((one) => one.artifact)
      const artifacts =
        artifact === undefined
          ? // What those of a removed demo rest on was destroyed with it: they are no loss of anybody's.
            all.filter((one) => (agent === undefined || one.agent === agent) && !demos.isRemoved(one.agent))
          : [artifactIn(book, artifact)]
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
    getPolicyStanding: ({ params }) => standingOf(agentIn(sources, params.agent)),
  }
}

/** The routes by which a policy is held against what was recorded. */
function replayHandlers(
  { policies: { book, simulations } }: PolicySources,
  standingOf: StandingOf,
): Pick<Handlers, ReplayRoute> {
  return {
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
  }
}

/** What an agent's observation admits now. */
export function standings({ views, policies }: Pick<PolicySources, 'views' | 'policies'>): StandingOf {
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

/** Agents of the list: those that have a policy, and then those that were heard of last. */
async function listed({ views, policies, demos }: PolicySources): Promise<readonly string[]> {
  const own = [...policies.book.state.artifacts.values()]
    .map(({ artifact }) => artifact.agent)
    .filter((agent) => !demos.isRemoved(agent))
  const answer = JSON.parse(await views.ask('listAgents', { query: { limit: AGENTS_LISTED } })) as Answer<'listAgents'> // as above
  return [...new Set([...own, ...answer.items.map(({ id }) => id)])].slice(0, AGENTS_LISTED)
}
