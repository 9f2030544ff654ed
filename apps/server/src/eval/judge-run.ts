import {
  type Basis,
  type CaseEvidence,
  type Detector,
  incidentsOf,
  type OpenCase,
  openCase,
  type RuleSet,
  type ScoredCall,
} from '@holdfast/detect'
import type { ConversationId, Event, Incident, IncidentType } from '@holdfast/model'
import type { LabelledRun } from './labels.ts'
import type { RecordedRun } from './read-runs.ts'
import { isOrdinaryOnly, isPlaneEvent, type Named, namedOf } from './planes.ts'

/** A way to decide, under a name: which weights, and what they may look at. */
export type NamedJudge = { readonly name: string; readonly detector: Detector; readonly bases: readonly Basis[] }

/** What the product files of a run: its strongest incident, else its strongest attempt. */
export type RunVerdict = {
  readonly outcome: 'incident' | 'attempt' | 'nothing'
  readonly type: IncidentType | undefined
  readonly confidence: number
  /** How strongly the strongest signal speaks, before any rule holds the confidence down. */
  readonly strength: number
  /** Incidents of the run: one is right, more are one thing told twice. */
  readonly incidents: number
  /** Detectors whose signals are of the incident's type. */
  readonly detectors: readonly string[]
  /** Number of the call or record that made it an incident, from 0. */
  readonly at: number | undefined
  /** Nanoseconds of claimed time from the first malicious act to that; undefined where clocks are made up. */
  readonly delay: bigint | undefined
}

/** A recorded run after the product has read it. */
export type JudgedRun = {
  readonly row: LabelledRun
  readonly calls: readonly ScoredCall[]
  readonly tools: readonly string[]
  readonly verdicts: ReadonlyMap<string, RunVerdict>
  /** Number of the first call that a foreign text explains or made, or of the first record that is not ordinary, from 0. */
  readonly firstForeign: number | undefined
  readonly events: number
  /** Events that no dialect could map. */
  readonly unmapped: number
  /** Records that only an authority or a kernel gives. */
  readonly planes: number
  /** What signals name among the records of an executed technique, with the first judge. */
  readonly named: Named | undefined
  readonly milliseconds: Stages
}

/** What the stages of one run took, in milliseconds. */
export type Stages = { readonly capture: number; readonly decision: number; readonly correlation: number }

export type JudgeRunOptions = {
  readonly judges: readonly NamedJudge[]
  /** Rules that the product would hold it against. */
  readonly rules?: RuleSet
  /** What reading it took. */
  readonly captureMs?: number
}

/** Judges a run as the product does: each case from its events, then what joins them. */
export function judgeRun(
  row: LabelledRun,
  run: RecordedRun,
  { judges, rules, captureMs = 0 }: JudgeRunOptions,
): JudgedRun {
  const begun = performance.now()
  // The name of a conversation of a recording may be anybody's text, as in the log.
  const opened = run.map(({ conversation, events }) =>
    openCase(events, {
      conversation: conversation as ConversationId,
      ...(rules === undefined ? {} : { rules }),
    }),
  )
  const decided = performance.now()
  const events = run.flatMap((one) => one.events)
  const acts = actsOf(events, opened)
  const firstForeign = firstMalicious(row, { acts, opened, events })
  const verdicts = new Map<string, RunVerdict>()
  let named: Named | undefined
  for (const { name, detector, bases } of judges) {
    const evidence = opened.map((one) => one.evidence({ detector, bases }))
    verdicts.set(name, verdictOf(evidence, { acts, events, firstForeign }))
    named ??= namedOf(row, events, evidence)
  }
  return {
    row,
    calls: opened.flatMap(({ calls }) => calls),
    tools: [...new Set(opened.flatMap(({ calls }) => calls.map(({ tool }) => tool)))],
    verdicts,
    firstForeign: firstForeign === -1 ? undefined : firstForeign,
    events: events.length,
    unmapped: events.filter(({ body }) => body.kind === 'step' && !body.mapped).length,
    planes: events.filter(isPlaneEvent).length,
    named,
    milliseconds: {
      capture: captureMs,
      decision: decided - begun,
      correlation: (performance.now() - decided) / Math.max(1, judges.length),
    },
  }
}

/** Positions of what counts as one step: the calls of an agent, or the records of a log in which no agent acts. */
function actsOf(events: readonly Event[], opened: readonly OpenCase[]): readonly number[] {
  const calls = opened.flatMap((one) => one.calls.map(({ entry }) => entry))
  const acts = calls.length > 0 ? calls : events.filter(isPlaneEvent).map(({ entry }) => entry)
  return [...new Set(acts)].toSorted((a, b) => a - b)
}

type Told = {
  readonly acts: readonly number[]
  readonly opened: readonly OpenCase[]
  readonly events: readonly Event[]
}

function firstMalicious(row: LabelledRun, { acts, opened, events }: Told): number {
  const calls = opened.flatMap((one) => one.calls)
  const first =
    calls.length > 0
      ? calls.filter((call) => call.isGrounded || call.isLifted)
      : events.filter((event) => isPlaneEvent(event) && !isOrdinaryOnly(row, event))
  const entry = Math.min(...first.map((one) => one.entry))
  return acts.indexOf(entry)
}

function verdictOf(
  evidence: readonly CaseEvidence[],
  {
    acts,
    events,
    firstForeign,
  }: { readonly acts: readonly number[]; readonly events: readonly Event[]; readonly firstForeign: number },
): RunVerdict {
  const found = incidentsOf(evidence).toSorted(byWeight)
  const [incident] = found
  if (incident === undefined) return NOTHING
  const { outcome, type, confidence } = incident
  const own = incident.signals.filter(({ speaksFor }) => speaksFor === type)
  const position = incident.history.find((revision) => revision.outcome === outcome)?.position
  const at = position === undefined ? -1 : acts.findLastIndex((entry) => entry <= position)
  return {
    outcome,
    type,
    confidence,
    strength: Math.max(0, ...own.map(({ strength }) => strength)),
    incidents: found.filter((one) => one.outcome === 'incident').length,
    detectors: [...new Set(own.map(({ detector }) => detector))].toSorted(),
    at: at === -1 ? undefined : at,
    delay: delayOf(events, acts[firstForeign], position),
  }
}

const NOTHING: RunVerdict = {
  outcome: 'nothing',
  type: undefined,
  confidence: 0,
  strength: 0,
  incidents: 0,
  detectors: [],
  at: undefined,
  delay: undefined,
}

function byWeight(a: Incident, b: Incident): number {
  const order = Number(b.outcome === 'incident') - Number(a.outcome === 'incident')
  return order === 0 ? b.confidence - a.confidence : order
}

function delayOf(events: readonly Event[], from: number | undefined, to: number | undefined): bigint | undefined {
  const first = events.find(({ entry }) => entry === from)
  const last = events.find(({ entry }) => entry === to)
  if (first === undefined || last === undefined || first.source.clock === 'synthetic') return undefined
  return last.claimedAt > first.claimedAt ? last.claimedAt - first.claimedAt : 0n
}
