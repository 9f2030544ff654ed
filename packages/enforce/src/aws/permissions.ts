import type { LineGround } from '@holdfast/model'
import { covers } from '@holdfast/observe'
import { groundOfUses, mergedGrounds, type ObservedUse } from '../authority/observed-uses.ts'
import type { GrantFact } from '../generator.ts'
import { closureOf } from './closure.ts'
import { conditionOfTexts } from './grant-conditions.ts'
import type { IamConditions } from './policy-document.ts'
import { narrowed, requestedResource, secretArn, type AwsGranularity, type Narrowed } from './resource-patterns.ts'
import { actionClass } from './reference.ts'

/** One action on one list of resources that a principal is to keep, and what it rests on. */
export type Permission = {
  readonly action: string
  readonly resources: readonly string[]
  readonly condition?: IamConditions
  readonly because: 'observed' | 'closure' | 'grant'
  readonly reason: string
  /** Of all its resources. */
  readonly grounds: readonly LineGround[]
  /** Of one resource; one that is not in it rests on all grounds. */
  readonly groundsOf?: ReadonlyMap<string, readonly LineGround[]>
  readonly declaredBy?: number
}

export type Permissions = {
  readonly kept: readonly Permission[]
  /** What the patterns had to leave wider than what was seen, or could not carry over: for the blind spots. */
  readonly notes: readonly string[]
  /** What was seen too rarely or too long ago. */
  readonly leftOut: readonly string[]
}

/** Choices and the gate that the uses of one line have to pass. */
export type PermissionOptions = {
  readonly granularity: AwsGranularity
  readonly closure: 'action-class' | 'none'
  readonly admits: (uses: readonly ObservedUse[]) => boolean
}

/** What one principal was seen to need, each action once for each condition of the grants that let it. */
export function permissionsOf(
  uses: readonly ObservedUse[],
  { granularity, closure, admits }: PermissionOptions,
): Permissions {
  const notes: string[] = []
  const leftOut: string[] = []
  const seen = [...Map.groupBy(uses, (use) => `${use.action} ${JSON.stringify(conditionFor(use)?.condition ?? {})}`)]
  const observed = seen.flatMap(([, some]): readonly Permission[] => {
    const [first] = some
    if (first === undefined) return []
    const condition = conditionFor(first)
    if (condition?.lost !== undefined)
      notes.push(`${first.action}: the condition "${condition.lost}" of its grant could not be carried over`)
    const made = permissionOf(some, { granularity, admits, notes, leftOut, condition: condition?.condition })
    return made === undefined ? [] : [made]
  })
  const known = new Set(observed.map(({ action }) => action.toLowerCase()))
  const passed = uses.filter(({ action }) => known.has(action.toLowerCase())).flatMap(passedRole)
  if (passed.some(({ resources }) => resources.length === 0))
    notes.push('iam:PassRole: a call hands a role on and its record does not name it: roles of the account are let')
  const added = closure === 'none' ? [] : observed.flatMap((one) => closures(one, known))
  return {
    kept: [...observed, ...passes(passed), ...mergedClosures(added)],
    notes: [...new Set(notes)].toSorted(),
    leftOut: [...new Set(leftOut)].toSorted(),
  }
}

type Passed = { readonly resources: readonly string[]; readonly use: ObservedUse }

/**
 * Who gives a role to a service needs `iam:PassRole` on it, which is no call and so in no record: a write that names a role
 * which is not what it acts on hands it on.
 */
function passedRole(use: ObservedUse): readonly Passed[] {
  const own = actionClass(use.action)
  if (own === undefined || own.service === 'iam' || own.service === 'sts') return []
  if (own.level === 'list' || own.level === 'read') return []
  const roles = use.resources.filter((one) => /^arn:[^:]+:iam::\d{12}:role\//.test(one))
  return roles.length > 0 || PASSES.test(use.action) ? [{ resources: roles, use }] : []
}

/** Common calls that cannot do without a role. */
const PASSES =
  /^(?:lambda:CreateFunction|ecs:(?:RunTask|StartTask)|states:(?:Create|Update)StateMachine|scheduler:(?:Create|Update)Schedule|pipes:(?:Create|Update)Pipe|glue:CreateJob|codebuild:CreateProject|sagemaker:Create(?:TrainingJob|Model|ProcessingJob|NotebookInstance)|bedrock-agentcore:(?:Create|Update)AgentRuntime|bedrock:(?:Create|Update)Agent|emr-serverless:StartJobRun)$/

function passes(passed: readonly Passed[]): readonly Permission[] {
  const [first] = passed
  if (first === undefined) return []
  const account = /^arn:([^:]+):[^:]+:[^:]*:(\d{12}):/.exec(first.use.principal)
  const anyRole = account === null ? 'arn:aws:iam::*:role/*' : `arn:${account[1]}:iam::${account[2]}:role/*`
  const roles = passed.flatMap(({ resources }) => (resources.length === 0 ? [anyRole] : resources))
  const actions = [...new Set(passed.map(({ use }) => use.action))].toSorted().join(', ')
  return [
    {
      action: 'iam:PassRole',
      resources: roles.includes(anyRole) ? [anyRole] : [...new Set(roles)].toSorted(),
      because: 'closure',
      reason: `${actions} ${passed.length === 1 ? 'hands' : 'hand'} a role to a service, which no record shows by itself`,
      grounds: mergedGrounds(passed.map(({ use }) => groundOfUses([use], use.resources[0] ?? ''))),
    },
  ]
}

type Making = Pick<PermissionOptions, 'granularity' | 'admits'> & {
  readonly notes: string[]
  readonly leftOut: string[]
  readonly condition: IamConditions | undefined
}

/** Of one action; undefined where nothing of it was seen often enough. */
function permissionOf(
  uses: readonly ObservedUse[],
  { granularity, admits, notes, leftOut, condition }: Making,
): Permission | undefined {
  const [first] = uses
  if (first === undefined) return undefined
  const { action, principal } = first
  const own = actionClass(action)
  const all = cellsOf(uses, { granularity, principal })
  // A bucket is seen on the days of all of its objects: what is thin is decided for what a line would say.
  const enough = all.cells.filter(({ uses: some }) => admits(some))
  const kept = enough.flatMap((cell) => cell.uses)
  const thin = all.cells.filter((cell) => !enough.includes(cell))
  leftOut.push(...thin.map(({ pattern }) => `${principal} ${action}${pattern === '*' ? '' : ` on ${pattern}`}`))
  if (kept.length === 0) return undefined
  const { cells, patterns, basis } =
    thin.length === 0 ? all : cellsOf([...new Set(kept)], { granularity, principal }, enough)
  if (basis === 'untold') notes.push(`${action}: the log does not say on what, so that all of its type is let`)
  if (basis === 'many')
    notes.push(`${action}: on more resources than a policy can list, so that all of its type is let`)
  if (own === undefined) notes.push(`${action}: AWS's reference does not list it; let as it was seen`)
  const grants = kept.flatMap((use) => use.grants)
  const declaredBy = grants[0]?.declaredBy
  const calls = new Set(kept).values().reduce((sum, { count }) => sum + count, 0)
  const what = `${calls} ${calls === 1 ? 'call' : 'calls'}`
  const grounds = new Map(
    cells.map(({ pattern, uses: some }) => [pattern, [groundOfUses(some, pattern === '*' ? '' : pattern)]]),
  )
  return {
    action,
    resources: patterns,
    groundsOf: grounds,
    ...(condition === undefined ? {} : { condition }),
    because: declaredBy === undefined ? 'observed' : 'grant',
    reason: declaredBy === undefined ? `${what}; no known grant declares it` : `${what}, let by ${sourcesOf(grants)}`,
    grounds: mergedGrounds([...grounds.values()].flat()),
    ...(declaredBy === undefined ? {} : { declaredBy }),
  }
}

type Cell = { readonly pattern: string; readonly uses: readonly ObservedUse[] }

/** The patterns of an action and the uses that each stands for. With `only`, of the resources that those cells hold. */
function cellsOf(
  uses: readonly ObservedUse[],
  options: { readonly granularity: AwsGranularity; readonly principal: string },
  only?: readonly Cell[],
): { readonly cells: readonly Cell[]; readonly patterns: readonly string[]; readonly basis: Narrowed['basis'] } {
  const [first] = uses
  const action = first?.action ?? ''
  const own = actionClass(action)
  const asked = new Map<string, string>()
  for (const one of uses.flatMap((use) => use.resources)) asked.set(one, secretArn(requestedResource(own, one) ?? one))
  const isIn = (pattern: string, one: string): boolean => covers('aws', 'resource', pattern, asked.get(one) ?? one)
  const seen = [...asked.keys()].filter((one) => only === undefined || only.some(({ pattern }) => isIn(pattern, one)))
  const { resources: patterns, basis } = narrowed(action, seen, options)
  if (basis !== 'told') return { cells: patterns.map((pattern) => ({ pattern, uses })), patterns, basis }
  const cells = patterns.map((pattern): Cell => {
    const under = pattern === '*' ? uses : uses.filter((use) => use.resources.some((one) => isIn(pattern, one)))
    // A type that the record did not name was asked for all the same, whenever the action was.
    return { pattern, uses: under.length === 0 ? uses : under }
  })
  return { cells, patterns, basis }
}

function sourcesOf(grants: readonly GrantFact[]): string {
  const names = [...new Set(grants.map(({ source, statement }) => `${statement} of ${source}`))].toSorted()
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

/** A use that some grant lets without a condition needs none; else the conditions of the first that lets it stay. */
function conditionFor({
  grants,
}: ObservedUse): { readonly condition?: IamConditions; readonly lost?: string } | undefined {
  const [first] = grants
  if (first === undefined || grants.some(({ conditions }) => conditions.length === 0)) return undefined
  return conditionOfTexts(first.conditions)
}

function closures(from: Permission, known: ReadonlySet<string>): readonly Permission[] {
  return closureOf(from.action)
    .filter(({ action }) => !known.has(action.toLowerCase()))
    .map(({ action, rule }) => {
      const own = actionClass(action)
      // Patterns of the other action's types stay; one that takes no resource is let on all.
      const fitting =
        own?.types.length === 0 ? ['*'] : from.resources.filter((one) => requestedResource(own, one) !== undefined)
      return {
        action,
        resources: fitting.length === 0 ? from.resources : fitting,
        ...(from.condition === undefined ? {} : { condition: from.condition }),
        because: 'closure' as const,
        reason: rule,
        grounds: from.grounds,
        ...(from.groundsOf === undefined ? {} : { groundsOf: from.groundsOf }),
      }
    })
}

/** Two observed actions may ask for the same sibling: it rests on both. */
function mergedClosures(added: readonly Permission[]): readonly Permission[] {
  const groups = Map.groupBy(added, ({ action, condition }) => `${action} ${JSON.stringify(condition ?? {})}`)
  return [...groups.values()].flatMap((some) => {
    const [first] = some
    if (first === undefined) return []
    const resources = [...new Set(some.flatMap((one) => one.resources))].toSorted()
    return [{ ...first, resources, grounds: mergedGrounds(some.flatMap((one) => one.grounds)) }]
  })
}
