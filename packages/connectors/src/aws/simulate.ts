import type { EvaluationResult, SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam'
import type { EffectProbe } from '@holdfast/respond'

import type { AwsAccount } from './account.ts'
import type { Role } from './entity.ts'
import { MAX_PAGES, SIMULATED_AT_ONCE, SIMULATED_MOST } from './limits.ts'
import type { Use } from './policies.ts'

/** Of a frozen role nothing may be allowed; these stand for everything. */
const EVERYTHING: readonly Use[] = [
  's3:GetObject',
  's3:ListAllMyBuckets',
  'iam:ListRoles',
  'lambda:InvokeFunction',
  'bedrock:InvokeModel',
  'sts:AssumeRole',
].map((action) => ({ action, resource: '*' }))

export type Simulated = {
  readonly role: Role
  /** Absent: everything. */
  readonly uses?: readonly Use[]
  readonly regions: readonly string[]
  /** When the session would have begun. */
  readonly session: 'old' | 'new'
  /** Only a statement that refuses will do; else it is enough that nothing allows. */
  readonly isExplicit: boolean
  readonly now: Date
}

/**
 * Asks IAM's own simulator whether the role may still do it, in each region. It evaluates the policies that are in force; a token
 * of the role is not at hand, and none is tried.
 */
export async function simulated(account: AwsAccount, what: Simulated): Promise<readonly EffectProbe[]> {
  return Promise.all(what.regions.map((region) => inRegion(account, what, region)))
}

async function inRegion(account: AwsAccount, what: Simulated, region: string): Promise<EffectProbe> {
  const { role, uses = EVERYTHING, session, isExplicit, now } = what
  const begun = session === 'new' ? now : new Date(now.getTime() - 24 * 3_600_000)
  const through: string[] = []
  const decided = new Set<string>()
  const asked = {
    PolicySourceArn: role.arn,
    ContextEntries: [
      date('aws:TokenIssueTime', begun),
      date('aws:CurrentTime', now),
      { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string' as const, ContextKeyValues: [region] },
    ],
  }
  for (const [resource, actions] of batchesOf(uses.slice(0, SIMULATED_MOST))) {
    for (const { EvalActionName = '', EvalDecision } of await decisions(account, {
      ...asked,
      ActionNames: actions,
      ResourceArns: [resource],
    })) {
      // Names of actions have no case.
      decided.add(keyOf({ action: EvalActionName, resource }))
      const isHeld = isExplicit ? EvalDecision === 'explicitDeny' : EvalDecision !== 'allowed'
      if (!isHeld) through.push(`${EvalActionName} on ${resource} is ${EvalDecision ?? 'not decided'}`)
    }
  }
  const wanted = new Set(uses.map(keyOf))
  const seen = wanted.intersection(decided).size
  const of = session === 'new' ? 'new sessions' : 'open sessions'
  return {
    way: `${of} in ${region}`,
    // A simulator confirms what it has decided: a part of what was done is not all of it.
    held: wanted.size > 0 && seen === wanted.size && through.length === 0,
    detail:
      through.length > 0
        ? through.slice(0, 3).join('; ')
        : `IAM's simulator refuses ${seen} of ${wanted.size} actions; no token of the role was tried`,
  }
}

/** All pages of one answer. */
async function decisions(
  account: AwsAccount,
  question: SimulatePrincipalPolicyCommandInput,
): Promise<readonly EvaluationResult[]> {
  const found: EvaluationResult[] = []
  let from: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await account.ask((client, { SimulatePrincipalPolicyCommand }) =>
      client.send(new SimulatePrincipalPolicyCommand({ ...question, ...(from === undefined ? {} : { Marker: from }) })),
    )
    found.push(...(answer?.EvaluationResults ?? []))
    from = answer?.Marker
    if (answer?.IsTruncated !== true || from === undefined) break
  }
  return found
}

/** Each request names one resource, so that each answer says which it means. */
function batchesOf(uses: readonly Use[]): readonly (readonly [resource: string, actions: string[]])[] {
  const actionsOf = Map.groupBy(uses, ({ resource }) => resource)
  return [...actionsOf].flatMap(([resource, own]) => {
    const actions = [...new Set(own.map(({ action }) => action))]
    const batches = Math.ceil(actions.length / SIMULATED_AT_ONCE)
    return Array.from({ length: batches }, (_, at): [string, string[]] => [
      resource,
      actions.slice(at * SIMULATED_AT_ONCE, (at + 1) * SIMULATED_AT_ONCE),
    ])
  })
}

function keyOf({ action, resource }: Use): string {
  return `${action.toLowerCase()} ${resource}`
}

function date(key: string, at: Date) {
  return { ContextKeyName: key, ContextKeyType: 'date' as const, ContextKeyValues: [at.toISOString()] }
}
