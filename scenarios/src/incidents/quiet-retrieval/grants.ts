import type { Stage } from '../stage.ts'
import { INSIGHT_AGENT } from './history.ts'

/**
 * What the agent may: a role of its own that only assumes the project's, which reads every table. It declares that it needs
 * the two that it always read.
 */
export function grantDocuments(stage: Stage): readonly string[] {
  const { account } = stage.cast
  const [own, project] = [
    `arn:aws:iam::${account}:role/insight-agent`,
    `arn:aws:iam::${account}:role/analytics-project`,
  ]
  const table = (name: string): string => `arn:aws:dynamodb:eu-central-1:${account}:table/${name}`
  const policy = (Action: string, Resource: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource }],
  })
  const trusts = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: own }, Action: 'sts:AssumeRole' }],
  }
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(INSIGHT_AGENT),
        owner: 'analytics',
        identities: [{ plane: 'aws', principal: own }],
        needs: [
          { plane: 'aws', actions: ['sts:AssumeRole'], resources: [project] },
          { plane: 'aws', actions: ['dynamodb:Query'], resources: [table('prices'), table('orders_by_week')] },
        ],
      },
    }),
    JSON.stringify({
      RoleDetailList: [
        {
          RoleName: 'insight-agent',
          Arn: own,
          Path: '/',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
          RolePolicyList: [{ PolicyName: 'assume', PolicyDocument: policy('sts:AssumeRole', project) }],
          AttachedManagedPolicies: [],
        },
        {
          RoleName: 'analytics-project',
          Arn: project,
          Path: '/',
          AssumeRolePolicyDocument: trusts,
          RolePolicyList: [{ PolicyName: 'tables', PolicyDocument: policy('dynamodb:Query', table('*')) }],
          AttachedManagedPolicies: [],
        },
      ],
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
    }),
  ]
}
