export type Role = {
  readonly name: string
  readonly arn: string
  readonly action: string
  readonly resource: string
  /** Who may assume it. */
  readonly assumedBy?: string
}

/** `aws iam get-account-authorization-details` of an account that has these roles, each with one inline policy. */
export function accountDocument(roles: readonly Role[]): string {
  return JSON.stringify({
    RoleDetailList: roles.map(({ name, arn, action, resource, assumedBy }) => ({
      RoleName: name,
      Arn: arn,
      Path: '/',
      AssumeRolePolicyDocument: policy(
        assumedBy === undefined ? [] : [{ Effect: 'Allow', Principal: { AWS: assumedBy }, Action: 'sts:AssumeRole' }],
      ),
      RolePolicyList: [
        {
          PolicyName: `${name}-own`,
          PolicyDocument: policy([{ Effect: 'Allow', Action: action, Resource: resource }]),
        },
      ],
      AttachedManagedPolicies: [],
    })),
    UserDetailList: [],
    GroupDetailList: [],
    Policies: [],
  })
}

function policy(Statement: readonly object[]) {
  return { Version: '2012-10-17', Statement }
}
