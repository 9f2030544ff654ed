import type { PolicyArtifact } from '@holdfast/model'
import type { AwsIamDocument } from '../aws/document.ts'
import type { AzureRoleDocument } from '../azure/document.ts'
import type { GcpRoleDocument } from '../gcp/document.ts'

/**
 * The documents of a cloud one by one, each as its own command takes it: `aws iam create-policy --policy-document`, `gcloud iam
 * roles create --file` and `gcloud iam policies create --policy-file`, a PUT of Azure's REST API. None of another kind.
 */
export function cloudFiles({
  kind,
  document,
}: PolicyArtifact): readonly { readonly path: string; readonly text: string }[] {
  // Each kind's document is of its own generator's making.
  switch (kind) {
    case 'aws-iam':
      return (document as AwsIamDocument).principals.flatMap(({ policies, boundary }) =>
        [...policies, boundary].map((one) => file(kind, one.name, one.document)),
      )
    case 'gcp-role':
      return (document as GcpRoleDocument).principals.flatMap(({ roles, deny }) => [
        ...roles.map(({ roleId, role }) => file(kind, roleId, role)),
        file(kind, deny.policy.displayName.replaceAll(/[^a-zA-Z0-9]+/g, '-'), deny.policy),
      ])
    case 'azure-role':
      return (document as AzureRoleDocument).principals.flatMap(({ roles, assignments }) => [
        ...roles.map(({ name, properties }) => file(kind, `role-${name}`, { properties })),
        ...assignments.map(({ name, properties }) => file(kind, `assignment-${name}`, { properties })),
      ])
    case 'network-policy':
    case 'cilium-network-policy':
    case 'seccomp':
    case 'host-egress':
    case 'mcp-tools':
      return []
  }
}

function file(kind: string, name: string, value: unknown): { readonly path: string; readonly text: string } {
  return { path: `${kind}/${name}.json`, text: `${JSON.stringify(value, undefined, 2)}\n` }
}
