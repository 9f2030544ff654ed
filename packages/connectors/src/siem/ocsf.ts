import type { Notice, NoticeAction } from '@holdfast/respond'
import { inertLine } from '../text/inert.ts'
import { type NoticeText, noticeText } from '../text/notice-text.ts'

/** An OCSF event as JSON. */
export type OcsfEvent = Readonly<Record<string, unknown>>

/** The version of the schema that these events are written for. */
export const OCSF_VERSION = '1.9.0-dev'

const SEVERITY: Readonly<Record<Notice['severity'], readonly [id: number, caption: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
}

/**
 * A notice as OCSF: what was found is a Detection Finding (2004) that is created, updated and closed under the incident's id;
 * what was done is a Remediation Activity (7001 to 7004). `key` is the same on every try.
 */
export function ocsfEvent(
  notice: Notice,
  { key, base, version }: { readonly key: string; readonly base: string; readonly version: string },
): OcsfEvent {
  const text = noticeText(notice, base)
  const [severityId, severity] = SEVERITY[notice.severity]
  const common = {
    time: Number(notice.at / 1_000_000n),
    severity_id: severityId,
    severity,
    message: text.title,
    metadata: {
      version: OCSF_VERSION,
      uid: key,
      correlation_uid: notice.kind === 'drift-signal' ? notice.id : notice.incident,
      product: { name: 'Holdfast', vendor_name: 'Holdfast', version },
      log_name: notice.kind === 'drift-signal' ? 'drift' : 'incidents',
    },
    unmapped: { kind: notice.kind, lines: text.lines, for: text.for, notice: notice.id },
  }
  // Drift is no finding, and stands in none: a category of its own, in a log of its own.
  if (notice.kind === 'drift-signal')
    return {
      ...common,
      ...classOf({ category: 0, categoryName: 'Uncategorized', uid: 0, name: 'Base Event' }, [99, 'Other']),
      activity_name: 'Drift',
      status_detail: text.lines[0] ?? '',
    }
  return isAction(notice) ? { ...common, ...remediation(notice, text) } : { ...common, ...finding(notice, text) }
}

function isAction({ kind }: Notice): boolean {
  return kind === 'plan-applied' || kind === 'plan-failed' || kind === 'hold-changed' || kind === 'hold-ended'
}

function finding(notice: Notice, { title, lines, link }: NoticeText): OcsfEvent {
  const [activity, name] = findingActivity(notice)
  const status = notice.kind === 'case-closed' ? 4 : notice.kind === 'incident-opened' ? 1 : 2
  const uid = notice.incident === '' ? notice.id : notice.incident
  return {
    ...classOf({ category: 2, categoryName: 'Findings', uid: 4, name: 'Detection Finding' }, [activity, name]),
    status_id: status,
    status: { 1: 'New', 2: 'In Progress', 4: 'Resolved' }[status],
    is_alert: activity !== 3,
    ...(notice.confidence === undefined ? {} : { confidence_score: Math.round(notice.confidence * 100) }),
    finding_info: {
      uid,
      title,
      desc: lines.join('\n'),
      src_url: link,
      ...(notice.type === undefined ? {} : { types: [notice.type] }),
      analytic: { name: 'Holdfast incident classification', type_id: 1, type: 'Rule' },
    },
  }
}

function findingActivity({ kind }: Notice): readonly [id: 1 | 2 | 3, name: string] {
  if (kind === 'incident-opened' || kind === 'test') return [1, 'Create']
  return kind === 'case-closed' ? [3, 'Close'] : [2, 'Update']
}

function remediation(notice: Notice, { title, link }: NoticeText): OcsfEvent {
  const { action } = notice
  const isFailed = notice.kind === 'plan-failed' || action?.state === 'failed'
  const [activity, name] = remediationActivity(notice)
  const [classUid, className, target] = remediationClass(action)
  return {
    ...classOf({ category: 7, categoryName: 'Remediation', uid: classUid, name: className }, [activity, name]),
    command_uid: action?.id ?? notice.plan ?? notice.id,
    status_id: isFailed ? 2 : 1,
    status: isFailed ? 'Failure' : 'Success',
    status_detail: action?.state ?? notice.kind,
    remediation: { desc: title, references: [link] },
    ...target,
  }
}

/** What ended is restored; what ends a process evicts; all else isolates. */
function remediationActivity({ kind, action }: Notice): readonly [id: 1 | 2 | 3, name: string] {
  if (kind === 'hold-ended') return [3, 'Restore']
  return action?.rung === 'kill' || action?.rung === 'stop' ? [2, 'Evict'] : [1, 'Isolate']
}

/** What is taken hold of, by rung and cut: the process, its connections, a file. */
const TAKEN: ReadonlyMap<string, 2 | 3 | 4> = new Map([
  ['pause', 3],
  ['stop', 3],
  ['kill', 3],
  ['restrict', 4],
  ['soft-quarantine', 4],
  ['hold-image', 2],
  ['block-host-paths', 2],
  ['quarantine-document', 2],
] as const)

/** The class of what was taken hold of; the general one where none is narrower. */
function remediationClass(
  action: NoticeAction | undefined,
): readonly [uid: 1 | 2 | 3 | 4, name: string, target: OcsfEvent] {
  const taken = action === undefined ? undefined : TAKEN.get(action.rung)
  if (action === undefined || taken === undefined) return [1, 'Remediation Activity', {}]
  const name = inertLine(action.agentName, 200)
  switch (taken) {
    case 2:
      return [2, 'File Remediation Activity', { file: { name, type_id: 0, type: 'Unknown' } }]
    case 3:
      return [3, 'Process Remediation Activity', { process: { uid: inertLine(action.agent, 600), name } }]
    case 4:
      return [4, 'Network Remediation Activity', { connection_info: { direction_id: 2, direction: 'Outbound' } }]
  }
}

function classOf(
  of: { readonly category: number; readonly categoryName: string; readonly uid: number; readonly name: string },
  [activity, activityName]: readonly [id: number, name: string],
): OcsfEvent {
  const uid = of.category * 1_000 + of.uid
  return {
    category_uid: of.category,
    category_name: of.categoryName,
    class_uid: uid,
    class_name: of.name,
    activity_id: activity,
    activity_name: activityName,
    type_uid: uid * 100 + activity,
    type_name: `${of.name}: ${activityName}`,
  }
}
