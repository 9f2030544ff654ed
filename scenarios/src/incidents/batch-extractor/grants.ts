import type { Stage } from '../stage.ts'
import { BATCH_EXTRACTOR } from './history.ts'

/**
 * What the agent may: a role of its own that writes into `intake`, and the role of its node, which may write anywhere. It
 * declares that it needs the first.
 */
export function grantDocuments(stage: Stage): readonly string[] {
  return documentsOf(stage, { isNodeGiven: true, actions: ['s3:PutObject', 's3:GetObject'] })
}

/** What it may after the incident: what it rightly used, by its own role. */
export function leastGrantDocuments(stage: Stage): readonly string[] {
  return documentsOf(stage, { isNodeGiven: false, actions: ['s3:PutObject'] })
}

function documentsOf(
  stage: Stage,
  { isNodeGiven, actions }: { readonly isNodeGiven: boolean; readonly actions: readonly string[] },
): readonly string[] {
  const { account } = stage.cast
  const [own, node] = [`arn:aws:iam::${account}:role/batch-extractor`, `arn:aws:iam::${account}:role/node-blue`]
  const policy = (resource: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }],
  })
  const role = (name: string, resource: string) => ({
    RoleName: name,
    Arn: `arn:aws:iam::${account}:role/${name}`,
    Path: '/',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    RolePolicyList: [{ PolicyName: 'objects', PolicyDocument: policy(resource) }],
    AttachedManagedPolicies: [],
  })
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(BATCH_EXTRACTOR),
        owner: 'docs',
        identities: [
          { plane: 'aws', principal: own },
          ...(isNodeGiven ? [{ plane: 'aws', principal: node, from: 'node group blue' }] : []),
        ],
        needs: [{ plane: 'aws', actions: ['s3:PutObject'], resources: ['arn:aws:s3:::intake/*'] }],
      },
    }),
    JSON.stringify({
      RoleDetailList: [
        role('batch-extractor', 'arn:aws:s3:::intake/*'),
        ...(isNodeGiven ? [role('node-blue', 'arn:aws:s3:::*/*')] : []),
      ],
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
    }),
  ]
}
