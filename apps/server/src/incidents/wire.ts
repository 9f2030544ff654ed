import type { IncidentRowWire, IncidentWire } from '@holdfast/api'
import { formatRfc3339, type Incident, type UnixNano } from '@holdfast/model'
import type { DecisionDoc } from '../detector/decisions.ts'
import {
  actorsOf,
  actorTiersOf,
  harmfulActsAtLeast,
  harmfulActsOf,
  lastActOf,
  lastHarmfulActOf,
} from './harmful-acts.ts'
import type { GroupDoc, IncidentRow } from './docs.ts'
import { NOTHING_HELD } from './rung-of.ts'
import type { StageTimes } from './stage-times.ts'

export function rowWire(
  { first, count, lastClaimed, lastActEntry }: GroupDoc,
  decision: DecisionDoc | undefined,
): IncidentRowWire {
  const { group: _group, kind: _kind, lastActClaimed, ...row } = first
  // Of several the reports count as well: what came later than a time is not missed by it.
  const lastAct = count === 1 ? lastActClaimed : lastClaimed
  return {
    ...textsOf(row),
    firstClaimed: timeText(first.firstClaimed),
    lastClaimed: timeText(lastClaimed),
    lastActEntry,
    ...(lastAct === undefined ? {} : { lastActClaimed: timeText(lastAct) }),
    repeats: count,
    ...(decision === undefined || decision.decision === 'withdrawn' ? {} : { said: decision.decision }),
  }
}

type Beside = {
  readonly repeats: number
  readonly graph: IncidentWire['graph']
  readonly stages: StageTimes | undefined
  readonly decision: DecisionDoc | undefined
}

export function incidentWire(incident: Incident, { repeats, graph, stages, decision }: Beside): IncidentWire {
  const { repeatKey: _repeatKey, moreSignals, triage, assessments, signals, ...rest } = incident
  const lastHarmful = lastHarmfulActOf(incident)
  const atLeast = harmfulActsAtLeast(incident)
  const lastAct = lastActOf(incident)
  const own = assessments.find(({ role }) => role === 'primary')
  // The answer is written as JSON, for which read-only lists are lists.
  return {
    ...rest,
    firstClaimed: formatRfc3339(incident.firstClaimed),
    lastClaimed: formatRfc3339(incident.lastClaimed),
    lastActEntry: lastAct.entry,
    ...(lastAct.claimedAt === undefined ? {} : { lastActClaimed: formatRfc3339(lastAct.claimedAt) }),
    triage: triage.tier,
    triageAdvice: triage,
    columns: assessments,
    evidence: { for: own?.for ?? [], against: own?.against ?? [], missing: own?.missing ?? [] },
    signals: signals.length + moreSignals,
    harmfulActs: harmfulActsOf(incident).map(String),
    ...(atLeast === undefined ? {} : { harmfulActsAtLeast: atLeast }),
    ...(lastHarmful === undefined ? {} : { lastHarmfulAct: String(lastHarmful) }),
    actors: actorsOf(incident),
    actorTiers: actorTiersOf(incident),
    repeats,
    graph,
    ...(stages === undefined ? {} : { stages }),
    ...(decision === undefined || decision.decision === 'withdrawn'
      ? {}
      : {
          decision: {
            decision: decision.decision,
            reason: decision.reason,
            by: decision.by,
            entry: decision.entry,
          },
        }),
    rung: {
      rung: null,
      reason: NOTHING_HELD,
    },
    phase: incident.standing === 'provisional' ? 'detect' : 'analyze',
  } as unknown as IncidentWire
}

function textsOf(row: Omit<IncidentRow, 'group' | 'kind' | 'lastActClaimed'>): Omit<IncidentRowWire, 'repeats'> {
  const { alsoKnownAs, earlierIds, contributing, agents, conversations, ...rest } = row
  return {
    ...rest,
    alsoKnownAs: [...alsoKnownAs],
    ...(earlierIds === undefined ? {} : { earlierIds: [...earlierIds] }),
    contributing: [...contributing],
    agents: [...agents],
    conversations: [...conversations],
  }
}

function timeText(nanos: string): string {
  return formatRfc3339(BigInt(nanos) as UnixNano) // written from a UnixNano
}
