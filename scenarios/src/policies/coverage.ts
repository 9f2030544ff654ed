import { setTimeout as wait } from 'node:timers/promises'
import type { Answer, PolicyArtifactWire } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import type { ArtifactKind, Event, PolicyArtifact } from '@holdfast/model'
import { LogReader } from '@holdfast/recorder'
import { actOut, folded } from '../incidents/act-out.ts'
import { EXECUTIONS_A_DAY } from '../incidents/limits.ts'
import { ask, send, type HoldfastAddress } from '../incidents/holdfast.ts'
import type { IncidentScenario } from '../incidents/scenario.ts'
import { LOOK_MS, SIMULATED_WITHIN_MS } from './limits.ts'
import { actsAgainst, actsIn, seenBefore } from './acts.ts'
import { stepsOf, type Step } from './steps.ts'

/** What the policies of one agent, made of its quiet weeks, do to these and to what happened then. */
export type LayerCoverage = {
  readonly scenario: string
  readonly agent: string
  readonly kind: ArtifactKind
  readonly lines: number
  /** Acts of the last 14 quiet days that the layer judges, and what it would have stopped of them. */
  readonly quiet: { readonly judged: number; readonly denied: number }
  /** Acts of the incident that it judges and stops, and of these such as the quiet weeks show. */
  readonly acts: { readonly judged: number; readonly denied: number; readonly deniedOfKnown: number }
  /**
   * Acts that the quiet weeks never showed and that the layer judges; `missed` are those that it lets through, but for what it widens
   * by a decision that it states, and for `open`: what a line lets through that says of itself that it is open to every address.
   */
  readonly unseen: { readonly judged: number; readonly missed: readonly string[]; readonly open: readonly string[] }
}

export type Coverage = {
  readonly scenario: string
  readonly layers: readonly LayerCoverage[]
  /** Each thing of the incident that the quiet weeks never showed, and what each layer makes of it. */
  readonly steps: readonly Step[]
  /** Layers of an agent that have no policy, and why. */
  readonly without: readonly { readonly agent: string; readonly kind: ArtifactKind; readonly code: string }[]
}

/** Runs the scenario, derives each agent's policies of what was before its acts, and holds both against them. */
export async function policyCoverage({
  scenario,
  holdfast,
  executions,
}: {
  readonly scenario: IncidentScenario
  readonly holdfast: HoldfastAddress & { readonly folder: string }
  readonly executions: number
}): Promise<Coverage> {
  const midnight = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS).toISOString()
  const generated: Answer<'generatePolicies'>[] = []
  const cast = await actOut(scenario, {
    holdfast,
    executions,
    // Derived in the moment before the first act: of the quiet weeks, and of nothing else.
    before: async ({ cluster }) => {
      await folded(holdfast)
      generated.push(...(await generatedFor(holdfast, cluster)))
    },
  })
  const isOwn = (agent: string): boolean => agent.startsWith(`k8s:${cast.cluster}/`) || agent.includes(cast.account)
  const events = eventsOf(holdfast.folder, isOwn)
  const layers: LayerCoverage[] = []
  const steps: Step[] = []
  for (const { agent, artifacts } of generated) {
    if (artifacts.length === 0) continue
    const quiet = await simulated(holdfast, { artifacts: artifacts.map(({ id }) => id), to: midnight, days: 14 })
    const seen = seenBefore(events, { agent, at: nanosOf(midnight) })
    const acts = actsIn(events, nanosOf(midnight))
    steps.push(...stepsOf({ scenario: scenario.name, agent, artifacts: artifacts.map(made), acts, seen }))
    for (const artifact of artifacts) {
      const of = quiet.artifacts.find(({ id }) => id === artifact.id) ?? { judged: 0, denied: 0 }
      layers.push({
        scenario: scenario.name,
        agent,
        kind: artifact.kind,
        lines: artifact.lines.length,
        quiet: { judged: of.judged, denied: of.denied },
        ...actsAgainst(made(artifact), { agent, acts, seen }),
      })
    }
  }
  const without = generated.flatMap(({ agent, refusals }) => refusals.map(({ kind, code }) => ({ agent, kind, code })))
  return { scenario: scenario.name, layers, steps, without }
}

/** Executions of a quiet day after which the profiles of a scenario's agents settle: one that runs code has to be seen more often. */
export function executionsFor(scenario: string): number {
  return scenario.startsWith('six-events') ? (4 * EXECUTIONS_A_DAY) / 3 : EXECUTIONS_A_DAY
}

async function generatedFor(
  holdfast: HoldfastAddress,
  cluster: string,
): Promise<readonly Answer<'generatePolicies'>[]> {
  const { items } = await ask<Answer<'listAgents'>>(holdfast, '/agents?limit=200')
  const agents = items.map(({ id }) => id).filter((id) => id.startsWith(`k8s:${cluster}/`))
  const generated: Answer<'generatePolicies'>[] = []
  for (const agent of agents.toSorted())
    generated.push(await send(holdfast, `/agents/${encodeURIComponent(agent)}/policies`, {}))
  return generated
}

const DAY_MS = 86_400_000

/** The route answers artifacts as they were made. */
function made(wire: PolicyArtifactWire): PolicyArtifact {
  return wire as PolicyArtifact
}

function eventsOf(folder: string, isOwn: (agent: string) => boolean): readonly Event[] {
  using reader = LogReader.open({ folder })
  const events: Event[] = []
  for (const entry of reader.entries({ from: 0 }))
    if (isOwn(entry.envelope.agent)) events.push(...normalise(entry).events)
  return events
}

async function simulated(
  holdfast: HoldfastAddress,
  body: object,
): Promise<NonNullable<Answer<'getSimulation'>['result']>> {
  const { id } = await send<Answer<'simulatePolicy'>>(holdfast, '/policies/simulations', body)
  for (const until = Date.now() + SIMULATED_WITHIN_MS; Date.now() < until; await wait(LOOK_MS)) {
    const { state, result, failure } = await ask<Answer<'getSimulation'>>(holdfast, `/policies/simulations/${id}`)
    if (state === 'failed') throw new Error(failure)
    if (result !== undefined) return result
  }
  throw new Error('the simulation did not end in time')
}

function nanosOf(time: string): bigint {
  return BigInt(Date.parse(time)) * 1_000_000n
}
