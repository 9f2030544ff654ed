import type { EffectProbe } from '@holdfast/respond'

import type { AwsAccount } from './account.ts'
import type { Role } from './entity.ts'
import { SIMULATED } from './limits.ts'
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
  let seen = 0
  for (const [resource, actions] of byResource(uses)) {
    const answer = await account.ask((client, { SimulatePrincipalPolicyCommand }) =>
      client.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: role.arn,
          ActionNames: actions,
          ResourceArns: [resource],
          ContextEntries: [
            date('aws:TokenIssueTime', begun),
            date('aws:CurrentTime', now),
            { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: [region] },
          ],
        }),
      ),
    )
    for (const { EvalActionName = '', EvalDecision } of answer?.EvaluationResults ?? []) {
      seen += 1
      const isHeld = isExplicit ? EvalDecision === 'explicitDeny' : EvalDecision !== 'allowed'
      if (!isHeld) through.push(`${EvalActionName} on ${resource} is ${EvalDecision ?? 'not decided'}`)
    }
  }
  const of = session === 'new' ? 'new sessions' : 'open sessions'
  return {
    way: `${of} in ${region}`,
    // A simulator that decides nothing confirms nothing.
    held: seen > 0 && through.length === 0,
    detail:
      through.length > 0
        ? through.slice(0, 3).join('; ')
        : `IAM's simulator refuses ${seen} of ${uses.length} actions; no token of the role was tried`,
  }
}

/** As many requests as there are resources, at most: each says which action it means. */
function byResource(uses: readonly Use[]): readonly (readonly [resource: string, actions: string[]])[] {
  const actions = new Map<string, string[]>()
  for (const { action, resource } of uses.slice(0, SIMULATED)) {
    actions.set(resource, [...(actions.get(resource) ?? []), action])
  }
  return [...actions]
}

function date(key: string, at: Date) {
  return { ContextKeyName: key, ContextKeyType: 'date' as const, ContextKeyValues: [at.toISOString()] }
}
