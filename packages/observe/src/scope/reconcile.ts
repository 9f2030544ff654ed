import { counted, formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import { holdingsOf } from './holdings.ts'
import { BOUND_FACTOR, DAYS_FOR_PATTERN, MAX_POSITIONS } from './limits.ts'
import { covers, isWild } from './pattern.ts'
import { principalName } from './principal-name.ts'
import { remedyOf } from './remedy.ts'
import type { InventoryGap, ScopeCategory, ScopeInput, ScopeReport, ScopeRow, StatedGrant, Use } from './scope-types.ts'
import { isUseOf, partsOf } from './split.ts'
import type { Part } from './split.ts'
import { unitsOf } from './units.ts'
import type { Unit } from './units.ts'

/**
 * Holds what an agent may against what it does (requirement 6.4): every grant, or part of a wide one, in exactly one
 * list; what was done without a known grant apart. Pure: the same input gives the same report.
 */
export function reconcileScope(input: ScopeInput): ScopeReport {
  const holdings = holdingsOf(input)
  const { units, cut } = unitsOf(holdings)
  const needs = input.grants.filter(({ grant }) => grant.role === 'capability')
  const byPrincipal = Map.groupBy(input.uses, ({ principal }) => principalName(principal))
  const done = input.uses.filter((use) => holdings.principals.has(principalName(use.principal)))
  const judged = units.flatMap((unit) => {
    const uses = (byPrincipal.get(unit.holding.principal) ?? []).filter(({ calls }) => calls > 0)
    return judge(unit, { input, needs, uses })
  })
  const kept = Map.groupBy(judged.filter(isKept), ({ unit }) => statementKey(unit))
  const rows = judged.map((one) => rowOf(one, input, kept.get(statementKey(one.unit)) ?? []))
  const gaps = gapsIn(input, units)
  const known = new Set(units.map(({ holding }) => `${holding.principal} ${holding.grant.plane}`))
  const of = (category: ScopeCategory): readonly ScopeRow[] => rows.filter((row) => row.category === category)
  return {
    agent: input.agent,
    ...(input.owner === undefined ? {} : { owner: input.owner }),
    window: input.window,
    profile: gaps.length === 0 ? 'complete' : 'partial',
    gaps,
    actsAs: input.actsAs,
    unusedExcess: of('unused-excess'),
    inheritedOverreach: of('inherited-overreach'),
    justified: of('justified'),
    undeclaredUse: of('undeclared-use'),
    inScopeAnomalies: of('in-scope-anomaly'),
    undetermined: of('undetermined'),
    withoutEffect: of('without-effect'),
    inventoryGaps: gapsOf(done, units, known),
    refused: merged(
      done.filter(({ denied }) => denied > 0),
      ({ denied }) => denied,
    ),
    unresolved: holdings.unresolved,
    cut,
  }
}

type Given = { readonly input: ScopeInput; readonly needs: readonly StatedGrant[]; readonly uses: readonly Use[] }

/** A part of a unit with the list that it belongs to. */
type Judged = {
  readonly unit: Unit
  readonly part: Part
  readonly category: ScopeCategory
  readonly declaredBy: ScopeRow['evidence']['declaredBy']
}

function judge(unit: Unit, given: Given): readonly Judged[] {
  if (unit.blocked !== undefined) {
    const { action, resources, except } = unit
    const part: Part = { action, resources, except, uses: [], isResourceUnknown: false }
    return [{ unit, part, category: 'without-effect', declaredBy: undefined }]
  }
  const wanted = isWild(unit.action) || unit.resources.some(isWild) ? wantedOf(unit, given.needs) : []
  const isDeclared = (use: Use): boolean => declarationOf(unit, usedPart(use), given.needs) !== undefined
  return partsOf(unit, given.uses, { wanted, isDeclared }).map((part) => {
    const declaredBy = declarationOf(unit, part, given.needs)
    return { unit, part, declaredBy, category: categoryOf(unit, part, { isDeclared: declaredBy !== undefined, given }) }
  })
}

function usedPart(use: Use): Part {
  const { action, resource } = use
  return { action, resources: [resource], except: [], uses: [use], isResourceUnknown: resource === '' }
}

/** What stays of a statement is what was used of it and may be used. */
function isKept({ part, category }: Judged): boolean {
  return part.uses.length > 0 && category !== 'inherited-overreach'
}

function statementKey({ holding: { principal, grant } }: Unit): string {
  return JSON.stringify([principal, grant.source, grant.statement])
}

/** The table of requirement 6.4. */
function categoryOf(
  unit: Unit,
  part: Part,
  { isDeclared, given }: { readonly isDeclared: boolean; readonly given: Given },
): ScopeCategory {
  const isUsed = part.uses.length > 0
  const isInherited = unit.holding.path === 'inherited'
  if (isInherited && !isDeclared) return 'inherited-overreach'
  if (!isUsed) return given.input.heard.has(unit.holding.grant.plane) ? 'unused-excess' : 'undetermined'
  if (!isDeclared) return 'undeclared-use'
  return hasMoved(part.uses) ? 'in-scope-anomaly' : 'justified'
}

/** Used on its last day beyond 1.5 times its busiest day before, once there are days enough to compare with. */
function hasMoved(uses: readonly Use[]): boolean {
  const days = new Map<string, number>()
  for (const { day, calls } of uses) days.set(day, (days.get(day) ?? 0) + calls)
  const counts = [...days].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, calls]) => calls)
  const before = counts.slice(0, -1)
  return before.length >= DAYS_FOR_PATTERN && (counts.at(-1) ?? 0) > BOUND_FACTOR * Math.max(...before)
}

/** Needs inside of a wide grant: each is a part of it that the agent declares. */
function wantedOf(
  unit: Unit,
  needs: readonly StatedGrant[],
): readonly { readonly action: string; readonly resources: readonly string[] }[] {
  const { plane } = unit.holding.grant
  const pairs = needs.flatMap(({ grant }) => {
    if (grant.plane !== plane) return []
    const inside = (grant.resources ?? unit.resources).filter((need) =>
      unit.resources.some((one) => covers(plane, 'resource', one, need)),
    )
    return (grant.actions ?? [])
      .filter((action) => covers(plane, 'action', unit.action, action))
      .flatMap((action) => inside.map((resource) => ({ action, resource })))
  })
  type Pair = (typeof pairs)[number]
  const isIn = (one: Pair, other: Pair): boolean =>
    covers(plane, 'action', other.action, one.action) && covers(plane, 'resource', other.resource, one.resource)
  // Of needs that say the same, or one within another, the widest stands; of equals the first.
  const widest = pairs.filter(
    (one, i) => !pairs.some((other, j) => i !== j && isIn(one, other) && (j < i || !isIn(other, one))),
  )
  const parts = [...Map.groupBy(widest, ({ action }) => action)].map(([action, some]) => ({
    action,
    resources: some.map(({ resource }) => resource).toSorted(),
  }))
  // A need for all of it makes no part of it.
  return parts.filter(
    ({ action, resources }) =>
      action !== unit.action ||
      !unit.resources.every((one) => resources.some((need) => covers(plane, 'resource', need, one))),
  )
}

function declarationOf(unit: Unit, part: Part, needs: readonly StatedGrant[]): ScopeRow['evidence']['declaredBy'] {
  const { grant: held, source } = unit.holding
  // The configuration of an agent's own client is its own word on what it uses.
  if (held.plane === 'mcp') return { ...source, statement: held.statement }
  for (const need of needs) {
    const { plane, actions = [], resources, statement } = need.grant
    if (plane !== held.plane || !actions.some((one) => covers(plane, 'action', one, part.action))) continue
    const isNamed = (resource: string): boolean =>
      resources === undefined || resources.some((one) => covers(plane, 'resource', one, resource))
    // What was used counts by what it was used on: a wide grant is not declared by naming the part in use.
    const on =
      part.uses.length === 0 || part.isResourceUnknown ? part.resources : part.uses.map(({ resource }) => resource)
    if (on.every(isNamed)) return { ...need.source, statement }
  }
  return undefined
}

function rowOf({ unit, part, category, declaredBy }: Judged, input: ScopeInput, kept: readonly Judged[]): ScopeRow {
  const { grant, principal, path, ancestor, via, source } = unit.holding
  const { uses, lastUse, positions } = summed(part.uses)
  return {
    id: JSON.stringify([principal, grant.source, grant.statement, unit.action, part.action, part.resources, uses > 0]),
    category,
    grant: {
      plane: grant.plane,
      principal,
      action: part.action,
      resources: part.resources,
      except: part.except,
      path,
      ...(ancestor === undefined ? {} : { ancestor }),
      via,
      source: grant.source,
      statement: grant.statement,
      conditions: unit.conditions,
      limitedBy: unit.blocked === undefined ? unit.limitedBy : [...unit.limitedBy, unit.blocked],
    },
    evidence: {
      document: source,
      ...(declaredBy === undefined ? {} : { declaredBy }),
      uses,
      ...(lastUse === undefined ? {} : { lastUse }),
      positions,
      caveats: caveatsOf(unit, part, input),
    },
    ...(input.owner === undefined ? {} : { owner: input.owner }),
    remedy: remedyOf(
      category,
      unit,
      kept.map((one) => one.part),
    ),
  }
}

function caveatsOf(unit: Unit, part: Part, input: ScopeInput): readonly string[] {
  const { plane } = unit.holding.grant
  const heard = input.heard.get(plane)
  const service = part.action.split(/[:. ]/)[0] ?? ''
  const isSeen = input.uses.some((use) => use.plane === plane && (use.action.split(/[:. ]/)[0] ?? '') === service)
  return [
    ...(heard === undefined ? [`nothing of the audit log of ${plane} was recorded in the window`] : []),
    ...(heard !== undefined && heard.days < input.window.days
      ? [`the audit log of ${plane} was recorded on ${heard.days} of ${counted(input.window.days, 'day')}`]
      : []),
    ...(heard !== undefined && part.uses.length === 0 && !isSeen && (plane === 'aws' || plane === 'gcp')
      ? [`no call of ${service} by the agent was recorded: where its data events are not logged, idle is not proven`]
      : []),
    ...(part.isResourceUnknown ? ['the log does not say on which resource it was used'] : []),
    ...(unit.conditions.length > 0 ? ['conditional: it holds only where its conditions do'] : []),
    ...(unit.limitedBy.length > 0 ? ['a boundary or a service control policy lets only a part of it'] : []),
  ]
}

/** Uses that no known grant lets. What needs no grant at all is none. */
function gapsOf(done: readonly Use[], units: readonly Unit[], known: ReadonlySet<string>): readonly InventoryGap[] {
  const byPrincipal = Map.groupBy(units, ({ holding }) => holding.principal)
  const open = done.filter((use) => {
    if (use.calls === 0 || NEEDS_NO_GRANT.test(use.action)) return false
    return !(byPrincipal.get(principalName(use.principal)) ?? []).some((unit) => isUseOf(unit, use))
  })
  return merged(open, ({ calls }) => calls).map((gap) => {
    const isType2Candidate = known.has(`${gap.principal} ${gap.plane}`)
    const remedy = isType2Candidate
      ? 'no known grant lets this: find the grant that did, or open an incident of privilege boundary escape'
      : `import the grants of ${gap.principal}: none of them is known`
    return { ...gap, isType2Candidate, remedy }
  })
}

/** Calls that the clouds let everybody make who has a credential. */
const NEEDS_NO_GRANT =
  /^(sts:GetCallerIdentity|sts:GetSessionToken|signin:.*|create (selfsubjectaccessreviews|selfsubjectrulesreviews|selfsubjectreviews)\..*|get \/(api|apis|version|healthz|livez|readyz|openapi)(\/.*)?)$/

function merged(uses: readonly Use[], countOf: (use: Use) => number): readonly ScopeReport['refused'][number][] {
  const groups = Map.groupBy(uses, ({ plane, principal, action, resource }) =>
    JSON.stringify([plane, principalName(principal), action, resource]),
  )
  return [...groups].map(([id, some]) => {
    const { plane, principal, action, resource } = some[0] as Use // a group is never empty
    const { lastUse, positions } = summed(some)
    return {
      id,
      plane,
      principal: principalName(principal),
      action,
      resource,
      uses: some.reduce((sum, use) => sum + countOf(use), 0),
      lastUse: lastUse ?? '',
      positions,
    }
  })
}

function summed(uses: readonly Use[]): {
  readonly uses: number
  readonly lastUse?: string
  readonly positions: readonly number[]
} {
  const newest = uses.toSorted((a, b) => (BigInt(a.last) < BigInt(b.last) ? 1 : -1))
  const positions = [...new Set(newest.flatMap(({ entries }) => entries))].slice(0, MAX_POSITIONS)
  const last = timeText(newest[0]?.last)
  return {
    uses: uses.reduce((sum, { calls }) => sum + calls, 0),
    positions,
    ...(last === undefined ? {} : { lastUse: last }),
  }
}

function timeText(nanos: string | undefined): string | undefined {
  const time = nanos === undefined ? undefined : parseUnixNanoText(nanos)
  return time === undefined ? undefined : formatRfc3339(time)
}

/** Principals whose uses are the agent's: those that it is known to act as, and those that they may become. */
export function principalsOf(input: Pick<ScopeInput, 'actsAs' | 'grants' | 'bindings'>): ReadonlySet<string> {
  return holdingsOf(input).principals
}

function gapsIn({ actsAs, gaps, heard, window }: ScopeInput, units: readonly Unit[]): readonly string[] {
  const planes = [...new Set(units.map(({ holding }) => holding.grant.plane))].toSorted()
  return [
    ...gaps,
    ...(actsAs.length === 0 ? ['no identity is known that the agent acts as'] : []),
    ...planes.flatMap((plane) => {
      const days = heard.get(plane)?.days ?? 0
      return days >= window.days
        ? []
        : [`the audit log of ${plane} was recorded on ${days} of ${counted(window.days, 'day')}`]
    }),
  ]
}
