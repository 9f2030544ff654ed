import type { Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { principalName } from '@holdfast/observe'
import { refusalOf } from '../eligible.ts'
import type { Generator } from '../generator.ts'
import { deriveGcpRole } from './derive.ts'
import type { GcpPrincipalPolicies, GcpRoleDocument } from './document.ts'
import { GCP_NEVER } from './never-legitimate.ts'

/** Custom roles, bindings and a deny policy of what the agent's principals were seen to do on Google Cloud. */
export const gcpRole: Generator = {
  kind: 'gcp-role',
  generate: (facts) => refusalOf(facts, 'gcp-role') ?? deriveGcpRole(facts),
  judge: judgeGcpRole,
}

/** A deny wins; else one binding whose role has the permission has to hold at every resource or above it. */
function judgeGcpRole({ document, lines }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const { principals } = document as GcpRoleDocument // made by deriveGcpRole
  const own = new Map(principals.map((one, i) => [one.principal, { policies: one, at: `/principals/${i}` }]))
  const words = new Map(lines.map(({ pointer, what }) => [pointer, what]))
  return ({ body }) => {
    if (body.kind !== 'api-call' || body.plane !== 'gcp') return { status: 'outside' }
    const known = own.get(principalName(body.principal.id))
    if (known === undefined) return { status: 'outside' }
    const { status, pointer } = verdictOf(known.policies, body.action, body.resources)
    const full = `${known.at}${pointer}`
    return { status, pointer: full, what: words.get(full) ?? body.action }
  }
}

type Verdict = { readonly status: 'allowed' | 'denied'; readonly pointer: string }

function verdictOf(
  { roles, bindings, deny }: GcpPrincipalPolicies,
  action: string,
  resources: readonly string[],
): Verdict {
  const refused = deny.policy.rules[0]?.denyRule.deniedPermissions.indexOf(GCP_NEVER.get(action)?.denied ?? '') ?? -1
  if (refused >= 0) return { status: 'denied', pointer: `/deny/policy/rules/0/denyRule/deniedPermissions/${refused}` }
  const held = roles.map(({ role }) => role.includedPermissions.indexOf(action))
  const lets = (resource: string): number =>
    bindings.findIndex(({ on, role }) => {
      const n = roles.findIndex(({ roleId }) => role.endsWith(`/${roleId}`))
      return (held[n] ?? -1) >= 0 && (resource === '' || isWithin(on, resource))
    })
  const found = (resources.length === 0 ? [''] : resources).map(lets)
  const [first = -1] = found
  if (found.some((one) => one < 0)) return { status: 'denied', pointer: '/roles' }
  const role = roles.findIndex(({ roleId }) => bindings[first]?.role.endsWith(`/${roleId}`) === true)
  return { status: 'allowed', pointer: `/roles/${role}/role/includedPermissions/${held[role] ?? 0}` }
}

/** Names of buckets are one for all of Google Cloud: a record may not say the project. */
function isWithin(place: string, resource: string): boolean {
  const bucket = (name: string): string => name.replace(/^projects\/[^/]+\/buckets\//, 'projects/_/buckets/')
  const [outer, inner] = [bucket(place), bucket(resource)]
  return inner === outer || inner.startsWith(`${outer}/`)
}
