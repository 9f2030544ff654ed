import type { ArtifactLine } from '@holdfast/model'
import type { ObservedUse } from '../authority/observed-uses.ts'
import { deriveRoles, type RolePart } from '../authority/role-artifact.ts'
import { idleGrants, removalLines, removalsOf, rolePlans, type RoleOptions } from '../authority/role-plan.ts'
import { decisionsFor } from '../decisions.ts'
import type { Generation, GenerationRefusal, GeneratorFacts } from '../generator.ts'
import { MOST_PERMISSIONS, PERMISSION, type GcpPrincipalPolicies } from './document.ts'
import { GCP_NEVER } from './never-legitimate.ts'

/** Custom roles, where they are held, and a deny policy, for every Google principal that the agent was seen to act as. */
export function deriveGcpRole(facts: GeneratorFacts): Generation {
  const isClosed = decisionsFor('gcp-role', facts).closure.value !== 'none'
  return deriveRoles<Part, GcpPrincipalPolicies>(facts, {
    kind: 'gcp-role',
    plane: 'gcp',
    partOf: (principal, uses, admits) =>
      partOf(principal, uses, { admits, closureOf: isClosed ? closureOf : () => [] }),
    refusalOf,
    policiesOf: (part) => documentOf(facts, part),
    linesOf: (part, made) => linesOf(facts, part, made),
    isWrite: (action) => /\.(?:create|update|write|publish|invoke|predict)$/.test(action),
    words: {
      platform: 'Google Cloud',
      logs: 'Cloud Audit Logs of its principals, data access included',
      home: 'project',
      foreign: 'its record names a method and no permission: no role can hold it',
      always: ALWAYS,
    },
  })
}

function refusalOf(parts: readonly Part[]): GenerationRefusal | undefined {
  const over = parts.flatMap(({ plans }) => plans).find(({ permissions }) => permissions.length > MOST_PERMISSIONS)
  if (over === undefined) return undefined
  return {
    status: 'refused',
    code: 'too-large',
    reason: `${over.permissions.length} permissions, of which a role takes ${MOST_PERMISSIONS}`,
    missing: ['an agent split into several identities'],
  }
}

const ALWAYS: readonly string[] = [
  'It sees the permission and its resource, not what is in the request: allowed data can be wrong data.',
  'Reads of data are on record only where data access logs are on: of others nothing was seen, so no role lets them.',
  'Roles add up: what else is granted to the principal, its groups, its project or above stays until it is taken away; only the denied permissions are refused whatever is granted.',
  'A custom role takes most permissions and not all: Google refuses the few that it does not support there.',
]

type Part = RolePart & { readonly project: string }

function partOf(
  principal: string,
  uses: readonly ObservedUse[],
  options: Pick<RoleOptions, 'admits' | 'closureOf'>,
): Part | undefined {
  const project =
    /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(principal)?.[1] ??
    uses.flatMap(({ resources }) => resources.flatMap((one) => /^projects\/([^/]+)/.exec(one)?.[1] ?? []))[0]
  if (project === undefined) return undefined
  const named = uses.filter(({ action }) => PERMISSION.test(action))
  const { plans, leftOut, untold } = rolePlans(named, { placeOf, home: `projects/${project}`, ...options })
  const foreign = [...new Set(uses.map(({ action }) => action).filter((one) => !PERMISSION.test(one)))].toSorted()
  return { principal, project, plans, leftOut, untold, foreign }
}

/** Resources that have an allow policy of their own; of all else the project's holds the role. */
function placeOf(resource: string): string | undefined {
  const own =
    /^projects\/[^/]+\/(?:buckets|secrets|topics|subscriptions)\/[^/]+/.exec(resource) ??
    /^projects\/[^/]+\/locations\/[^/]+\/(?:keyRings\/[^/]+\/cryptoKeys|functions|services|repositories)\/[^/]+/.exec(
      resource,
    ) ??
    /^projects\/[^/]+\/serviceAccounts\/[^/]+/.exec(resource)
  return own?.[0] ?? /^(?:projects|folders|organizations)\/[^/]+/.exec(resource)?.[0]
}

/** To list a kind and to look at one of it are one question, but where looking hands out data or a secret. */
function closureOf(action: string): readonly { readonly action: string; readonly rule: string }[] {
  const match = /^(.+)\.(get|list)$/.exec(action)
  const [, type = '', verb] = match ?? []
  if (match === null || /^(?:storage\.objects|bigquery\.tables|secretmanager\.)/.test(type)) return []
  return [{ action: `${type}.${verb === 'get' ? 'list' : 'get'}`, rule: `looks at the same kind as ${action}` }]
}

function documentOf(facts: GeneratorFacts, { principal, project, plans }: Part): GcpPrincipalPolicies {
  const slug =
    principal
      .split('@')[0]
      ?.replaceAll(/[^a-zA-Z0-9_.]/g, '_')
      .slice(0, 40) ?? 'agent'
  const held = new Set(plans.flatMap(({ permissions }) => permissions.map(({ action }) => action)))
  const denied = [...GCP_NEVER].filter(([permission]) => !held.has(permission))
  return {
    principal,
    roles: plans.map(({ permissions }, n) => ({
      roleId: `holdfast_${slug}_${n + 1}`,
      role: {
        title: `holdfast ${slug} ${n + 1}`,
        description: `What ${principal} was seen to need`,
        includedPermissions: permissions.map(({ action }) => action),
        stage: 'GA',
      },
    })),
    bindings: plans.flatMap(({ places }, n) =>
      places.map(({ place }) => ({
        on: place,
        role: `projects/${project}/roles/holdfast_${slug}_${n + 1}`,
        members: [memberOf(principal)],
      })),
    ),
    deny: {
      attachTo: `cloudresourcemanager.googleapis.com/projects/${project}`,
      policy: {
        displayName: `holdfast never ${slug}`.slice(0, 63),
        rules: [
          {
            description: 'What no agent needs',
            denyRule: {
              deniedPrincipals: [deniedOf(principal)],
              deniedPermissions: denied.map(([, one]) => one.denied),
            },
          },
        ],
      },
    },
    removals: removalsOf(
      idleGrants(facts.grants, 'gcp', principal),
      'a deny, or a binding at a lower place: others inherit it too',
    ),
  }
}

function memberOf(principal: string): string {
  if (principal.startsWith('principal')) return principal
  return principal.endsWith('gserviceaccount.com') ? `serviceAccount:${principal}` : `user:${principal}`
}

function deniedOf(principal: string): string {
  if (principal.startsWith('principal')) return principal
  return principal.endsWith('gserviceaccount.com')
    ? `principal://iam.googleapis.com/projects/-/serviceAccounts/${principal}`
    : `principal://goog/subject/${principal}`
}

function linesOf(
  facts: GeneratorFacts,
  { principal, plans }: Part,
  { at, policies }: { readonly at: string; readonly policies: GcpPrincipalPolicies },
): readonly ArtifactLine[] {
  const rules = policies.deny.policy.rules[0]?.denyRule.deniedPermissions ?? []
  const reasons = new Map([...GCP_NEVER.values()].map(({ denied, reason }) => [denied, reason]))
  let binding = 0
  return [
    ...plans.flatMap(({ permissions, places }, n): readonly ArtifactLine[] => [
      ...permissions.map(({ action, ...line }, p): ArtifactLine => ({
        pointer: `${at}/roles/${n}/role/includedPermissions/${p}`,
        effect: 'allow',
        what: action,
        ...line,
      })),
      ...places.map(({ place, grounds }): ArtifactLine => ({
        pointer: `${at}/bindings/${binding++}`,
        effect: 'allow',
        what: `the role on ${place}`,
        because: 'observed',
        reason: 'where the permissions of the role were used',
        grounds,
      })),
    ]),
    ...rules.map((one, p): ArtifactLine => ({
      pointer: `${at}/deny/policy/rules/0/denyRule/deniedPermissions/${p}`,
      effect: 'deny',
      what: one,
      because: 'never-legitimate',
      reason: reasons.get(one) ?? '',
      grounds: [],
    })),
    ...removalLines(at, idleGrants(facts.grants, 'gcp', principal)),
    {
      pointer: `${at}/roles`,
      effect: 'deny',
      what: `everything else that ${principal} asks for`,
      because: 'default',
      reason: 'Google Cloud refuses what no role lets',
      grounds: [],
    },
  ]
}
