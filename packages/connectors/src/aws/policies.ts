import type { Policy } from './policy-grammar.ts'
import { policyCharacters } from './policy-grammar.ts'

/** One thing that was done: what, and to what. */
export type Use = { readonly action: string; readonly resource: string }

/**
 * Refuses everything to a role: to sessions that are older than the hold, as AWS documents revocation, and until its end to new
 * ones as well, because whoever may assume the role would be back at once. The second part ends by itself, in AWS.
 */
export function freezingPolicy(since: string, expires: string): Policy {
  return {
    Version: '2012-10-17',
    Statement: [
      { ...DENY_ALL, Sid: 'HoldfastRevokeOlderSessions', Condition: { DateLessThan: { 'aws:TokenIssueTime': since } } },
      { ...DENY_ALL, Sid: 'HoldfastFreeze', Condition: { DateLessThan: { 'aws:CurrentTime': expires } } },
    ],
  }
}

/** Refuses what was misused, until the hold ends: exactly that where it fits, else the same actions on everything. */
export function suspendingPolicy(uses: readonly Use[], expires: string, characters: number): Policy | undefined {
  const Condition = { DateLessThan: { 'aws:CurrentTime': expires } }
  const exact = statementsOf(uses).map((each, at) => ({
    ...each,
    Sid: `HoldfastSuspend${at + 1}`,
    Effect: 'Deny' as const,
    Condition,
  }))
  const actions = [...new Set(uses.map(({ action }) => action))].toSorted()
  const wider = { Sid: 'HoldfastSuspend', Effect: 'Deny' as const, Action: actions, Resource: '*', Condition }
  const policies: readonly Policy[] = [
    { Version: '2012-10-17', Statement: exact },
    { Version: '2012-10-17', Statement: [wider] },
  ]
  return policies.find((policy) => policyCharacters(JSON.stringify(policy)) <= characters)
}

/** As a step spells a use: actions have no blanks. */
export function textOfUse({ action, resource }: Use): string {
  return `${action} ${resource}`
}

/** A use that a policy can name. Of what is no ARN only the action counts: the resource is then all of them. */
export function parseUse(text: string): Use | undefined {
  const at = text.indexOf(' ')
  const [action, resource] = at < 0 ? [text, '*'] : [text.slice(0, at), text.slice(at + 1)]
  if (!/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)) return undefined
  return { action, resource: isArn(resource) ? resource : '*' }
}

const DENY_ALL = { Effect: 'Deny', Action: '*', Resource: '*' } as const

/** Resources with the same actions share a statement, so that nothing is refused that was not done. */
function statementsOf(uses: readonly Use[]) {
  const actionsOf = new Map<string, Set<string>>()
  for (const { action, resource } of uses) actionsOf.set(resource, (actionsOf.get(resource) ?? new Set()).add(action))
  const groups = new Map<string, string[]>()
  for (const [resource, actions] of [...actionsOf].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const key = JSON.stringify([...actions].toSorted())
    groups.set(key, [...(groups.get(key) ?? []), resource])
  }
  return [...groups].map(([key, resources]) => ({
    Action: JSON.parse(key) as string[], // made above
    Resource: resources,
  }))
}

/** Wildcards in a recorded name would be read as such, and refuse more than was done. */
function isArn(text: string): boolean {
  return /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^*?\s]{1,1200}$/.test(text)
}
