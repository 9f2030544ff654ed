import type { LineGround } from '@holdfast/model'
import { mergedGrounds, type ObservedUse } from '../authority/observed-uses.ts'
import type { GrantFact } from '../generator.ts'
import { closureOf } from './closure.ts'
import { conditionOfTexts } from './grant-conditions.ts'
import type { IamConditions } from './policy-document.ts'
import { narrowed, requestedResource, type AwsGranularity } from './resource-patterns.ts'
import { actionClass } from './reference.ts'

/** One action on one list of resources that a principal is to keep, and what it rests on. */
export type Permission = {
  readonly action: string
  readonly resources: readonly string[]
  readonly condition?: IamConditions
  readonly because: 'observed' | 'closure' | 'grant'
  readonly reason: string
  readonly grounds: readonly LineGround[]
  readonly declaredBy?: number
}

export type Permissions = {
  readonly kept: readonly Permission[]
  /** What the patterns had to leave wider than what was seen, or could not carry over: for the blind spots. */
  readonly notes: readonly string[]
}

/** What one principal was seen to need, each action once for each condition of the grants that let it. */
export function permissionsOf(
  uses: readonly ObservedUse[],
  { granularity, closure }: { readonly granularity: AwsGranularity; readonly closure: 'action-class' | 'none' },
): Permissions {
  const notes: string[] = []
  const seen = [...Map.groupBy(uses, (use) => `${use.action} ${JSON.stringify(conditionFor(use)?.condition ?? {})}`)]
  const observed = seen.flatMap(([, some]): readonly Permission[] => {
    const [first] = some
    if (first === undefined) return []
    const condition = conditionFor(first)
    if (condition?.lost !== undefined)
      notes.push(`${first.action}: the condition "${condition.lost}" of its grant could not be carried over`)
    return [permissionOf(first, some, { granularity, notes, condition: condition?.condition })]
  })
  const passed = uses.flatMap(passedRole)
  if (passed.some(({ resources }) => resources.length === 0))
    notes.push(
      'iam:PassRole: a call hands a role on and its record does not name it, so that roles of the account are let',
    )
  const known = new Set(observed.map(({ action }) => action.toLowerCase()))
  const added = closure === 'none' ? [] : observed.flatMap((one) => closures(one, known))
  return { kept: [...observed, ...passes(passed), ...mergedClosures(added)], notes: [...new Set(notes)].toSorted() }
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
      grounds: mergedGrounds(passed.map(({ use }) => use.ground)),
    },
  ]
}

type Making = {
  readonly granularity: AwsGranularity
  readonly notes: string[]
  readonly condition: IamConditions | undefined
}

function permissionOf(
  { action, principal }: ObservedUse,
  uses: readonly ObservedUse[],
  { granularity, notes, condition }: Making,
): Permission {
  const resources = uses.flatMap((use) => use.resources)
  const { resources: patterns, basis } = narrowed(action, resources, { granularity, principal })
  if (basis === 'untold') notes.push(`${action}: the log does not say on what, so that all of its type is let`)
  if (basis === 'many')
    notes.push(`${action}: on more resources than a policy can list, so that all of its type is let`)
  if (actionClass(action) === undefined) notes.push(`${action}: AWS's reference does not list it; let as it was seen`)
  const grants = uses.flatMap((use) => use.grants)
  const declaredBy = grants[0]?.declaredBy
  const calls = uses.reduce((sum, { ground }) => sum + ground.count, 0)
  const what = `${calls} ${calls === 1 ? 'call' : 'calls'}`
  return {
    action,
    resources: patterns,
    ...(condition === undefined ? {} : { condition }),
    because: declaredBy === undefined ? 'observed' : 'grant',
    reason: declaredBy === undefined ? `${what}; no known grant declares it` : `${what}, let by ${sourcesOf(grants)}`,
    grounds: mergedGrounds(uses.map(({ ground }) => ground)),
    ...(declaredBy === undefined ? {} : { declaredBy }),
  }
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
