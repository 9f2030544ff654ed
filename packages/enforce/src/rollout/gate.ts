import { counted, type ArtifactKind, type BlastRadius, type PolicyDeed, type RolloutGroup } from '@holdfast/model'
import type { GenerationRefusal } from '../generator.ts'
import { REPORT_DAYS } from '../limits.ts'
import { inForceAt } from './in-force.ts'
import { groupKey, newestOf, stoodBefore, type Generated, type RolloutState } from './state.ts'

/** Why a step is not taken, by a name that a program can tell apart. */
export type RolloutRefusal = {
  readonly status: 'refused'
  readonly code:
    | 'nothing-generated'
    | 'observation'
    | 'expired'
    | 'contaminated'
    | 'not-pre-enforced'
    | 'class-waits'
    | 'already'
    | 'not-monitored'
    | 'no-report'
    | 'report-incomplete'
    | 'nothing-measured'
    | 'window-short'
    | 'would-deny'
    | 'nothing-in-force'
  readonly reason: string
}

/** What a step is judged by beside the steps before it, looked up at that moment. */
export type StepFacts = {
  /** RFC 3339. */
  readonly now: string
  /** Why an agent's profile admits no policy now; undefined where it does. An agent that is not known is refused. */
  readonly observation: (agent: string) => GenerationRefusal | undefined
  /** Agents on the pre-enforced track whose staging profile passed parity. */
  readonly isPreEnforced: (agent: string) => boolean
}

/** Which of a group's artifacts; all where nothing is said. */
export type Selection = { readonly agents?: readonly string[]; readonly kinds?: readonly ArtifactKind[] }

type Deed<D extends PolicyDeed['do']> = Extract<PolicyDeed, { readonly do: D }>

/** Monitoring of a group begins, with the newest artifact of each layer of its agents. */
export function startOf(
  state: RolloutState,
  group: RolloutGroup,
  facts: StepFacts,
): Deed<'monitored'> | RolloutRefusal {
  if (group.kind === 'pre-enforced' && !facts.isPreEnforced(group.agent))
    return refused('not-pre-enforced', `${group.agent} has no staging profile that passed the parity gate`)
  const members = membersOf(state, group, facts)
  const artifacts = members.map(({ artifact }) => artifact).filter(({ id }) => !isEnforced(state, id))
  if (members.length === 0) return refused('nothing-generated', 'no policy was generated for its agents')
  if (artifacts.length === 0) return refused('already', 'all of its policies are enforced')
  const fault = artifacts.map(({ id }) => artifactFault(state, id, facts)).find((one) => one !== undefined)
  if (fault !== undefined) return fault
  const waitsFor = group.kind === 'class' ? unreported(state, group) : undefined
  if (waitsFor !== undefined)
    return refused('class-waits', `class ${waitsFor} is being watched, and what it would lose was not reported`)
  const known = state.groups.get(groupKey(group))
  const ids = artifacts.map(({ id }) => id)
  if (known !== undefined && sameSet(known.monitored.artifacts, ids))
    return refused('already', `it is watched with these policies since ${known.monitored.at}`)
  return { do: 'monitored', group, artifacts: ids }
}

/** What was measured is put on record; a window of fewer than {@link REPORT_DAYS} days only where somebody says that it is enough. */
export function reportOf(
  state: RolloutState,
  group: RolloutGroup,
  report: BlastRadius,
  { acceptsShortWindow = false }: { readonly acceptsShortWindow?: boolean } = {},
): Deed<'reported'> | RolloutRefusal {
  const known = state.groups.get(groupKey(group))
  if (known === undefined) return refused('not-monitored', 'nothing of it is watched')
  const missing = known.monitored.artifacts.filter((id) => !report.artifacts.includes(id))
  if (missing.length > 0) return refused('report-incomplete', `the report leaves out ${missing.length} of its policies`)
  if (report.judged === 0)
    return refused('nothing-measured', 'the window holds no act that the policies speak of, so nothing was measured')
  const isShort = Date.parse(report.to) - Date.parse(report.from) < REPORT_DAYS * DAY_MS
  if (isShort && !acceptsShortWindow)
    return refused(
      'window-short',
      `${report.from} to ${report.to} is less than the ${REPORT_DAYS} days that hold every day of a week twice`,
    )
  return { do: 'reported', group, report, ...(isShort ? { acceptsShortWindow: true } : {}) }
}

const DAY_MS = 86_400_000

/** Enforcement of what was watched and measured, or of a part of it. */
export function enforceOf(
  state: RolloutState,
  group: RolloutGroup,
  given: Selection & { readonly acceptsDenials?: boolean },
  facts: StepFacts,
): Deed<'enforced'> | RolloutRefusal {
  const known = state.groups.get(groupKey(group))
  if (known === undefined) return refused('not-monitored', 'nothing of it is watched')
  if (known.report === undefined)
    return refused('no-report', `watched since ${known.monitored.at}, and what it would lose was not reported`)
  if (group.kind === 'pre-enforced' && !facts.isPreEnforced(group.agent))
    return refused('not-pre-enforced', `${group.agent} has no staging profile that passed the parity gate`)
  const { radius, entry } = known.report
  const selected = known.monitored.artifacts.filter((id) => isSelected(state.artifacts.get(id), given))
  if (selected.length === 0) return refused('not-monitored', 'none of what is watched was selected')
  const { unmeasured = [] } = radius
  const chosen = selected.filter((id) => !unmeasured.includes(id))
  // Who names a layer means it; who takes all gets those that the report knows something of, and the others stay watched.
  if (chosen.length === 0 || (given.kinds !== undefined && chosen.length < selected.length))
    return refused(
      'nothing-measured',
      `no act in the window of the report is of ${layersOf(state, selected, unmeasured)}`,
    )
  const fault = chosen.map((id) => artifactFault(state, id, facts)).find((one) => one !== undefined)
  if (fault !== undefined) return fault
  const artifacts = chosen.filter((id) => !isEnforced(state, id))
  if (artifacts.length === 0) return refused('already', 'what was selected is enforced')
  if (radius.denied > 0 && given.acceptsDenials !== true)
    return refused(
      'would-deny',
      `the report names ${radius.denied} of ${counted(radius.judged, 'act')} that would be stopped, in ${counted(radius.affectedConversations, 'conversation')}`,
    )
  return {
    do: 'enforced',
    group,
    artifacts,
    report: entry,
    ...(given.acceptsDenials === true ? { acceptsDenials: true } : {}),
  }
}

/** What each layer had before what it has now; the next rollback goes one step further back. */
export function rollbackOf(
  state: RolloutState,
  agent: string,
  { kinds }: Pick<Selection, 'kinds'>,
  { now }: Pick<StepFacts, 'now'>,
): Deed<'rolled-back'> | RolloutRefusal {
  const standing = inForceAt(state, agent, { time: now })
  const layers = [...new Set(standing.map(({ period }) => period.kind))].filter(
    (kind) => kinds === undefined || kinds.includes(kind),
  )
  if (layers.length === 0) return refused('nothing-in-force', 'no policy of it is in force')
  const restored = layers.flatMap((kind) =>
    stoodBefore(state, agent, kind).map((one) => ({
      kind,
      artifact: one.artifact,
      mode: one.mode === 'enforce' && isUsable(state, one.artifact, now) ? ('enforce' as const) : ('monitor' as const),
    })),
  )
  return { do: 'rolled-back', agent, kinds: layers, restored }
}

/** The group's newest artifacts. Who is on the pre-enforced track goes alone and not with its class. */
function membersOf(state: RolloutState, group: RolloutGroup, { isPreEnforced }: StepFacts): readonly Generated[] {
  const agents = new Set([...state.artifacts.values()].map(({ artifact }) => artifact.agent))
  const all = [...agents].flatMap((agent) => newestOf(state, agent))
  return group.kind === 'pre-enforced'
    ? all.filter(({ artifact }) => artifact.agent === group.agent)
    : all.filter(({ artifact }) => artifact.agentClass === group.class && !isPreEnforced(artifact.agent))
}

function artifactFault(state: RolloutState, id: string, { now, observation }: StepFacts): RolloutRefusal | undefined {
  const artifact = state.artifacts.get(id)?.artifact
  if (artifact === undefined) return refused('nothing-generated', `no policy ${id}`)
  const what = `${artifact.kind} of ${artifact.agent}`
  if (state.spent.get(id) === 'contaminated')
    return refused('contaminated', `${what} rests on observations that an incident tainted`)
  if (!isUsable(state, id, now)) return refused('expired', `${what} held until ${artifact.validUntil}: derive it again`)
  const gap = observation(artifact.agent)
  return gap === undefined ? undefined : refused('observation', `${what}: ${gap.reason} (${gap.code})`)
}

function isUsable(state: RolloutState, id: string, now: string): boolean {
  const artifact = state.artifacts.get(id)?.artifact
  return artifact !== undefined && !state.spent.has(id) && Date.parse(now) < Date.parse(artifact.validUntil)
}

function isEnforced({ artifacts, force }: RolloutState, id: string): boolean {
  const agent = artifacts.get(id)?.artifact.agent ?? ''
  return (force.get(agent) ?? []).some((one) => one.artifact === id && one.mode === 'enforce' && one.to === undefined)
}

/** Another class that is watched and has no report yet; one of which all was rolled back is not watched. */
function unreported(state: RolloutState, group: RolloutGroup): string | undefined {
  const found = [...state.groups.values()].find(
    ({ group: other, monitored, report }) =>
      other.kind === 'class' &&
      groupKey(other) !== groupKey(group) &&
      monitored.artifacts.length > 0 &&
      report === undefined,
  )
  return found?.group.kind === 'class' ? found.group.class : undefined
}

function isSelected(generated: Generated | undefined, { agents, kinds }: Selection): boolean {
  if (generated === undefined) return false
  const { agent, kind } = generated.artifact
  return (agents === undefined || agents.includes(agent)) && (kinds === undefined || kinds.includes(kind))
}

function layersOf({ artifacts }: RolloutState, ids: readonly string[], wanted: readonly string[]): string {
  const named = ids.filter((id) => wanted.includes(id)).map((id) => artifacts.get(id)?.artifact)
  return named.flatMap((one) => (one === undefined ? [] : `${one.kind} of ${one.agent}`)).join(', ')
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}

function refused(code: RolloutRefusal['code'], reason: string): RolloutRefusal {
  return { status: 'refused', code, reason }
}
