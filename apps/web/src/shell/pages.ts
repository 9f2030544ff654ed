import { paths } from '../paths.ts'
import type { IconName } from '../ui/Icon.tsx'

/** A page that the line at the top leads to. */
export type Page = {
  readonly to: (typeof paths)[
    | 'agents'
    | 'incidents'
    | 'fleet'
    | 'doctor'
    | 'roster'
    | 'hunt'
    | 'drift'
    | 'policies'
    | 'diagnostic'
    | 'audit'
    | 'tail'
    | 'integrity']
  readonly icon: IconName
  readonly label: string
  /** Starts of other paths that belong to this page. */
  readonly also?: readonly string[]
}

/** What is asked for most comes first: the last of them are the first that a narrow window puts under "More". */
export const PAGES: readonly Page[] = [
  { to: paths.agents, icon: 'agent', label: 'Agents', also: ['/agents', '/conversations'] },
  { to: paths.incidents, icon: 'warning', label: 'Incidents' },
  { to: paths.hunt, icon: 'search', label: 'Hunt' },
  { to: paths.fleet, icon: 'grid', label: 'Fleet', also: [paths.observed] },
  { to: paths.drift, icon: 'reach', label: 'Drift' },
  { to: paths.policies, icon: 'guardrail', label: 'Policies' },
  { to: paths.diagnostic, icon: 'check', label: 'Diagnostic' },
  { to: paths.audit, icon: 'trigger', label: 'Audit' },
  { to: paths.roster, icon: 'delegation', label: 'Roster' },
  { to: paths.tail, icon: 'tail', label: 'Live tail' },
  { to: paths.integrity, icon: 'integrity', label: 'Integrity' },
  { to: paths.doctor, icon: 'pulse', label: 'Doctor' },
]
