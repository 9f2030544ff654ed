import { DRIFT_SUBJECTS, type DriftChange } from '@holdfast/model'

/**
 * The order in which changes are looked at (REC-5): what no event explains before what one does, so that an unexplained model
 * comes before everything explained; then identity, data, egress, tool, model; then how grave, and the newest first.
 */
export function byPriority(a: DriftChange, b: DriftChange): number {
  return (
    Number(a.signals.deployment.holds) - Number(b.signals.deployment.holds) ||
    DRIFT_SUBJECTS.indexOf(a.subject) - DRIFT_SUBJECTS.indexOf(b.subject) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.at < b.at ? 1 : a.at > b.at ? -1 : 0) ||
    (a.id < b.id ? -1 : 1)
  )
}

const SEVERITIES: readonly DriftChange['severity'][] = ['high', 'medium', 'low', 'none']
