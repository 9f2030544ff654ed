import type { ArtifactLine, LineGround } from '@holdfast/model'
import type { GrantFact } from '../generator.ts'
import { groundOfUses, mergedGrounds, type ObservedUse } from './observed-uses.ts'

/** A permission of a role and what it rests on. */
export type RolePermission = Pick<ArtifactLine, 'because' | 'reason' | 'grounds' | 'declaredBy'> & {
  readonly action: string
}

/** A role and the places where it is held: every permission of it was seen at every one of its places. */
export type RolePlan = {
  readonly permissions: readonly RolePermission[]
  readonly places: readonly { readonly place: string; readonly grounds: readonly LineGround[] }[]
}

export type RolePlans = {
  readonly plans: readonly RolePlan[]
  /** `action on place`, of what was seen too rarely or too long ago. */
  readonly leftOut: readonly string[]
  /** Actions of which the log does not say on what, so that they are let at the place of the principal. */
  readonly untold: readonly string[]
}

export type RoleOptions = {
  /** Where a role that lets a call on the resource is held; undefined where the platform holds roles nowhere near it. */
  readonly placeOf: (resource: string) => string | undefined
  /** Where the principal itself lives: for calls on what is not told. */
  readonly home: string
  readonly admits: (uses: readonly ObservedUse[]) => boolean
  /** Other permissions of the same class, and the rule. */
  readonly closureOf: (action: string) => readonly { readonly action: string; readonly rule: string }[]
}

/** What one principal was seen to need, put into as few roles as keep every permission where it was seen. */
export function rolePlans(uses: readonly ObservedUse[], { placeOf, home, admits, closureOf }: RoleOptions): RolePlans {
  const cells = new Map<string, { readonly action: string; readonly place: string; readonly uses: ObservedUse[] }>()
  const untold = new Set<string>()
  for (const use of uses) {
    const places = new Set(use.resources.flatMap((one) => placeOf(one) ?? []))
    if (places.size === 0) untold.add(use.action)
    for (const place of places.size === 0 ? [home] : places) {
      const key = JSON.stringify([use.action, place])
      const cell = cells.get(key) ?? { action: use.action, place, uses: [] }
      cell.uses.push(use)
      cells.set(key, cell)
    }
  }
  const [kept, thin] = [
    [...cells.values()].filter((one) => admits(one.uses)),
    [...cells.values()].filter((one) => !admits(one.uses)),
  ]
  const byPlace = [...Map.groupBy(kept, ({ place }) => place)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  // Places with the same permissions share a role.
  const byRole = Map.groupBy(byPlace, ([, some]) => JSON.stringify(some.map(({ action }) => action).toSorted()))
  return {
    plans: [...byRole.values()].map((places) => {
      const own = places.flatMap(([, some]) => some)
      return {
        permissions: permissionsOf(own, closureOf),
        places: places.map(([place, some]) => ({
          place,
          grounds: mergedGrounds(some.map((one) => groundOfUses(one.uses, one.place))),
        })),
      }
    }),
    leftOut: thin.map(({ action, place }) => `${action} on ${place}`).toSorted(),
    untold: [...untold].toSorted(),
  }
}

type Cell = { readonly action: string; readonly place: string; readonly uses: readonly ObservedUse[] }

function permissionsOf(cells: readonly Cell[], closureOf: RoleOptions['closureOf']): readonly RolePermission[] {
  const byAction = Map.groupBy(cells, ({ action }) => action)
  const observed = [...byAction].map(([action, some]): RolePermission => {
    const grants = some.flatMap(({ uses }) => uses.flatMap((use) => use.grants))
    const calls = some.reduce((sum, { uses }) => sum + uses.reduce((all, { count }) => all + count, 0), 0)
    const declaredBy = grants[0]?.declaredBy
    const what = `${calls} ${calls === 1 ? 'call' : 'calls'}`
    return {
      action,
      because: declaredBy === undefined ? 'observed' : 'grant',
      reason:
        declaredBy === undefined ? `${what}; no known grant declares it` : `${what}, let by ${grants[0]?.source ?? ''}`,
      grounds: mergedGrounds(some.map((one) => groundOfUses(one.uses, one.place))),
      ...(declaredBy === undefined ? {} : { declaredBy }),
    }
  })
  const added = observed.flatMap(({ action: from, grounds }) =>
    closureOf(from)
      .filter(({ action }) => !byAction.has(action))
      .map(({ action, rule }): RolePermission => ({ action, because: 'closure', reason: rule, grounds })),
  )
  const all = Map.groupBy([...observed, ...added], ({ action }) => action)
  return [...all.values()].flatMap((some) => some.slice(0, 1)).toSorted((a, b) => (a.action < b.action ? -1 : 1))
}

/** A declared statement that nothing used. */
export type IdleGrant = Pick<GrantFact, 'source' | 'statement' | 'action' | 'resources' | 'path' | 'declaredBy'>

/** Categories of a scope report in which idle is known; of what was not recorded at all nothing is taken away. */
const IDLE: ReadonlySet<string> = new Set(['unused-excess', 'inherited-overreach', 'without-effect'])

/** Grants of a principal that are to go. */
export function idleGrants(grants: readonly GrantFact[], plane: string, principal: string): readonly IdleGrant[] {
  return grants.filter(
    (grant) =>
      grant.plane === plane && grant.principal === principal && grant.useCount === 0 && IDLE.has(grant.category),
  )
}

/** What goes, as it stands in a document. */
export function removalsOf(
  idle: readonly IdleGrant[],
  inherited: string,
): readonly (Pick<IdleGrant, 'source' | 'statement' | 'action' | 'resources'> & { readonly how: string })[] {
  return idle.map(({ source, statement, action, resources, path }) => ({
    source,
    statement,
    action,
    resources,
    how: path === 'direct' ? 'take it from the principal' : inherited,
  }))
}

export function removalLines(at: string, idle: readonly IdleGrant[]): readonly ArtifactLine[] {
  return idle.map((one, i) => ({
    pointer: `${at}/removals/${i}`,
    effect: 'remove',
    what: `${one.action} on ${one.resources.join(', ')}`,
    because: 'idle',
    reason: `${one.statement} of ${one.source} was not used`,
    grounds: [],
    declaredBy: one.declaredBy,
  }))
}
