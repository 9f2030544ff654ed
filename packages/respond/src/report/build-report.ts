import { formatRfc3339, type IncidentType, type UnixNano } from '@holdfast/model'

import type { Actor } from '../case/events.ts'
import { type CaseState, cellOf, typeOf } from '../case/state.ts'
import type { DutyClock } from '../clocks/due.ts'
import type { Matrix } from '../runbook/parse-runbook.ts'
import { frameworksOf } from './frameworks.ts'
import { type IncidentReport, REPORT_FORM } from './report.ts'

type Incident = IncidentReport['incident']
type Finding = IncidentReport['findings'][number]
type Quoted = Omit<Finding, 'type' | 'side' | 'quote'> & { readonly quote?: { readonly text: string } | undefined }

/** What is known of an incident where it is shown; times as RFC 3339. */
export type ReportedIncident = Omit<Incident, 'template' | 'end'> & {
  readonly end?: Incident['end'] | undefined
  readonly confidence: number
  readonly standing: IncidentReport['confidence']['standing']
  readonly caps: readonly string[]
  readonly columns: readonly {
    readonly type: IncidentType
    readonly role: 'primary' | 'contributing' | 'not-supported'
    readonly confidence: number
    readonly for: readonly Quoted[]
    readonly against: readonly Quoted[]
    readonly missing: readonly { readonly words: string; readonly reason: string; readonly remedy: string }[]
  }[]
  readonly chain: { readonly template?: string | undefined; readonly links: IncidentReport['steps'] }
  readonly triageAdvice: { readonly why: string; readonly firstAction: string }
  readonly history: readonly {
    readonly position: number
    readonly type: IncidentType
    readonly confidence: number
    readonly because: string
  }[]
}

export type ReportInput = {
  readonly incident: ReportedIncident
  readonly evidence: {
    readonly completeness: number
    readonly artifacts: readonly (Omit<IncidentReport['evidence']['artifacts'][number], 'missing'> & {
      readonly missingTotal: number
    })[]
  }
  readonly tools: IncidentReport['tools']
  /** What happened and what was done about it, as the log tells; put in order here. */
  readonly moments: readonly (Omit<IncidentReport['timeline'][number], 'at'> & { readonly at: UnixNano })[]
  /** When the entries were recorded that the history names; RFC 3339 by position. */
  readonly recorded: ReadonlyMap<number, string>
  readonly entries: IncidentReport['integrity']['entries']
  readonly notes: IncidentReport['notes']
  /** Undefined where no case was opened. */
  readonly casefile: { readonly matrix: Matrix; readonly state: CaseState } | undefined
  readonly duties: readonly DutyClock[]
  readonly log: Pick<IncidentReport['integrity'], 'origin' | 'key' | 'size' | 'rootHash' | 'checkpoint'>
  readonly generated: IncidentReport['generated']
  /** What could not be looked at for this report. */
  readonly limits: readonly string[]
}

/** The report: a pure function of what the log holds. Every form of it says the same facts. */
export function buildReport(input: ReportInput): IncidentReport {
  const { incident, evidence, entries, log, generated, casefile } = input
  return {
    form: REPORT_FORM,
    generated,
    incident: headOf(incident),
    alert: alertOf(input),
    confidence: confidenceOf(input),
    steps: incident.chain.links.map(({ stage, state, surface, words, entries: shown }) => ({
      stage,
      state,
      surface,
      words,
      entries: shown,
    })),
    tools: input.tools,
    findings: incident.columns.flatMap((column) => [
      ...column.for.map((line) => findingOf(line, column.type, 'for')),
      ...column.against.map((line) => findingOf(line, column.type, 'against')),
    ]),
    missing: incident.columns.flatMap(({ type, missing }) =>
      missing.map(({ words, reason, remedy }) => ({ type, words, reason, remedy })),
    ),
    remediation: casefile === undefined ? { actions: [], phases: [], tasks: [] } : remediationOf(casefile),
    evidence: {
      completeness: evidence.completeness,
      artifacts: evidence.artifacts.map(({ id, name, state, count, expected, completeness, reason, missingTotal }) => ({
        id,
        name,
        state,
        count,
        expected,
        ...(completeness === undefined ? {} : { completeness }),
        reason,
        missing: missingTotal,
      })),
    },
    timeline: input.moments
      .toSorted((a, b) => compare(a.at, b.at) || compare(a.entries[0] ?? 0, b.entries[0] ?? 0))
      .map(({ at, kind, who, words, entries: shown }) => ({ at: formatRfc3339(at), kind, who, words, entries: shown })),
    notes: input.notes,
    integrity: {
      ...log,
      entries,
      seals: (casefile?.state.seals ?? []).map(({ size, rootHash, completeness, at }) => ({
        size,
        rootHash,
        completeness,
        at: formatRfc3339(at),
      })),
    },
    frameworks: frameworksOf([incident.type, ...incident.contributing]),
    duties: input.duties.map(dutyOf),
    limits: [
      ...(casefile === undefined ? ['no case was opened: nothing of the response is on record here'] : []),
      ...(entries.leftOut === 0 ? [] : [`${entries.leftOut} log entries of its conversations were not read`]),
      ...input.limits,
    ],
  }
}

function headOf(incident: ReportedIncident): Incident {
  const { id, alsoKnownAs, headline, outcome, type, contributing, triage, agents, conversations } = incident
  const { firstClaimed, lastClaimed, phase, rung, end, chain } = incident
  return {
    id,
    alsoKnownAs,
    headline,
    outcome,
    type,
    contributing,
    ...(chain.template === undefined ? {} : { template: chain.template }),
    triage,
    agents,
    conversations,
    firstClaimed,
    lastClaimed,
    phase,
    rung: { rung: rung.rung, reason: rung.reason },
    ...(end === undefined ? {} : { end: { resolution: end.resolution, reason: end.reason, by: end.by } }),
  }
}

/** The revision with which it was named first, and the findings that were known then. */
function alertOf({ incident, recorded }: ReportInput): IncidentReport['alert'] {
  const { triageAdvice, history, columns } = incident
  const [first] = history
  const lines = columns.filter(({ type }) => type === (first?.type ?? incident.type)).flatMap((column) => column.for)
  const isKnown = ({ entries }: Quoted): boolean => first !== undefined && Math.max(...entries) <= first.position
  const known = lines.filter(isKnown)
  const at = first === undefined ? undefined : recorded.get(first.position)
  return {
    words: (known.length > 0 ? known : lines).map(({ words }) => words)[0] ?? first?.because ?? incident.headline,
    why: triageAdvice.why,
    firstAction: triageAdvice.firstAction,
    ...(at === undefined ? {} : { at }),
    entries: first === undefined ? [] : [first.position],
  }
}

function confidenceOf({ incident, recorded, casefile }: ReportInput): IncidentReport['confidence'] {
  const derived = incident.history.map(({ position, type, confidence, because }) => ({
    position,
    ...withTime(recorded.get(position)),
    type,
    confidence,
    because,
    by: nameOf({ kind: 'program' }),
  }))
  const accepted = (casefile?.state.types ?? []).map(({ position, at, type, confidence, reason, by }) => ({
    position,
    at: formatRfc3339(at),
    type,
    confidence,
    because: reason,
    by: nameOf(by),
  }))
  return {
    value: incident.confidence,
    standing: incident.standing,
    caps: incident.caps,
    types: incident.columns.map(({ type, role, confidence }) => ({ type, role, confidence })),
    history: [...derived, ...accepted].toSorted((a, b) => a.position - b.position),
  }
}

function remediationOf({ matrix, state }: NonNullable<ReportInput['casefile']>): IncidentReport['remediation'] {
  const type = typeOf(state)
  const cells = type === undefined ? [] : matrix[type].cells.map((cell) => ({ type, cell }))
  return {
    actions: [...state.actions.values()].map(({ id, words, state: standing, settlement, isReversible }) => ({
      id,
      words,
      state: standing,
      settlement: settlement.kind,
      isReversible,
    })),
    phases: cells.map(({ type: held, cell }) => ({
      phase: cell.phase,
      status: cellOf(state, held, cell.phase)?.status ?? 'not-open',
      owner: cell.owner,
      action: cell.action,
    })),
    tasks: cells.flatMap(({ type: held, cell }) =>
      cell.tasks.map(({ id, team, says }) => {
        const done = cellOf(state, held, cell.phase)?.tasks.get(id)
        return {
          phase: cell.phase,
          task: id,
          team,
          words: says,
          ...(done === undefined
            ? {}
            : { done: { by: nameOf(done.by), at: formatRfc3339(done.at), entries: done.proof.entries } }),
        }
      }),
    ),
  }
}

function findingOf(line: Quoted, type: IncidentType, side: Finding['side']): Finding {
  const { words, tier, basis, quote, entries } = line
  return { type, side, words, tier, basis, ...(quote === undefined ? {} : { quote: quote.text }), entries }
}

function dutyOf({ regime, stage, recipients, from, clock }: DutyClock): IncidentReport['duties'][number] {
  const started = 'startedAt' in clock ? { startedAt: formatRfc3339(clock.startedAt) } : {}
  const due = 'dueAt' in clock ? { dueAt: formatRfc3339(clock.dueAt) } : {}
  return { regime, stage, recipients, from, status: clock.status, ...started, ...due }
}

function nameOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.name : 'Holdfast'
}

function withTime(at: string | undefined): { readonly at?: string } {
  return at === undefined ? {} : { at }
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
