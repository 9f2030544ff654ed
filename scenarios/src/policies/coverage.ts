import { setTimeout as wait } from 'node:timers/promises'
import type { Answer, PolicyArtifactWire } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { generatorOf } from '@holdfast/enforce'
import type { ArtifactKind, Event, PolicyArtifact, ProfileDimension } from '@holdfast/model'
import { namedDestination, observationsOf } from '@holdfast/observe'
import { LogReader } from '@holdfast/recorder'
import { ask, send, type HoldfastAddress } from '../incidents/holdfast.ts'
import { runIncidentScenario } from '../incidents/run-incident-scenario.ts'
import type { IncidentScenario } from '../incidents/scenario.ts'
import { LOOK_MS, SIMULATED_WITHIN_MS } from './limits.ts'

/** What the policies of one agent, made of its quiet weeks, do to these and to what happened then. */
export type LayerCoverage = {
  readonly scenario: string
  readonly agent: string
  readonly kind: ArtifactKind
  readonly lines: number
  /** Acts of the last 14 quiet days that the layer judges, and what it would have stopped of them. */
  readonly quiet: { readonly judged: number; readonly denied: number }
  /** Acts of the incident that it judges and stops. */
  readonly acts: { readonly judged: number; readonly denied: number }
  /** Acts that the quiet weeks never showed and that the layer judges; `missed` are those that it lets through. */
  readonly unseen: { readonly judged: number; readonly missed: readonly string[] }
}

export type Coverage = {
  readonly scenario: string
  readonly layers: readonly LayerCoverage[]
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
  const { cast } = await runIncidentScenario({
    // Derived in the moment before the first act: of the quiet weeks, and of nothing else.
    scenario: {
      ...scenario,
      act: async (stage) => {
        await folded(holdfast)
        generated.push(...(await generatedFor(holdfast, stage.cast.cluster)))
        await scenario.act(stage)
      },
    },
    holdfast,
    executions,
  })
  const isOwn = (agent: string): boolean => agent.startsWith(`k8s:${cast.cluster}/`) || agent.includes(cast.account)
  const events = eventsOf(holdfast.folder, isOwn)
  const layers: LayerCoverage[] = []
  for (const { agent, artifacts } of generated) {
    if (artifacts.length === 0) continue
    const quiet = await simulated(holdfast, { artifacts: artifacts.map(({ id }) => id), to: midnight, days: 14 })
    const seen = seenBefore(events, agent, midnight)
    const acts = events.filter((event) => event.claimedAt >= nanosOf(midnight) && event.source.clock === 'live')
    for (const artifact of artifacts) {
      const of = quiet.artifacts.find(({ id }) => id === artifact.id) ?? { judged: 0, denied: 0 }
      layers.push({
        scenario: scenario.name,
        agent,
        kind: artifact.kind,
        lines: artifact.lines.length,
        quiet: { judged: of.judged, denied: of.denied },
        ...actsAgainst(artifact, { acts, seen }),
      })
    }
  }
  const without = generated.flatMap(({ agent, refusals }) => refusals.map(({ kind, code }) => ({ agent, kind, code })))
  return { scenario: scenario.name, layers, without }
}

/** Once what was imported is in the profiles; judging it is for others to wait for. */
async function folded(holdfast: HoldfastAddress): Promise<void> {
  for (const until = Date.now() + SIMULATED_WITHIN_MS; Date.now() < until; await wait(LOOK_MS)) {
    const { projection } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
    // A sensor of this machine goes on telling.
    if (projection.lag < LAG_LEFT) return
  }
  throw new Error('the quiet weeks were not folded in time')
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
/** Records behind the log that are of this moment. */
const LAG_LEFT = 100

/** Which dimension of the profile a layer speaks of. */
const DIMENSION: Readonly<Record<ArtifactKind, ProfileDimension>> = {
  'network-policy': 'destination',
  'cilium-network-policy': 'destination',
  'host-egress': 'destination',
  seccomp: 'syscall',
  'mcp-tools': 'tool',
  'aws-iam': 'identity',
  'gcp-role': 'identity',
  'azure-role': 'identity',
}

type Seen = { readonly keys: ReadonlySet<string>; readonly names: Names }
/** Names that DNS answers gave an address. */
type Names = ReadonlyMap<string, readonly string[]>

function seenBefore(events: readonly Event[], agent: string, at: string): Seen {
  const own = events.filter((event) => event.agent.id === agent)
  const names = namesIn(own)
  const before = own.filter((event) => event.claimedAt < nanosOf(at))
  return { keys: new Set(before.flatMap((event) => keysOf(event, names))), names }
}

function namesIn(events: readonly Event[]): Names {
  const names = new Map<string, string[]>()
  for (const { body } of events)
    if (body.kind === 'dns' && body.action === 'answer')
      for (const answer of body.answers) names.set(answer, [...(names.get(answer) ?? []), body.name])
  return names
}

/**
 * The oracle is the profile's own vocabulary and knows no policy. A tool is the same one whether its server was told or not, and an
 * address is the name that it was asked for by.
 */
function keysOf(event: Event, names: Names): readonly string[] {
  return observationsOf(event).flatMap((one) => {
    if (one.kind !== 'seen') return []
    const { dimension, key } = one
    if (dimension === 'tool') return [`tool ${key.replace(/^.*\//s, '')}`]
    const known = dimension === 'destination' ? (names.get(key.slice(0, key.lastIndexOf(':'))) ?? []) : []
    return [`${dimension} ${known.length === 0 ? key : namedDestination(key, known)}`]
  })
}

function actsAgainst(
  wire: PolicyArtifactWire,
  { acts, seen }: { readonly acts: readonly Event[]; readonly seen: Seen },
): Pick<LayerCoverage, 'acts' | 'unseen'> {
  const artifact = wire as PolicyArtifact // the route answers artifacts as they were made
  const judge = generatorOf(artifact.kind)?.judge(artifact)
  if (judge === undefined) throw new Error(`nothing judges ${artifact.kind}`)
  const judged = acts.flatMap((event) => {
    const judgement = judge(event)
    return judgement.status === 'outside' ? [] : [{ event, judgement }]
  })
  const dimension = DIMENSION[artifact.kind]
  const unseen = judged.filter(({ event }) => {
    const keys = keysOf(event, seen.names).filter((key) => key.startsWith(`${dimension} `))
    return keys.some((key) => !seen.keys.has(key))
  })
  return {
    acts: { judged: judged.length, denied: judged.filter(({ judgement }) => judgement.status === 'denied').length },
    unseen: {
      judged: unseen.length,
      missed: [
        ...new Set(
          unseen.filter(({ judgement }) => judgement.status === 'allowed').map(({ judgement }) => judgement.what),
        ),
      ],
    },
  }
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
