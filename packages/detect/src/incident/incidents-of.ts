import { hash } from 'node:crypto'
import { type AgentId, type ConversationId, type Incident, outranks, type Signal, type UnixNano } from '@holdfast/model'
import { chainOf, surfacesOf } from './chain.ts'
import { assess, classify } from './classify.ts'
import type { CaseEvidence } from './evidence.ts'
import { headlineOf } from './headline.ts'
import { historyOf } from './history.ts'
import { isIdentityKey } from './read-case.ts'
import { MAX_CONVERSATIONS, MAX_EARLIER_IDS, MAX_REFERENCES, MAX_SIGNALS } from './limits.ts'
import { triageOf } from './triage.ts'
import { byWeight, uniteSights, weightiest } from './unite.ts'

/**
 * Incidents and attempts of these cases: those that share an identity or a hand-over are one, with one chain. Pure; the
 * order of cases and signals does not matter, and nothing is joined by closeness in time.
 */
export function incidentsOf(cases: readonly CaseEvidence[]): readonly Incident[] {
  return joinedCases(cases)
    .flatMap((some) => incidentOf(some) ?? [])
    .toSorted((a, b) => compare(a.id, b.id))
}

/** `inc-` and the start of a digest: a conversation's name may be anybody's text. */
export function incidentId(conversation: ConversationId): string {
  return `inc-${hash('sha256', conversation).slice(0, MAX_REFERENCES)}`
}

/**
 * Cases that share a key, put together. An identity goes on for weeks: by it those belong together whose signals lie within
 * a day of one another, so that time bounds what identity joins, and joins nothing.
 */
export function joinedCases(cases: readonly CaseEvidence[]): readonly (readonly CaseEvidence[])[] {
  const spans = new Map(cases.map((one) => [one, spanOf(one)]))
  const isNear = (a: CaseEvidence, b: CaseEvidence): boolean => {
    const [one, other] = [spans.get(a), spans.get(b)]
    if (one === undefined || other === undefined) return true
    return one.from <= other.to + IDENTITY_NANOS && other.from <= one.to + IDENTITY_NANOS
  }
  const groups: Set<CaseEvidence>[] = []
  for (const one of cases) {
    const keys = new Set(one.joins)
    const belongs = (other: CaseEvidence): boolean =>
      other.joins.some((key) => keys.has(key) && (!isIdentityKey(key) || isNear(one, other)))
    const met = groups.filter((group) => [...group].some(belongs))
    const [first, ...others] = met
    if (first === undefined) {
      groups.push(new Set([one]))
      continue
    }
    for (const more of [one, ...others.flatMap((group) => [...group])]) first.add(more)
    for (const other of others) groups.splice(groups.indexOf(other), 1)
  }
  return groups.map((group) => [...group])
}

/** How far apart signals may lie that an identity joins. */
const IDENTITY_NANOS = 86_400_000_000_000n

function spanOf({ signals }: CaseEvidence): { readonly from: bigint; readonly to: bigint } | undefined {
  if (signals.length === 0) return undefined
  const times = signals.map(({ claimedAt }) => claimedAt)
  return { from: least(times), to: greatest(times) }
}

function incidentOf(unordered: readonly CaseEvidence[]): Incident | undefined {
  const cases = unordered.toSorted((a, b) => compare(a.conversations[0] ?? '', b.conversations[0] ?? ''))
  const all = [...new Map(cases.flatMap(({ signals }) => signals).map((signal) => [signal.id, signal])).values()]
  const signals = weightiest(all, MAX_SIGNALS).toSorted(byClaim)
  const found = classify(signals)
  if (found === undefined) return undefined
  const sight = uniteSights(cases.map((one) => one.sight))
  const conversations = [...new Set(cases.flatMap((one) => one.conversations))].toSorted(compare)
  const [first, ...others] = conversations.map(incidentId)
  const strongest = all.toSorted(byWeight).find(({ speaksFor }) => speaksFor === found.type)
  if (first === undefined || strongest === undefined) return undefined
  const assessments = assess(found, { signals, sight, doubts: cases.flatMap(({ doubts }) => doubts) })
  const agents = [...new Set([...takingPart(signals).map(({ agent }) => agent), ...actingAs(cases)])].toSorted(compare)
  const history = historyOf(signals)
  const times = signals.map(({ claimedAt }) => claimedAt)
  return {
    id: first,
    alsoKnownAs: others.slice(0, MAX_CONVERSATIONS),
    ...earlierIds(cases, new Set([first, ...others])),
    outcome: found.outcome,
    standing: standingOf(found, { assessments, history }),
    type: found.type,
    contributing: found.contributing,
    confidence: found.confidence,
    caps: found.caps,
    headline: headlineOf(strongest),
    assessments,
    chain: chainOf({ type: found.type, signals, recalls: cases.flatMap(({ recalls }) => recalls), agents }),
    surfaces: surfacesOf(signals, sight),
    triage: triageOf(found),
    history,
    agents,
    conversations: conversations.slice(0, MAX_CONVERSATIONS),
    signals,
    moreSignals: cases.reduce((sum, one) => sum + (one.moreSignals ?? 0), all.length - signals.length),
    firstClaimed: least(times),
    lastClaimed: greatest(signals.map(({ claimedAt, lastClaimedAt }) => lastClaimedAt ?? claimedAt)),
    tier: signals.reduce((best, { tier }) => (outranks(tier, best) ? tier : best), strongest.tier),
    repeatKey: `${found.outcome}\n${found.type}\n${agents[0] ?? ''}\n${strongest.repeatKey ?? strongest.detector}`,
  }
}

function earlierIds(cases: readonly CaseEvidence[], own: ReadonlySet<string>): Pick<Incident, 'earlierIds'> {
  const ids = new Set(cases.flatMap(({ earlierNames = [] }) => earlierNames).map(incidentId)).difference(own)
  return ids.size === 0 ? {} : { earlierIds: [...ids].slice(0, MAX_EARLIER_IDS) }
}

/** Who merely stands beside it is not of it: what says nothing of a kind of incident, or next to nothing, colours. */
function takingPart(signals: readonly Signal[]): readonly Signal[] {
  const own = signals.filter(({ speaksFor, strength }) => speaksFor !== undefined && strength >= TAKES_PART)
  return own.length === 0 ? signals : own
}

const TAKES_PART = 0.3

/** What an authority recorded names an identity: who acted as it in a conversation of its own takes part, whatever it tells. */
function actingAs(cases: readonly CaseEvidence[]): readonly AgentId[] {
  const acts = ({ signals }: CaseEvidence): boolean =>
    signals.some(({ speaksFor, strength }) => speaksFor !== undefined && strength >= TAKES_PART)
  const isTold = ({ signals }: CaseEvidence): boolean =>
    takingPart(signals).some(({ source }) => source === 'authority')
  const keys = new Set(
    cases.filter((one) => acts(one) && isTold(one)).flatMap(({ joins }) => joins.filter(isIdentityKey)),
  )
  return cases.filter((one) => !acts(one) && one.joins.some((key) => keys.has(key))).flatMap(({ agents }) => agents)
}

/** Proven tampering with the input would make another type primary: while nobody could look, the name is provisional. */
function standingOf(
  { type, confidence }: Pick<Incident, 'type' | 'confidence'>,
  { assessments, history }: Pick<Incident, 'assessments' | 'history'>,
): Incident['standing'] {
  if (history.some((revision) => revision.type !== type)) return 'revised'
  const cause = assessments.find((column) => column.type === 'reasoning-compromise')
  const isOpen = type !== 'reasoning-compromise' && (cause?.missing.length ?? 0) > 0
  return isOpen || confidence < 0.6 ? 'provisional' : 'stated'
}

function byClaim(a: Signal, b: Signal): number {
  return a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : compare(a.id, b.id)
}

function least(times: readonly UnixNano[]): UnixNano {
  return times.reduce((a, b) => (b < a ? b : a))
}

function greatest(times: readonly UnixNano[]): UnixNano {
  return times.reduce((a, b) => (b > a ? b : a))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
