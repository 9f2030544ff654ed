import type { Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { refusalOf } from '../eligible.ts'
import type { Generator } from '../generator.ts'
import { deriveAzureRole } from './derive.ts'
import type { AzurePrincipalPolicies, AzureRole, AzureRoleDocument } from './document.ts'

/** Custom roles and their assignments, of what the agent's principals were seen to do on Azure. */
export const azureRole: Generator = {
  kind: 'azure-role',
  generate: (facts) => refusalOf(facts, 'azure-role') ?? deriveAzureRole(facts),
  judge: judgeAzureRole,
}

/** One assignment whose role has the operation has to hold at every resource or above it. */
function judgeAzureRole({ document, lines }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const { principals } = document as AzureRoleDocument // made by deriveAzureRole
  const own = new Map(principals.map((one, i) => [one.principal, { policies: one, at: `/principals/${i}` }]))
  const words = new Map(lines.map(({ pointer, what }) => [pointer, what]))
  return ({ body }) => {
    if (body.kind !== 'api-call' || body.plane !== 'azure') return { status: 'outside' }
    const known = own.get(body.principal.id)
    if (known === undefined) return { status: 'outside' }
    const place = letBy(known.policies, body.action, body.resources)
    const pointer = `${known.at}${place ?? '/roles'}`
    return { status: place === undefined ? 'denied' : 'allowed', pointer, what: words.get(pointer) ?? body.action }
  }
}

/** Pointer of the operation in the role that lets it at all of the resources. */
function letBy(
  { roles, assignments }: AzurePrincipalPolicies,
  action: string,
  resources: readonly string[],
): string | undefined {
  const holders = new Map(roles.map((role, n) => [role.name, { n, place: placeIn(role, action) }]))
  const roleOf = (id: string): { readonly n: number; readonly place: string | undefined } | undefined =>
    holders.get(id.slice(id.lastIndexOf('/') + 1))
  const found = (resources.length === 0 ? [''] : resources).map((resource) =>
    assignments.find(
      ({ scope, properties }) =>
        roleOf(properties.roleDefinitionId)?.place !== undefined && (resource === '' || isWithin(scope, resource)),
    ),
  )
  const [first] = found
  if (first === undefined || found.includes(undefined)) return undefined
  const role = roleOf(first.properties.roleDefinitionId)
  return role === undefined ? undefined : `/roles/${role.n}${role.place ?? ''}`
}

function placeIn({ properties }: AzureRole, action: string): string | undefined {
  const [only] = properties.permissions
  const wanted = action.toLowerCase()
  for (const list of ['actions', 'dataActions'] as const) {
    const p = only?.[list].findIndex((one) => one.toLowerCase() === wanted) ?? -1
    if (p >= 0) return `/properties/permissions/0/${list}/${p}`
  }
  return undefined
}

/** Ids of resources are compared without case. */
function isWithin(scope: string, resource: string): boolean {
  const [outer, inner] = [scope.toLowerCase(), resource.toLowerCase()]
  return inner === outer || inner.startsWith(`${outer}/`)
}
