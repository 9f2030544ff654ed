/** A custom role (REST: `projects.roles.create`, resource `Role`). */
export type GcpRole = {
  readonly roleId: string
  readonly role: {
    readonly title: string
    readonly description: string
    readonly includedPermissions: readonly string[]
    readonly stage: 'GA'
  }
}

/** One binding of an allow policy (REST: `Binding`) and the resource whose policy it goes into. */
export type GcpBinding = {
  readonly on: string
  readonly role: string
  readonly members: readonly string[]
}

/** A deny policy (REST: `policies.denypolicies`, IAM v2). */
export type GcpDenyPolicy = {
  readonly attachTo: string
  readonly policy: {
    readonly displayName: string
    readonly rules: readonly {
      readonly description: string
      readonly denyRule: { readonly deniedPrincipals: readonly string[]; readonly deniedPermissions: readonly string[] }
    }[]
  }
}

export type GcpRemoval = {
  readonly source: string
  readonly statement: string
  readonly action: string
  readonly resources: readonly string[]
  readonly how: string
}

export type GcpPrincipalPolicies = {
  readonly principal: string
  readonly roles: readonly GcpRole[]
  readonly bindings: readonly GcpBinding[]
  readonly deny: GcpDenyPolicy
  readonly removals: readonly GcpRemoval[]
}

export type GcpRoleDocument = { readonly principals: readonly GcpPrincipalPolicies[] }

/** Permissions of a custom role, and characters of all of them with its title (Google: "Quotas and limits" of IAM). */
export const MOST_PERMISSIONS = 3_000
const ROLE_BYTES = 65_536

export type GcpFault = { readonly pointer: string; readonly why: string }

/** Holds the document against the published shapes of the REST resources. */
export function faultsOfGcp({ principals }: GcpRoleDocument): readonly GcpFault[] {
  return principals.flatMap(({ roles, bindings, deny }, i) => {
    const at = `/principals/${i}`
    const named = new Set(roles.map(({ roleId }) => roleId))
    return [
      ...roles.flatMap(({ roleId, role }, n): readonly GcpFault[] => [
        ...fault(
          /^[a-zA-Z0-9_.]{3,64}$/.test(roleId),
          `${at}/roles/${n}/roleId`,
          'takes 3 to 64 letters, digits, _ and .',
        ),
        ...fault(role.title.length <= 100, `${at}/roles/${n}/role/title`, 'takes 100 characters'),
        ...fault(
          role.includedPermissions.length <= MOST_PERMISSIONS,
          `${at}/roles/${n}/role/includedPermissions`,
          `takes ${MOST_PERMISSIONS}`,
        ),
        ...fault(
          `${role.title}${role.description}${role.includedPermissions.join('')}`.length <= ROLE_BYTES,
          `${at}/roles/${n}/role`,
          `takes ${ROLE_BYTES} characters`,
        ),
        ...role.includedPermissions.flatMap((one, p) =>
          fault(PERMISSION.test(one), `${at}/roles/${n}/role/includedPermissions/${p}`, `"${one}" is no permission`),
        ),
      ]),
      ...bindings.flatMap(({ role, members, on }, n): readonly GcpFault[] => [
        ...fault(
          named.has(role.slice(role.lastIndexOf('/') + 1)),
          `${at}/bindings/${n}/role`,
          'names no role of the document',
        ),
        ...fault(/^(?:projects|folders|organizations)\//.test(on), `${at}/bindings/${n}/on`, 'is no resource'),
        ...members.flatMap((one, m) =>
          fault(
            /^(?:serviceAccount|user|group):\S+@\S+$|^principal(?:Set)?:\/\//.test(one),
            `${at}/bindings/${n}/members/${m}`,
            `"${one}" is no member`,
          ),
        ),
      ]),
      ...deny.policy.rules.flatMap(({ denyRule }, n): readonly GcpFault[] => [
        ...denyRule.deniedPrincipals.flatMap((one, p) =>
          fault(
            /^principal(?:Set)?:\/\//.test(one),
            `${at}/deny/policy/rules/${n}/denyRule/deniedPrincipals/${p}`,
            'is no principal of IAM v2',
          ),
        ),
        ...denyRule.deniedPermissions.flatMap((one, p) =>
          fault(
            /^[a-z0-9.-]+\.googleapis\.com\/[a-zA-Z]+\.[a-zA-Z]+$/.test(one),
            `${at}/deny/policy/rules/${n}/denyRule/deniedPermissions/${p}`,
            'is no permission of IAM v2',
          ),
        ),
      ]),
    ]
  })
}

/** `storage.objects.get`; what an audit log calls otherwise is a method. */
export const PERMISSION = /^[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*$/

function fault(holds: boolean, pointer: string, why: string): readonly GcpFault[] {
  return holds ? [] : [{ pointer, why }]
}
