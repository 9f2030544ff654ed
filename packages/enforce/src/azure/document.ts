/** A custom role (REST: `roleDefinitions`, `Microsoft.Authorization` 2022-04-01). */
export type AzureRole = {
  /** Name of the resource: a GUID, the same for the same principal and place in the list. */
  readonly name: string
  readonly properties: {
    readonly roleName: string
    readonly type: 'CustomRole'
    readonly description: string
    readonly permissions: readonly {
      readonly actions: readonly string[]
      readonly notActions: readonly string[]
      readonly dataActions: readonly string[]
      readonly notDataActions: readonly string[]
    }[]
    readonly assignableScopes: readonly string[]
  }
}

/** Where a role is held (REST: `roleAssignments`): the plan says of whom, and at which scope. */
export type AzureAssignment = {
  readonly scope: string
  readonly name: string
  readonly properties: {
    readonly roleDefinitionId: string
    readonly principalId: string
    readonly principalType: 'ServicePrincipal' | 'User'
  }
}

export type AzurePrincipalPolicies = {
  readonly principal: string
  readonly roles: readonly AzureRole[]
  readonly assignments: readonly AzureAssignment[]
  readonly removals: readonly {
    readonly source: string
    readonly statement: string
    readonly action: string
    readonly resources: readonly string[]
    readonly how: string
  }[]
}

export type AzureRoleDocument = { readonly principals: readonly AzurePrincipalPolicies[] }

export type AzureFault = { readonly pointer: string; readonly why: string }

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ACTION = /^[A-Za-z][A-Za-z0-9.]+\/[A-Za-z0-9./_-]+\/[A-Za-z]+$/

/** True for what a role can name: `Microsoft.Storage/storageAccounts/read`. */
export function isAzureAction(action: string): boolean {
  return ACTION.test(action)
}

/** Holds the document against the published shapes of the REST resources. */
export function faultsOfAzure({ principals }: AzureRoleDocument): readonly AzureFault[] {
  return principals.flatMap(({ roles, assignments }, i) => {
    const names = new Set(roles.map(({ name }) => name))
    return [
      ...roles.flatMap(({ name, properties }, n): readonly AzureFault[] => {
        const at = `/principals/${i}/roles/${n}`
        return [
          ...fault(GUID.test(name), `${at}/name`, 'is no GUID'),
          ...fault(properties.roleName.length <= 128, `${at}/properties/roleName`, 'takes 128 characters'),
          ...fault(properties.permissions.length === 1, `${at}/properties/permissions`, 'of a custom role is one'),
          ...fault(properties.assignableScopes.length > 0, `${at}/properties/assignableScopes`, 'is empty'),
          ...properties.assignableScopes.flatMap((scope, s) =>
            fault(
              /^\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?$|^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(
                scope,
              ),
              `${at}/properties/assignableScopes/${s}`,
              'is no subscription, resource group or management group',
            ),
          ),
          ...properties.permissions.flatMap(({ actions, dataActions }, p) =>
            [...actions, ...dataActions].flatMap((one) =>
              fault(ACTION.test(one), `${at}/properties/permissions/${p}`, `"${one}" is no action`),
            ),
          ),
        ]
      }),
      ...assignments.flatMap(({ scope, name, properties }, n): readonly AzureFault[] => {
        const at = `/principals/${i}/assignments/${n}`
        return [
          ...fault(GUID.test(name), `${at}/name`, 'is no GUID'),
          ...fault(scope.startsWith('/subscriptions/'), `${at}/scope`, 'is no scope'),
          ...fault(
            names.has(properties.roleDefinitionId.slice(properties.roleDefinitionId.lastIndexOf('/') + 1)),
            `${at}/properties/roleDefinitionId`,
            'names no role of the document',
          ),
        ]
      }),
    ]
  })
}

function fault(holds: boolean, pointer: string, why: string): readonly AzureFault[] {
  return holds ? [] : [{ pointer, why }]
}
