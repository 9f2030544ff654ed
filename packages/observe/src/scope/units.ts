import type { Grant } from '@holdfast/model'
import type { Holding, Holdings, Limit } from './holdings.ts'
import { MAX_COMPARED_CHARS, MAX_UNITS } from './limits.ts'
import { conditionOf } from './conditions.ts'
import { covers, overlaps } from './pattern.ts'

export type Except = { readonly action: string; readonly resources: readonly string[]; readonly why: string }

/** One action of one statement on its resources, as it holds for one principal once limits and denies are applied. */
export type Unit = {
  readonly holding: Holding
  readonly action: string
  readonly resources: readonly string[]
  readonly except: readonly Except[]
  readonly limitedBy: readonly string[]
  readonly conditions: readonly string[]
  /** Why it has no effect at all. */
  readonly blocked?: string
}

/** Every allowed action of every statement, each once: the nearer way counts where one is held in several. */
export function unitsOf({ held, limits }: Holdings): { readonly units: readonly Unit[]; readonly cut: number } {
  const ownerOf = ({ principal, grant }: Holding): string => `${principal} ${grant.plane}`
  const denies = Map.groupBy(
    held.filter(({ grant }) => grant.effect === 'deny'),
    ownerOf,
  )
  const units = new Map<string, Unit>()
  let cut = 0
  for (const holding of held) {
    const { grant, principal } = holding
    if (grant.effect !== 'allow') continue
    const resources = widest(grant.plane, reachOf(holding))
    const own = denies.get(ownerOf(holding)) ?? []
    const place = JSON.stringify([principal, grant.source, grant.statement, resources])
    for (const action of grant.actions ?? ['*']) {
      const key = `${action}\n${place}`
      if (units.has(key)) continue
      if (units.size >= MAX_UNITS) {
        cut++
        continue
      }
      units.set(key, withDenies(limited(start(holding, action, resources), limits.get(principal) ?? []), own))
    }
  }
  return { units: [...units.values()], cut }
}

function start(holding: Holding, action: string, resources: readonly string[]): Unit {
  const { grant, principal } = holding
  const outcomes = holding.conditions.map((conditions) => conditionOf(conditions, principal))
  const never = outcomes.find((outcome) => outcome.kind === 'never')
  const left = (grant.notActions ?? [])
    .filter((not) => overlaps(grant.plane, 'action', action, not))
    .map((not) => ({ action: not, resources, why: 'left out by the statement' }))
  const spared = (grant.notResources ?? []).map((not) => ({
    action,
    resources: [not],
    why: 'left out by the statement',
  }))
  return {
    holding,
    action,
    resources,
    except: [...left, ...spared],
    limitedBy: [],
    conditions: outcomes.flatMap((outcome) => (outcome.kind === 'open' ? outcome.texts : [])),
    ...(never === undefined ? {} : { blocked: `its condition never holds for this principal: ${never.text}` }),
  }
}

/** What a statement reaches: its own resources, held to the scope of the binding that hands it down. */
function reachOf({ grant, scope }: Holding): readonly string[] {
  const own = grant.resources ?? ['*']
  if (scope === undefined || own.every((resource) => resource.startsWith('/'))) return own
  return own.flatMap((resource) =>
    scope.flatMap((place) => {
      if (covers(grant.plane, 'resource', place, resource)) return [resource]
      if (covers(grant.plane, 'resource', resource, place)) return [place]
      // A name in any namespace, held to one: `*/db` in `shop/*` is `shop/db`.
      if (grant.plane === 'kubernetes' && resource.startsWith('*/') && place.endsWith('/*'))
        return [`${place.slice(0, -1)}${resource.slice(2)}`]
      return overlaps(grant.plane, 'resource', resource, place) ? [resource] : []
    }),
  )
}

/** Without patterns that another one covers: a statement may say the same twice. One of absurd size is left as it is. */
function widest(plane: Grant['plane'], resources: readonly string[]): readonly string[] {
  const distinct = [...new Set(resources)].toSorted()
  if (distinct.reduce((sum, { length }) => sum + length, 0) > MAX_COMPARED_CHARS) return distinct
  return distinct.filter((one) => !distinct.some((other) => other !== one && covers(plane, 'resource', other, one)))
}

/** Boundaries and service control policies: what they do not let is not let. */
function limited(unit: Unit, limits: readonly Limit[]): Unit {
  if (unit.holding.grant.plane !== 'aws' || unit.blocked !== undefined) return unit
  let now = unit
  for (const limit of limits) {
    const lets = limit.grants.map(({ grant }) => grant).filter(({ effect }) => effect === 'allow')
    const isLet = lets.some((grant) => admits(grant, now.action) && now.resources.every((one) => reaches(grant, one)))
    if (!isLet) {
      const touching = lets.some(
        (grant) => touches(grant, now.action) && now.resources.some((one) => meets(grant, one)),
      )
      if (!touching) return { ...now, blocked: `outside of ${limit.name}` }
      now = { ...now, limitedBy: [...now.limitedBy, limit.name] }
    }
    const refused = limit.grants.map(({ grant }) => grant).filter(({ effect }) => effect === 'deny')
    now = withDenies(
      now,
      refused.map((grant) => ({ ...now.holding, grant, conditions: [grant.conditions] })),
    )
    if (now.blocked !== undefined) return now
  }
  return now
}

/** An explicit deny wins over every allow; one that depends on a condition is told and not applied. */
function withDenies(unit: Unit, denies: readonly Holding[]): Unit {
  let { resources } = unit
  const { plane } = unit.holding.grant
  const except = [...unit.except]
  const open = [...unit.conditions]
  const name = ({ grant }: Holding): string => `${grant.source}, ${grant.statement}`
  for (const deny of unit.blocked === undefined ? denies : []) {
    if (!touches(deny.grant, unit.action) || !resources.some((one) => meets(deny.grant, one))) continue
    const outcomes = deny.conditions.map((conditions) => conditionOf(conditions, unit.holding.principal))
    if (outcomes.some(({ kind }) => kind === 'never')) continue
    if (outcomes.some(({ kind }) => kind === 'open')) {
      open.push(
        `denied by ${name(deny)} where ${outcomes.flatMap((one) => (one.kind === 'open' ? one.texts : [])).join(' and ')}`,
      )
      continue
    }
    if (admits(deny.grant, unit.action)) {
      const rest = resources.filter((one) => !reaches(deny.grant, one))
      if (rest.length === 0) return { ...unit, blocked: `denied by ${name(deny)}` }
      resources = rest
      if (!rest.some((one) => meets(deny.grant, one))) continue
    }
    const actions = (deny.grant.actions ?? ['*']).filter((action) => overlaps(plane, 'action', unit.action, action))
    for (const action of actions)
      except.push({ action, resources: deny.grant.resources ?? ['*'], why: `denied by ${name(deny)}` })
  }
  return { ...unit, resources, except, conditions: open }
}

/** True where every action of the pattern is in the statement. */
function admits(grant: Grant, action: string): boolean {
  const { plane, actions, notActions = [] } = grant
  const isIn = (actions ?? ['*']).some((one) => covers(plane, 'action', one, action))
  return isIn && !notActions.some((not) => overlaps(plane, 'action', not, action))
}

function touches(grant: Grant, action: string): boolean {
  const { plane, actions, notActions = [] } = grant
  const isIn = (actions ?? ['*']).some((one) => overlaps(plane, 'action', one, action))
  return isIn && !notActions.some((not) => covers(plane, 'action', not, action))
}

function reaches(grant: Grant, resource: string): boolean {
  const { plane, resources, notResources = [] } = grant
  const isIn = (resources ?? ['*']).some((one) => covers(plane, 'resource', one, resource))
  return isIn && !notResources.some((not) => overlaps(plane, 'resource', not, resource))
}

function meets(grant: Grant, resource: string): boolean {
  const { plane, resources, notResources = [] } = grant
  const isIn = (resources ?? ['*']).some((one) => overlaps(plane, 'resource', one, resource))
  return isIn && !notResources.some((not) => covers(plane, 'resource', not, resource))
}
