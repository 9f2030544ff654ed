import type {
  ArtifactKind,
  BlastRadius,
  ChosenDecisions,
  PolicyArtifact,
  PolicyDeed,
  PolicyMode,
  RolloutGroup,
} from '@holdfast/model'

/** A step as it stands in the log. */
export type PolicyRecord = {
  /** Log position; steps are read in this order. */
  readonly entry: number
  /** When it was recorded, RFC 3339. */
  readonly at: string
  readonly deed: PolicyDeed
  readonly reason: string
  readonly by: string
}

export type Generated = {
  readonly artifact: PolicyArtifact
  readonly principals: readonly string[]
  readonly entry: number
  readonly at: string
  readonly by: string
}

/** How long an artifact was in force in one mode: log positions, the end exclusive. */
export type ForcePeriod = {
  readonly artifact: string
  readonly kind: ArtifactKind
  readonly mode: PolicyMode
  readonly from: number
  readonly at: string
  readonly to?: number
}

export type GroupState = {
  readonly group: RolloutGroup
  readonly monitored: { readonly artifacts: readonly string[]; readonly entry: number; readonly at: string }
  readonly report?: { readonly radius: BlastRadius; readonly entry: number; readonly at: string; readonly by: string }
  /** Artifacts of the group that were enforced since it was reported. */
  readonly enforced: readonly string[]
}

/** A policy in a system that holds policies; `before` is what stood there, to the byte. */
export type Placed = {
  readonly artifact: string
  readonly agent: string
  readonly entry: number
  readonly before?: string
}

/** All that follows from the steps so far. */
export type RolloutState = {
  readonly artifacts: ReadonlyMap<string, Generated>
  /** By agent. */
  readonly chosen: ReadonlyMap<string, ChosenDecisions>
  /** By {@link groupKey}. */
  readonly groups: ReadonlyMap<string, GroupState>
  /** By agent, the oldest first; of one layer a watched artifact may stand beside an enforced one. */
  readonly force: ReadonlyMap<string, readonly ForcePeriod[]>
  /** By target: what was applied there and not withdrawn, the oldest first. */
  readonly placed: ReadonlyMap<string, readonly Placed[]>
  /** Artifacts that never stop anything again. */
  readonly spent: ReadonlyMap<string, 'expired' | 'contaminated'>
}

export const NO_ROLLOUT: RolloutState = {
  artifacts: new Map(),
  chosen: new Map(),
  groups: new Map(),
  force: new Map(),
  placed: new Map(),
  spent: new Map(),
}

export function groupKey(group: RolloutGroup): string {
  return group.kind === 'class' ? `class:${group.class}` : `agent:${group.agent}`
}

/**
 * The state after one more step. Reading holds the log to its order as well: an `enforced` without the report that it names, or of
 * an artifact that was not watched, changes nothing, so that no sequence of records enforces what was never measured.
 */
export function withRecord(state: RolloutState, record: PolicyRecord): RolloutState {
  const { deed, entry, at, by } = record
  switch (deed.do) {
    case 'generated': {
      const { artifact, principals } = deed
      if (state.artifacts.has(artifact.id)) return state
      return { ...state, artifacts: withKey(state.artifacts, artifact.id, { artifact, principals, entry, at, by }) }
    }
    case 'chosen':
      return { ...state, chosen: withChoice(state.chosen, record, deed) }
    case 'monitored': {
      const key = groupKey(deed.group)
      const artifacts = deed.artifacts.filter((id) => state.artifacts.has(id))
      const monitored = { artifacts, entry, at }
      return {
        ...state,
        groups: withKey(state.groups, key, { group: deed.group, monitored, enforced: [] }),
        force: artifacts.reduce((force, id) => begun(force, state, { id, mode: 'monitor', record }), state.force),
      }
    }
    case 'reported': {
      const known = state.groups.get(groupKey(deed.group))
      if (known === undefined) return state
      const report = { radius: deed.report, entry, at, by }
      return { ...state, groups: withKey(state.groups, groupKey(deed.group), { ...known, report }) }
    }
    case 'enforced': {
      const key = groupKey(deed.group)
      const known = state.groups.get(key)
      if (known?.report === undefined || known.report.entry !== deed.report) return state
      const { radius } = known.report
      const ids = deed.artifacts.filter(
        (id) => known.monitored.artifacts.includes(id) && radius.artifacts.includes(id) && !state.spent.has(id),
      )
      const enforced = [...new Set([...known.enforced, ...ids])]
      return {
        ...state,
        groups: withKey(state.groups, key, { ...known, enforced }),
        force: ids.reduce((force, id) => begun(force, state, { id, mode: 'enforce', record }), state.force),
      }
    }
    case 'rolled-back':
      return { ...state, force: restored(state, deed, record), groups: withoutRolledBack(state, deed) }
    case 'expired':
      return spend(state, [deed.artifact], 'expired', record)
    case 'pulled-back':
      return spend(state, deed.artifacts, 'contaminated', record)
    case 'applied': {
      const { target, artifact, agent, before } = deed
      const one = { artifact, agent, entry, ...(before === undefined ? {} : { before }) }
      return { ...state, placed: withKey(state.placed, target, [...(state.placed.get(target) ?? []), one]) }
    }
    case 'withdrawn':
      return {
        ...state,
        placed: withKey(
          state.placed,
          deed.target,
          (state.placed.get(deed.target) ?? []).filter(({ artifact }) => artifact !== deed.artifact),
        ),
      }
  }
}

/** The newest artifact of each layer of an agent. */
export function newestOf(state: RolloutState, agent: string): readonly Generated[] {
  const newest = new Map<ArtifactKind, Generated>()
  for (const generated of state.artifacts.values())
    if (generated.artifact.agent === agent) newest.set(generated.artifact.kind, generated)
  return [...newest.values()]
}

type Force = RolloutState['force']
type Begin = { readonly id: string; readonly mode: PolicyMode; readonly record: PolicyRecord }

/** Enforcing an artifact ends whatever else its layer had; watching one ends only what else was watched. */
function begun(force: Force, { artifacts }: Pick<RolloutState, 'artifacts'>, { id, mode, record }: Begin): Force {
  const generated = artifacts.get(id)
  if (generated === undefined) return force
  const { kind, agent } = generated.artifact
  const isOver = (one: ForcePeriod): boolean =>
    one.kind === kind && (mode === 'enforce' || one.mode === 'monitor' || one.artifact === id)
  const before = ended(force.get(agent) ?? [], isOver, record.entry)
  return withKey(force, agent, [...before, { artifact: id, kind, mode, from: record.entry, at: record.at }])
}

function ended(
  periods: readonly ForcePeriod[],
  isOver: (period: ForcePeriod) => boolean,
  entry: number,
): readonly ForcePeriod[] {
  return periods.map((one) => (one.to === undefined && isOver(one) ? { ...one, to: entry } : one))
}

function restored(
  state: RolloutState,
  { agent, kinds, restored: back }: Extract<PolicyDeed, { readonly do: 'rolled-back' }>,
  { entry, at }: PolicyRecord,
): Force {
  const known = state.force.get(agent) ?? []
  const before = ended(known, (one) => kinds.includes(one.kind), entry)
  // Only what once stood there, as hard as it once did, may come back.
  const again = back.filter(
    ({ artifact, mode }) =>
      known.some((one) => one.artifact === artifact && (mode === 'monitor' || one.mode === 'enforce')) &&
      (mode === 'monitor' || !state.spent.has(artifact)),
  )
  const periods = again.map((one): ForcePeriod => ({ ...one, from: entry, at }))
  return withKey(state.force, agent, [...before, ...periods])
}

/** What was taken back is watched and measured anew before it is enforced again. */
function withoutRolledBack(
  { groups, artifacts }: RolloutState,
  { agent, kinds }: Extract<PolicyDeed, { readonly do: 'rolled-back' }>,
): RolloutState['groups'] {
  const isBack = (id: string): boolean => {
    const artifact = artifacts.get(id)?.artifact
    return artifact !== undefined && artifact.agent === agent && kinds.includes(artifact.kind)
  }
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      {
        ...group,
        monitored: { ...group.monitored, artifacts: group.monitored.artifacts.filter((id) => !isBack(id)) },
        enforced: group.enforced.filter((id) => !isBack(id)),
      },
    ]),
  )
}

function spend(
  state: RolloutState,
  ids: readonly string[],
  why: 'expired' | 'contaminated',
  { entry, at }: PolicyRecord,
): RolloutState {
  const force = new Map(
    [...state.force].map(([agent, periods]) => {
      const spent = periods.filter(
        (one) => one.to === undefined && one.mode === 'enforce' && ids.includes(one.artifact),
      )
      const watched = spent.map((one): ForcePeriod => ({ ...one, mode: 'monitor', from: entry, at }))
      return [agent, [...ended(periods, (one) => spent.includes(one), entry), ...watched]]
    }),
  )
  return { ...state, force, spent: new Map([...state.spent, ...ids.map((id) => [id, why] as const)]) }
}

function withChoice(
  chosen: RolloutState['chosen'],
  { reason, by }: PolicyRecord,
  { agent, decision, value }: Extract<PolicyDeed, { readonly do: 'chosen' }>,
): RolloutState['chosen'] {
  const { [decision]: _, ...others } = chosen.get(agent) ?? {}
  return withKey(
    chosen,
    agent,
    value === undefined ? others : { ...others, [decision]: { value, chosenBy: by, reason } },
  )
}

function withKey<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map([...map, [key, value]])
}
