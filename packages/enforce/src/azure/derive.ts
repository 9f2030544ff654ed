import { hash } from 'node:crypto'
import type { ArtifactLine } from '@holdfast/model'
import type { ObservedUse, ObservedUses } from '../authority/observed-uses.ts'
import { deriveRoles, type RolePart } from '../authority/role-artifact.ts'
import { idleGrants, removalLines, removalsOf, rolePlans } from '../authority/role-plan.ts'
import type { Generation, GeneratorFacts } from '../generator.ts'
import { isAzureAction, type AzurePrincipalPolicies } from './document.ts'

/** Custom roles and where they are assigned, for every Azure principal that the agent was seen to act as. */
export function deriveAzureRole(facts: GeneratorFacts): Generation {
  return deriveRoles<RolePart, AzurePrincipalPolicies>(facts, {
    kind: 'azure-role',
    plane: 'azure',
    partOf,
    policiesOf: (part) => documentOf(facts, part),
    linesOf: (part, { at }) => linesOf(facts, part, at),
    isWrite: (action) => /\/write$/i.test(action),
    words: {
      platform: 'Azure',
      logs: 'the activity log of the subscriptions of its principals',
      home: 'subscription',
      foreign: 'it is no operation that a role can name',
      always: ALWAYS,
    },
  })
}

const ALWAYS: readonly string[] = [
  'The activity log holds changes and actions of the control plane: reads, and calls on data (blobs, secrets, model deployments), are on record only where a resource sends its own logs. Of others nothing was seen, so no role lets them.',
  'Assignments add up, and Azure lets nobody write a deny: what else is assigned to the principal, its groups or a scope above stays until it is taken away.',
  'It sees the operation and its scope, not what is in the request: allowed data can be wrong data.',
]

function partOf(principal: string, uses: readonly ObservedUse[], admits: ObservedUses['admits']): RolePart | undefined {
  const subscription = uses.flatMap(({ resources }) =>
    resources.flatMap((one) => /^\/subscriptions\/[^/]+/i.exec(one)?.[0] ?? []),
  )[0]
  if (subscription === undefined) return undefined
  const named = uses.filter(({ action }) => isAzureAction(action))
  const { plans, leftOut, untold } = rolePlans(named, {
    placeOf,
    home: subscription,
    admits,
    // An operation of Azure is a verb of a type already: reading one and listing all is the same `read`.
    closureOf: () => [],
  })
  const foreign = [...new Set(uses.map(({ action }) => action).filter((one) => !isAzureAction(one)))].toSorted()
  return { principal, plans, leftOut, untold, foreign }
}

/** The resource itself, without what stands below it, its group or its subscription. */
function placeOf(resource: string): string | undefined {
  const path = resource.replace(/\/+$/, '')
  return (
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.exec(path)?.[0] ??
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(path)?.[0] ??
    /^\/subscriptions\/[^/]+/i.exec(path)?.[0]
  )
}

/** Where a role may be assigned: custom roles know groups and subscriptions, no single resource. */
function assignable(place: string): string {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(place)?.[0] ?? place
}

/** Operations on data: roles hold them apart. */
function isDataAction(action: string): boolean {
  return DATA.test(action)
}

const DATA =
  /^Microsoft\.(?:Storage\/storageAccounts\/(?:blobServices\/containers\/blobs|queueServices\/queues\/messages|tableServices\/tables\/entities|fileServices\/fileshares\/files)\/|KeyVault\/vaults\/(?:secrets|keys|certificates)\/\w+\/action|CognitiveServices\/accounts\/(?:OpenAI|AIServices|ContentSafety)\/|ServiceBus\/namespaces\/messages\/|EventHub\/namespaces\/messages\/|DocumentDB\/databaseAccounts\/sqlDatabases\/containers\/items\/)/i

function documentOf(facts: GeneratorFacts, { principal, plans }: RolePart): AzurePrincipalPolicies {
  const names = plans.map((_, n) => guidOf(`${facts.agent.id}\n${principal}\n${n}`))
  return {
    principal,
    roles: plans.map(({ permissions, places }, n) => {
      const actions = permissions.map(({ action }) => action)
      return {
        name: names[n] ?? '',
        properties: {
          roleName: `holdfast ${principal.slice(0, 80)} ${n + 1}`,
          type: 'CustomRole',
          description: `What ${principal} was seen to need`,
          permissions: [
            {
              actions: actions.filter((one) => !isDataAction(one)),
              notActions: [],
              dataActions: actions.filter(isDataAction),
              notDataActions: [],
            },
          ],
          assignableScopes: [...new Set(places.map(({ place }) => assignable(place)))].toSorted(),
        },
      }
    }),
    assignments: plans.flatMap(({ places }, n) =>
      places.map(({ place }) => ({
        scope: place,
        name: guidOf(`${facts.agent.id}\n${principal}\n${n}\n${place}`),
        properties: {
          roleDefinitionId: `${/^\/subscriptions\/[^/]+/i.exec(place)?.[0] ?? ''}/providers/Microsoft.Authorization/roleDefinitions/${names[n] ?? ''}`,
          principalId: principal,
          principalType: principal.includes('@') ? 'User' : 'ServicePrincipal',
        },
      })),
    ),
    removals: removalsOf(
      idleGrants(facts.grants, 'azure', principal),
      'an assignment at a lower scope in its place: others inherit it too',
    ),
  }
}

/** The same name for the same thing, in the form of a GUID (RFC 9562, version 8: of our own making). */
function guidOf(name: string): string {
  const hex = hash('sha256', name)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function linesOf(facts: GeneratorFacts, { principal, plans }: RolePart, at: string): readonly ArtifactLine[] {
  let assignment = 0
  return [
    ...plans.flatMap(({ permissions, places }, n): readonly ArtifactLine[] => {
      const data = permissions.filter(({ action }) => isDataAction(action))
      const control = permissions.filter(({ action }) => !isDataAction(action))
      const lineOf = (list: string): ((one: (typeof permissions)[number], p: number) => ArtifactLine) =>
        function line({ action, ...rest }, p) {
          return {
            pointer: `${at}/roles/${n}/properties/permissions/0/${list}/${p}`,
            effect: 'allow',
            what: action,
            ...rest,
          }
        }
      return [
        ...control.map(lineOf('actions')),
        ...data.map(lineOf('dataActions')),
        ...places.map(({ place, grounds }): ArtifactLine => ({
          pointer: `${at}/assignments/${assignment++}`,
          effect: 'allow',
          what: `the role on ${place}`,
          because: 'observed',
          reason: 'where the operations of the role were used',
          grounds,
        })),
      ]
    }),
    ...removalLines(at, idleGrants(facts.grants, 'azure', principal)),
    {
      pointer: `${at}/roles`,
      effect: 'deny',
      what: `everything else that ${principal} asks for`,
      because: 'default',
      reason: 'Azure refuses what no assignment lets',
      grounds: [],
    },
  ]
}
