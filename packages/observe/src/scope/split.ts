import type { AuthPlane } from '@holdfast/model'
import { MAX_PARTS } from './limits.ts'
import { covers, isWild } from './pattern.ts'
import type { Use } from './scope-types.ts'
import type { Except, Unit } from './units.ts'

/** A part of a unit: what was used of it, or what was not. */
export type Part = {
  readonly action: string
  readonly resources: readonly string[]
  readonly except: readonly Except[]
  readonly uses: readonly Use[]
  /** The log does not say on what it was used, so that no resource can be told idle. */
  readonly isResourceUnknown: boolean
}

/**
 * Tells the used part of a unit from its idle part. A wildcard is split by the actions and by the containers (a bucket, a
 * namespace) that were used: that each object of a used bucket was not read makes none of them excess; what was used without
 * being declared stands apart from what was. `wanted` are parts of a wildcard that the agent declares and has not used; each
 * stands by itself.
 */
export function partsOf(
  unit: Unit,
  uses: readonly Use[],
  {
    wanted,
    isDeclared,
  }: {
    readonly wanted: readonly { readonly action: string; readonly resources: readonly string[] }[]
    readonly isDeclared: (use: Use) => boolean
  },
): readonly Part[] {
  const { plane } = unit.holding.grant
  const own = uses.filter((use) => isUseOf(unit, use))
  const byAction = [...Map.groupBy(own, ({ action }) => (isWild(unit.action) ? action : unit.action)).values()]
  const groups = byAction.flatMap((some) => (unit.resources.some(isWild) ? byNeed(unit, some, isDeclared) : [some]))
  const used = groups.slice(0, MAX_PARTS).map((some): Part => {
    const action = isWild(unit.action) ? (some[0]?.action ?? unit.action) : unit.action
    const isResourceUnknown = some.some(({ resource }) => resource === '')
    const resources = isResourceUnknown ? unit.resources : usedResources(plane, unit.resources, some)
    return { action, resources, except: [], uses: some, isResourceUnknown }
  })
  const declared = wanted
    .filter(
      ({ action, resources }) =>
        !used.some(
          (part) =>
            part.action === action &&
            resources.every((one) => part.resources.some((known) => covers(plane, 'resource', known, one))),
        ),
    )
    .slice(0, MAX_PARTS)
    .map((one): Part => {
      const inUse = used.filter((part) => covers(plane, 'action', one.action, part.action))
      const except = inUse.map((part): Except => ({ action: part.action, resources: part.resources, why: 'in use' }))
      return { ...one, except, uses: [], isResourceUnknown: false }
    })
  const rest = restOf(unit, [...used, ...declared])
  return [...used, ...declared, ...(rest === undefined ? [] : [rest])]
}

/** Uses of declared containers and of others apart; a container that was also used for what nobody declared is one of those. */
function byNeed(unit: Unit, uses: readonly Use[], isDeclared: (use: Use) => boolean): readonly (readonly Use[])[] {
  if (uses.some(({ resource }) => resource === '')) return [uses]
  const { plane } = unit.holding.grant
  const undeclared = uses.filter((use) => !isDeclared(use))
  const open = new Set(usedResources(plane, unit.resources, undeclared))
  const isOpen = (use: Use): boolean => usedResources(plane, unit.resources, [use]).some((one) => open.has(one))
  const [declared, rest] = [uses.filter((use) => !isOpen(use)), uses.filter(isOpen)]
  return [declared, rest].filter((some) => some.length > 0)
}

function restOf(unit: Unit, taken: readonly Part[]): Part | undefined {
  const { plane } = unit.holding.grant
  const shared = { uses: [], isResourceUnknown: false }
  if (taken.length === 0) return { action: unit.action, resources: unit.resources, except: unit.except, ...shared }
  const isWhole = (part: Part, resource: string): boolean =>
    part.resources.some((one) => covers(plane, 'resource', one, resource))
  const whole = taken.filter((part) => part.action === unit.action || covers(plane, 'action', part.action, unit.action))
  const resources = unit.resources.filter((resource) => !whole.some((part) => isWhole(part, resource)))
  if (resources.length === 0) return undefined
  const parts = taken
    .filter(
      (part) =>
        isWild(unit.action) ||
        part.resources.some((one) => resources.some((resource) => covers(plane, 'resource', resource, one))),
    )
    .map((part): Except => ({
      action: part.action,
      resources: part.resources,
      why: part.uses.length > 0 ? 'in use' : 'declared',
    }))
  return { action: unit.action, resources, except: [...unit.except, ...parts], ...shared }
}

/** Whether a call was let by a unit. */
export function isUseOf(unit: Unit, use: Use): boolean {
  const { plane } = unit.holding.grant
  if (use.plane !== plane || unit.blocked !== undefined) return false
  if (!covers(plane, 'action', unit.action, use.action)) return false
  const on = spellings(use.resource)
  const isIn = (patterns: readonly string[]): boolean =>
    on.some((one) => patterns.some((pattern) => covers(plane, 'resource', pattern, one)))
  if (use.resource !== '' && !isIn(unit.resources)) return false
  return !unit.except.some(
    ({ action, resources }) =>
      covers(plane, 'action', action, use.action) && (use.resource === '' ? resources.includes('*') : isIn(resources)),
  )
}

/** A secret is called by its name or by its ARN, which ends in six random characters. */
function spellings(resource: string): readonly string[] {
  return /^arn:[^:]+:secretsmanager:/.test(resource) && !/-[A-Za-z0-9]{6}$/.test(resource)
    ? [resource, `${resource}-??????`]
    : [resource]
}

/** The resources of the unit that were used: whole, where they name one container, else the containers. */
function usedResources(plane: AuthPlane, patterns: readonly string[], uses: readonly Use[]): readonly string[] {
  const found = new Set<string>()
  for (const { resource } of uses)
    for (const pattern of patterns) {
      const on = spellings(resource)
      if (!on.some((one) => covers(plane, 'resource', pattern, one))) continue
      const containers = on.map((one) => containerOf(plane, one)).flatMap((one) => [one, ...inAnyProject(plane, one)])
      const isOne = !isWild(pattern) || containers.some((container) => covers(plane, 'resource', container, pattern))
      if (found.size < MAX_PARTS) found.add(isOne ? pattern : (containers[0] ?? resource))
    }
  // A node and all below it are one reach: to make a job in a project, or an object in a bucket, uses both.
  for (const { resource } of uses) if (patterns.includes(`${resource}/*`)) found.add(`${resource}/*`)
  for (const pattern of patterns) if (found.has(`${pattern}/*`)) found.add(pattern)
  return [...found].toSorted()
}

/** Names of buckets are one for all of Google Cloud: a policy on one does not say its project. */
function inAnyProject(plane: AuthPlane, container: string): readonly string[] {
  const bucket = /^projects\/[^/]+\/(buckets\/.+)$/.exec(container)?.[1]
  return plane !== 'gcp' || bucket === undefined ? [] : [`projects/*/${bucket}`]
}

/** What a resource is a member of, as a pattern; the resource itself where it is nobody's member. */
export function containerOf(plane: AuthPlane, resource: string): string {
  if (plane === 'aws') {
    const object = /^(arn:[^:]+:s3:::[^/]+)\/.+$/.exec(resource)
    if (object !== null) return `${object[1]}/*`
    const stream = /^(arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+)(:.*)?$/.exec(resource)
    return stream === null ? resource : `${stream[1]}*`
  }
  if (plane === 'gcp') {
    const member = /^(.*\/(?:buckets|datasets)\/[^/]+)\/(?:objects)\/.+$/.exec(resource)
    return member === null ? resource : `${member[1]}/*`
  }
  if (plane === 'kubernetes' && !resource.startsWith('/')) return `${resource.slice(0, resource.indexOf('/'))}/*`
  return resource
}
