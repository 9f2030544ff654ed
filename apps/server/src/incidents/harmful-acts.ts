import { firstAndLatest, lastLogged, MAX_ACT_TIMES } from '@holdfast/detect'
import { type AgentId, type Incident, type Signal, TRUST_TIERS, type TrustTier, type UnixNano } from '@holdfast/model'
import { HARMFUL_ACTS_SHOWN } from './limits.ts'

/**
 * When the acts were that speak for the incident's type, in their order: of more than {@link HARMFUL_ACTS_SHOWN} the first and the
 * latest. Told by the one witness that saw most of them: several tell of one act, each by its own clock, and so one act would
 * look like a quick series.
 */
export function harmfulActsOf({ type, signals }: Pick<Incident, 'type' | 'signals'>): readonly UnixNano[] {
  return firstAndLatest([...witnessOf({ type, signals }).acts.values()], HARMFUL_ACTS_SHOWN)
}

/** How many they were at least, where {@link harmfulActsOf} does not name each of them; undefined where it does. */
export function harmfulActsAtLeast({ type, signals }: Pick<Incident, 'type' | 'signals'>): number | undefined {
  const { acts, seen } = witnessOf({ type, signals })
  const isEach = acts.size <= HARMFUL_ACTS_SHOWN && seen.every(({ acts: times = [] }) => times.length < MAX_ACT_TIMES)
  // Two signals of one witness may tell of one act: of those that are not named, the one that counts most is sure.
  return isEach ? undefined : Math.max(acts.size, ...seen.map(({ actCount }) => actCount ?? 0))
}

type Witness = { readonly seen: Incident['signals']; readonly acts: ReadonlyMap<string, UnixNano> }

/** The one that saw most of them. */
function witnessOf({ type, signals }: Pick<Incident, 'type' | 'signals'>): Witness {
  const witnesses = [...Map.groupBy(speakingOf({ type, signals }), ({ detector }) => detector).values()].map(
    (seen): Witness => ({ seen, acts: new Map(seen.flatMap(actsIn)) }),
  )
  return witnesses.toSorted((a, b) => b.acts.size - a.acts.size)[0] ?? { seen: [], acts: new Map() }
}

/** When the latest of them was, whichever witness told of it: undefined where nothing speaks for the type. */
export function lastHarmfulActOf({ type, signals }: Pick<Incident, 'type' | 'signals'>): UnixNano | undefined {
  const times = speakingOf({ type, signals }).map(({ claimedAt, lastClaimedAt }) => lastClaimedAt ?? claimedAt)
  return firstAndLatest(times, 2).at(-1)
}

/** What was done last: its place in the log, and its time as claimed; no time where persons alone tell of it, by our clock. */
type LastAct = { readonly entry: number; readonly claimedAt?: UnixNano | undefined }

/**
 * What was logged last of the acts that speak for the type, and when the latest of them claims to have been, refused ones too. What
 * persons reported is no act, unless nothing else speaks for it.
 */
export function lastActOf(incident: Pick<Incident, 'type' | 'signals'>): LastAct {
  const ofType = incident.signals.filter(({ speaksFor }) => speaksFor === incident.type)
  const acts = speakingOf({ ...incident, signals: ofType.filter(({ detector }) => !isWord(detector)) })
  const told = [acts, ofType, incident.signals].find((some) => some.length > 0) ?? []
  const times = told
    .filter(({ detector }) => !isWord(detector))
    .map(({ claimedAt, lastClaimedAt }) => lastClaimedAt ?? claimedAt)
  return {
    entry: told.reduce((last, signal) => Math.max(last, lastLogged(signal)), -1),
    claimedAt: firstAndLatest(times, 2).at(-1),
  }
}

/** What a person reported, and the item that is named because of it. */
function isWord(detector: string): boolean {
  return detector === 'report/person' || detector === 'retrieval/rising-share'
}

/** Each act by a name: two signals of one detector may tell of one act, and acts of one signal may be of one instant. */
function actsIn({ deed, events, claimedAt, acts }: Signal): readonly (readonly [string, UnixNano])[] {
  if (acts === undefined) return [[deed ?? events[0] ?? '', claimedAt]]
  return [...Map.groupBy(acts, (at) => at).values()].flatMap((same) =>
    same.map((at, index) => [`${at} ${index}`, at] as const),
  )
}

/**
 * The agents that did it: whose own acts speak for the type, of those with an effect where some had one. Who only handed on or
 * received is not among them, and is not held for what another did.
 */
export function actorsOf({ type, signals, agents }: Pick<Incident, 'type' | 'signals' | 'agents'>): readonly AgentId[] {
  const speaking = speakingOf({ type, signals })
  const effective = speaking.filter(({ hasEffect }) => hasEffect === true)
  const acted = new Set((effective.length > 0 ? effective : speaking).map(({ agent }) => agent))
  const actors = agents.filter((agent) => acted.has(agent))
  return actors.length > 0 ? actors : agents
}

/** Each agent of which strong signals speak for the type, with the strongest tier among them, in the order of the agents (FC7). */
export function actorTiersOf({
  type,
  signals,
  agents,
}: Pick<Incident, 'type' | 'signals' | 'agents'>): readonly { readonly agent: AgentId; readonly tier: TrustTier }[] {
  const speaking = speakingOf({ type, signals })
  return agents.flatMap((agent) => {
    const tiers = speaking.filter((signal) => signal.agent === agent).map(({ tier }) => tier)
    const [tier] = tiers.toSorted((a, b) => TRUST_TIERS.indexOf(a) - TRUST_TIERS.indexOf(b))
    return tier === undefined ? [] : [{ agent, tier }]
  })
}

function speakingOf({ type, signals }: Pick<Incident, 'type' | 'signals'>): Incident['signals'] {
  return signals.filter(({ speaksFor, strength }) => speaksFor === type && strength >= STRONG)
}

/** What is weaker colours a chain and makes none (model/incident.ts). */
const STRONG = 0.5
