import type { IncidentWire, ResponseMetricsWire } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import {
  type CaseState,
  chainCompletenessRate,
  type Exposure,
  EXPOSURE_STAGES,
  exposureOf,
  percentile,
  refinementAppliedRate,
  timesOf,
  timeToClassification,
} from '@holdfast/respond'
import type { Cases } from '../case/cases.ts'
import type { Demos } from '../demo/demos.ts'
import { type ViewsClient, ViewError } from '../views/client.ts'
import type { GapTimes } from './gap-times.ts'
import { EXPOSED_CASES } from './limits.ts'

export type MetricSources = {
  readonly cases: Pick<Cases, 'all'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly gaps: Pick<GapTimes, 'all'>
  readonly demos: Pick<Demos, 'isRemovedIncident'>
}

/** The figures of all cases that were opened (requirement book 6.5 to 6.8). Nothing is dropped that is merely open. */
export async function responseMetrics({ cases, views, gaps, demos }: MetricSources): Promise<ResponseMetricsWire> {
  // How fast a demo was answered is no figure of anybody's.
  const all = [...cases.all()].filter(([name]) => !demos.isRemovedIncident(name))
  const states = all.map(([, state]) => state)
  const exposures: Readonly<Record<string, Exposure>>[] = []
  const times = await gaps.all()
  const contained = all.filter(([, state]) => containedAt(state) !== undefined)
  for (const [name, state] of contained.slice(-EXPOSED_CASES)) {
    const incident = await incidentOf(views, name)
    const found = incident === undefined ? undefined : exposureOfCase(incident, containedAt(state), times)
    if (found !== undefined) exposures.push(found)
  }
  const sum = (stage: string): Exposure => ({
    least: exposures.reduce((total, one) => total + (one[stage]?.least ?? 0), 0),
    most: exposures.reduce((total, one) => total + (one[stage]?.most ?? 0), 0),
  })
  return {
    cases: states.length,
    classification: timeToClassification(states),
    chainCompleteness: chainCompletenessRate(states),
    refinementApplied: refinementAppliedRate(states),
    stages: stagesOf(states),
    exposure: {
      cases: exposures.length,
      byStage: EXPOSURE_STAGES.map((stage) => ({ stage, acts: sum(stage) })),
      total: sum('total'),
    },
  }
}

/** From the graph to each stage, over the cases that reached it; `contained` is the first action that a case took. */
function stagesOf(states: readonly CaseState[]): ResponseMetricsWire['stages'] {
  const times = states.flatMap((state) => {
    const at = containedAt(state)
    const contained = at === undefined ? [] : [{ stage: 'contained', ms: Number((at - state.graphAt) / 1_000_000n) }]
    return [...timesOf(state), ...contained]
  })
  return [...Map.groupBy(times, ({ stage }) => stage)].map(([stage, some]) => {
    const values = some.map(({ ms }) => ms)
    return { stage, cases: values.length, p50Ms: percentile(values, 50) ?? 0, p95Ms: percentile(values, 95) ?? 0 }
  })
}

/** When the first of its actions was applied that a probe then confirmed. */
function containedAt({ actions }: CaseState): UnixNano | undefined {
  const confirmed = [...actions.values()].filter(({ state }) => state === 'confirmed' || state === 'released')
  return confirmed.map(({ firstAt }) => firstAt).toSorted((a, b) => (a < b ? -1 : 1))[0]
}

/** Undefined where a stage was not seen: what is not known is not made up. */
function exposureOfCase(
  { stages, harmfulActs }: Pick<IncidentWire, 'stages' | 'harmfulActs'>,
  contained: UnixNano | undefined,
  gaps: Parameters<typeof exposureOf>[0]['gaps'],
): ReturnType<typeof exposureOf> | undefined {
  const acts = harmfulActs.map((at) => BigInt(at) as UnixNano) // written from a UnixNano
  if (contained === undefined) return undefined
  // Its stages are those of the deeds that it was named by: what came after a hold was released is no longer on the way to one.
  const last = acts.findLast((at) => at <= contained) ?? acts.at(-1)
  if (stages === undefined || last === undefined) return undefined
  const { captureMs, baselineMs, correlationMs, triageMs } = stages
  if (captureMs === undefined || baselineMs === undefined || correlationMs === undefined || triageMs === undefined)
    return undefined
  const after = (from: bigint, ms: number): UnixNano => (from + BigInt(Math.round(ms * 1e6))) as UnixNano // later than a time
  const capture = after(last, captureMs)
  const baseline = after(capture, baselineMs)
  const correlation = after(baseline, correlationMs)
  const triage = after(correlation, triageMs)
  return exposureOf({
    acts,
    ends: {
      capture,
      'baseline-decision': baseline,
      correlation,
      triage,
      response: contained > triage ? contained : triage,
    },
    gaps,
  })
}

async function incidentOf(views: MetricSources['views'], incident: string): Promise<IncidentWire | undefined> {
  try {
    return JSON.parse(await views.ask('getIncident', { incident })) as IncidentWire // the worker's answer to this question
  } catch (error) {
    // A case outlives its incident where what it rested on was erased: its times still count.
    if (error instanceof ViewError && error.status === 404) return undefined
    throw error
  }
}
