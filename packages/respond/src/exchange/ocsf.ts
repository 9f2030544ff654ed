import { parseRfc3339, type TriageTier } from '@holdfast/model'

import type { IncidentReport } from '../report/report.ts'

/** The version of the schema that these events are written for. */
export const OCSF_VERSION = '1.9.0-dev'

/** An OCSF event as JSON. */
export type OcsfEvent = Readonly<Record<string, unknown>>

/**
 * An incident as OCSF: one Incident Finding (2005), a Detection Finding (2004) for each line of evidence for it, and a Remediation
 * Activity (7001 to 7004) for each action. What OCSF has no field for stands in `unmapped`.
 */
export function toOcsf(report: IncidentReport): readonly OcsfEvent[] {
  const lines = report.findings.filter(({ side }) => side === 'for')
  const findings = lines.map((line, at) => ({ line, uid: `${report.incident.id}.${at + 1}` }))
  return [
    incidentFinding(report, findings),
    ...findings.map(({ line, uid }) => detectionFinding(report, line, uid)),
    ...report.remediation.actions.map((action) => remediation(report, action)),
  ]
}

type Line = IncidentReport['findings'][number]

function incidentFinding(
  report: IncidentReport,
  findings: readonly { readonly line: Line; readonly uid: string }[],
): OcsfEvent {
  const { incident, confidence, remediation: work } = report
  const current = work.phases.find(({ phase }) => phase === incident.phase)
  const state = incident.end === undefined ? (work.phases.length === 0 ? NEW : IN_PROGRESS) : CLOSED
  const isFalse = incident.end?.resolution === 'false-positive'
  const verdict = isFalse ? FALSE_POSITIVE : incident.end === undefined ? UNKNOWN : TRUE_POSITIVE
  return {
    ...base(report, { category: 2, categoryName: 'Findings', uid: 2005, name: 'Incident Finding' }, state.activity),
    time: timeOf(report.alert.at ?? report.generated.at),
    start_time: timeOf(incident.firstClaimed),
    end_time: timeOf(incident.lastClaimed),
    status_id: state.id,
    status: state.name,
    verdict_id: verdict.id,
    verdict: verdict.name,
    confidence_score: Math.round(confidence.value * 100),
    desc: incident.headline,
    // OCSF wants somebody; where no phase is open it is those who detect.
    assignee_group: { name: current?.owner ?? 'security-operations' },
    finding_info_list: (findings.length === 0 ? [{ uid: incident.id, title: incident.headline }] : findings).map(
      (one) => ('line' in one ? { uid: one.uid, title: one.line.words, types: [one.line.type] } : one),
    ),
    metadata: { ...metadata(report), uid: incident.id, profiles: ['incident'] },
    unmapped: {
      type: incident.type,
      contributing: incident.contributing,
      phase: incident.phase,
      completeness: report.evidence.completeness,
      log: { origin: report.integrity.origin, size: report.integrity.size, root: report.integrity.rootHash },
      frameworks: report.frameworks.flatMap(({ ids }) => ids),
    },
  }
}

function detectionFinding(report: IncidentReport, line: Line, uid: string): OcsfEvent {
  return {
    ...base(report, { category: 2, categoryName: 'Findings', uid: 2004, name: 'Detection Finding' }, CREATE),
    time: timeOf(report.incident.firstClaimed),
    finding_info: {
      uid,
      title: line.words,
      types: [line.type],
      ...(line.quote === undefined ? {} : { desc: line.quote }),
      related_events: line.entries.map((entry) => ({ uid: `log-entry-${entry}` })),
    },
    metadata: { ...metadata(report), uid },
    unmapped: { tier: line.tier, basis: line.basis, entries: line.entries },
  }
}

function remediation(report: IncidentReport, action: IncidentReport['remediation']['actions'][number]): OcsfEvent {
  const rung = RUNGS.find((name) => action.words.startsWith(name))
  const kind = KINDS[rung ?? 'other']
  const isOver = action.state === 'released'
  const status = action.state === 'failed' ? { status_id: 2, status: 'Failure' } : { status_id: 1, status: 'Success' }
  return {
    ...base(
      report,
      { category: 7, categoryName: 'Remediation', uid: kind.uid, name: kind.name },
      isOver ? RESTORE : kind.activity,
    ),
    time: timeOf(report.generated.at),
    command_uid: action.id,
    ...status,
    status_detail: action.state,
    remediation: { desc: action.words },
    ...kind.target(report.incident.agents[0] ?? 'agent'),
    metadata: { ...metadata(report), uid: action.id },
    unmapped: { settlement: action.settlement, isReversible: action.isReversible },
  }
}

type Activity = { readonly id: number; readonly name: string }
type OcsfClass = {
  readonly category: number
  readonly categoryName: string
  readonly uid: number
  readonly name: string
}

const CREATE: Activity = { id: 1, name: 'Create' }
const RESTORE: Activity = { id: 3, name: 'Restore' }
const ISOLATE: Activity = { id: 1, name: 'Isolate' }
const EVICT: Activity = { id: 2, name: 'Evict' }
const NEW = { id: 1, name: 'New', activity: CREATE }
const IN_PROGRESS = { id: 2, name: 'In Progress', activity: { id: 2, name: 'Update' } }
const CLOSED = { id: 5, name: 'Closed', activity: { id: 3, name: 'Close' } }
const UNKNOWN = { id: 0, name: 'Unknown' }
const FALSE_POSITIVE = { id: 1, name: 'False Positive' }
const TRUE_POSITIVE = { id: 2, name: 'True Positive' }

const RUNGS = ['restrict', 'soft-quarantine', 'pause', 'stop', 'kill'] as const

type Remedy = OcsfClass & { readonly activity: Activity; readonly target: (agent: string) => OcsfEvent }

const REMEDIES = { category: 7, categoryName: 'Remediation' } as const
const ANY: Remedy = { ...REMEDIES, uid: 7001, name: 'Remediation Activity', activity: ISOLATE, target: () => ({}) }
const NETWORK: Remedy = {
  ...REMEDIES,
  uid: 7004,
  name: 'Network Remediation Activity',
  activity: ISOLATE,
  target: () => ({ connection_info: { direction_id: 2, direction: 'Outbound' } }),
}
const PROCESS: Remedy = {
  ...REMEDIES,
  uid: 7003,
  name: 'Process Remediation Activity',
  activity: ISOLATE,
  target: (agent) => ({ process: { name: agent } }),
}

const KINDS: Readonly<Record<(typeof RUNGS)[number] | 'other', Remedy>> = {
  restrict: NETWORK,
  'soft-quarantine': NETWORK,
  pause: PROCESS,
  stop: { ...PROCESS, activity: EVICT },
  kill: { ...PROCESS, activity: EVICT },
  other: ANY,
}

function base(report: IncidentReport, { category, categoryName, uid, name }: OcsfClass, activity: Activity) {
  const severity = SEVERITIES[report.incident.triage]
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: category,
    category_name: categoryName,
    class_uid: uid,
    class_name: name,
    type_uid: uid * 100 + activity.id,
    type_name: `${name}: ${activity.name}`,
    severity_id: severity.id,
    severity: severity.name,
    message: report.incident.headline,
  }
}

const SEVERITIES: Readonly<Record<TriageTier, Activity>> = {
  document: { id: 2, name: 'Low' },
  investigate: { id: 3, name: 'Medium' },
  page: { id: 4, name: 'High' },
}

function metadata({ incident, generated }: IncidentReport): OcsfEvent {
  const [name = 'Holdfast', version = ''] = generated.product.split(' ')
  return {
    version: OCSF_VERSION,
    product: { name, vendor_name: 'Holdfast', version },
    correlation_uid: incident.id,
    log_name: 'incidents',
  }
}

/** Milliseconds since 1970, as OCSF has times. */
function timeOf(text: string): number {
  const time = parseRfc3339(text)
  return time === undefined ? 0 : Number(time / 1_000_000n)
}
