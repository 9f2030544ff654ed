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

/** What a layer of an agent had, and how hard. */
export type Stood = Pick<ForcePeriod, 'artifact' | 'kind' | 'mode'>

export type GroupState = {
  readonly group: RolloutGroup
  readonly monitored: { readonly artifacts: readonly string[]; readonly entry: number; readonly at: string }
  readonly report?: {
    readonly radius: BlastRadius
    readonly entry: number
    readonly at: string
    readonly by: string
    readonly acceptsShortWindow?: true
  }
  /** Artifacts of the group that were enforced since it was reported. */
  readonly enforced: readonly string[]
}

/** A policy in a system that holds policies; `before` is what stood there, to the byte. */
export type Placed = {
  readonly artifact: string
  readonly agent: string
  readonly entry: number
  readonly before?: string
  /** Of policies of a whole cluster: the place of the first of them in its tier. */
  readonly priority?: number
  /** In what the system holds another by now, as it was last looked at; absent: in nothing. */
  readonly differences?: readonly string[]
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
  /** By {@link layerKey}: what stood there before each step that changed it, the oldest first; a rollback takes the last one back. */
  readonly before: ReadonlyMap<string, readonly (readonly Stood[])[]>
  /** By target: what was applied there and not withdrawn, the oldest first. */
  readonly placed: ReadonlyMap<string, readonly Placed[]>
  /** Agents that a host ran under an artifact: what it refuses them is told in that artifact's name. */
  readonly hosted: ReadonlySet<string>
  /** Artifacts that never stop anything again. */
  readonly spent: ReadonlyMap<string, 'expired' | 'contaminated'>
}

export const NO_ROLLOUT: RolloutState = {
  artifacts: new Map(),
  chosen: new Map(),
  groups: new Map(),
  force: new Map(),
  before: new Map(),
  placed: new Map(),
  hosted: new Set(),
  spent: new Map(),
}

export function layerKey(agent: string, kind: ArtifactKind): string {
  return `${kind} ${agent}`
}

/** What a group goes by in the state: `class:support`, `agent:k8s:...`. */
export function groupKey(group: RolloutGroup): string {
  return group.kind === 'class' ? `class:${group.class}` : `agent:${group.agent}`
}

/**
 * The state after one more step. Reading holds the log to its order as well: an `enforced` whose report is not the one that it names,
 * measured nothing, or names denials that nobody accepted, or of an artifact that was not watched, changes nothing, so that no
 * sequence of records enforces what was never measured.
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
        ...allBegun(state, artifacts, { mode: 'monitor', record }),
      }
    }
    case 'reported': {
      const known = state.groups.get(groupKey(deed.group))
      if (known === undefined) return state
      const isShort = deed.acceptsShortWindow === true
      const report = { radius: deed.report, entry, at, by, ...(isShort ? { acceptsShortWindow: true as const } : {}) }
      return { ...state, groups: withKey(state.groups, groupKey(deed.group), { ...known, report }) }
    }
    case 'enforced': {
      const key = groupKey(deed.group)
      const known = state.groups.get(key)
      if (known?.report === undefined || known.report.entry !== deed.report) return state
      const { radius } = known.report
      if (radius.judged === 0 || (radius.denied > 0 && deed.acceptsDenials !== true)) return state
      const ids = deed.artifacts.filter(
        (id) =>
          known.monitored.artifacts.includes(id) &&
          radius.artifacts.includes(id) &&
          radius.unmeasured?.includes(id) !== true &&
          !state.spent.has(id),
      )
      const enforced = [...new Set([...known.enforced, ...ids])]
      return {
        ...state,
        groups: withKey(state.groups, key, { ...known, enforced }),
        ...allBegun(state, ids, { mode: 'enforce', record }),
      }
    }
    case 'rolled-back':
      return { ...state, ...restored(state, deed, record), groups: withoutRolledBack(state, deed) }
    case 'expired':
      return spend(state, [deed.artifact], 'expired', record)
    case 'pulled-back':
      return spend(state, deed.artifacts, 'contaminated', record)
    case 'applied': {
      const { target, artifact, agent, before, priority } = deed
      const known = state.placed.get(target) ?? []
      const newest = known.at(-1)
      const where = priority === undefined ? {} : { priority }
      // Put there twice it stands there once, and what stood before it is what it found the first time.
      if (newest?.artifact === artifact)
        return { ...state, placed: withKey(state.placed, target, known.with(-1, { ...newest, ...where })) }
      const one = { artifact, agent, entry, ...where, ...(before === undefined ? {} : { before }) }
      return { ...state, placed: withKey(state.placed, target, [...known, one]) }
    }
    case 'compared': {
      const known = state.placed.get(deed.target) ?? []
      const newest = known.at(-1)
      if (newest?.artifact !== deed.artifact) return state
      const { differences: _before, ...one } = newest
      const now = deed.differences.length === 0 ? one : { ...one, differences: deed.differences }
      return { ...state, placed: withKey(state.placed, deed.target, known.with(-1, now)) }
    }
    case 'hosted': {
      const isKnown = deed.artifacts.some((id) => state.artifacts.has(id))
      return isKnown ? { ...state, hosted: new Set([...state.hosted, deed.agent]) } : state
    }
    case 'withdrawn': {
      const known = state.placed.get(deed.target) ?? []
      const at = known.findLastIndex(({ artifact }) => artifact === deed.artifact)
      return { ...state, placed: withKey(state.placed, deed.target, known.toSpliced(at, at < 0 ? 0 : 1)) }
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

type Begin = { readonly mode: PolicyMode; readonly record: PolicyRecord }
type InLayers = Pick<RolloutState, 'artifacts' | 'force' | 'before'>

function allBegun(state: RolloutState, ids: readonly string[], begin: Begin): Pick<RolloutState, 'force' | 'before'> {
  const { force, before } = ids.reduce<InLayers>((layers, id) => begun(layers, id, begin), state)
  return { force, before }
}

/** Enforcing an artifact ends whatever else its layer had; watching one ends only what else was watched. */
function begun(layers: InLayers, id: string, { mode, record }: Begin): InLayers {
  const { artifacts, force, before } = layers
  const generated = artifacts.get(id)
  if (generated === undefined) return layers
  const { kind, agent } = generated.artifact
  const isOver = (one: ForcePeriod): boolean =>
    one.kind === kind && (mode === 'enforce' || one.mode === 'monitor' || one.artifact === id)
  const known = force.get(agent) ?? []
  const stood = known.filter((one) => one.kind === kind && one.to === undefined)
  const key = layerKey(agent, kind)
  const one: ForcePeriod = { artifact: id, kind, mode, from: record.entry, at: record.at }
  return {
    artifacts,
    force: withKey(force, agent, [...ended(known, isOver, record.entry), one]),
    before: withKey(before, key, [...(before.get(key) ?? []), stood]),
  }
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
): Pick<RolloutState, 'force' | 'before'> {
  const known = ended(state.force.get(agent) ?? [], (one) => kinds.includes(one.kind), entry)
  // Only what stood there right before may come back, and no harder than it stood.
  const again = back.filter(
    ({ artifact, kind, mode }) =>
      kinds.includes(kind) &&
      (mode === 'monitor' || !state.spent.has(artifact)) &&
      stoodBefore(state, agent, kind).some(
        (one) => one.artifact === artifact && (mode === 'monitor' || one.mode === 'enforce'),
      ),
  )
  const periods = again.map((one): ForcePeriod => ({ ...one, from: entry, at }))
  const keys = kinds.map((kind) => layerKey(agent, kind))
  const before = new Map([...state.before].map(([key, all]) => [key, keys.includes(key) ? all.slice(0, -1) : all]))
  return { force: withKey(state.force, agent, [...known, ...periods]), before }
}

/** What a layer had before the step that gave it what it has. */
export function stoodBefore({ before }: RolloutState, agent: string, kind: ArtifactKind): readonly Stood[] {
  return before.get(layerKey(agent, kind))?.at(-1) ?? []
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
