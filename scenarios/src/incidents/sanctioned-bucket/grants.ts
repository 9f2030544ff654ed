import type { Stage } from '../stage.ts'
import { TICKET_AGENT } from './history.ts'

/** What the agent may and says that it needs: to write objects of the export bucket, and nothing else. */
export function grantDocuments(stage: Stage): readonly string[] {
  const role = `arn:aws:iam::${stage.cast.account}:role/ticket-agent`
  const [action, resource] = ['s3:PutObject', 'arn:aws:s3:::acme-exports/*']
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] }
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(TICKET_AGENT),
        owner: 'support',
        identities: [{ plane: 'aws', principal: role }],
        needs: [{ plane: 'aws', actions: [action], resources: [resource] }],
      },
    }),
    JSON.stringify({
      RoleDetailList: [
        {
          RoleName: 'ticket-agent',
          Arn: role,
          Path: '/',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
          RolePolicyList: [{ PolicyName: 'exports', PolicyDocument: document }],
          AttachedManagedPolicies: [],
        },
      ],
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
    }),
  ]
}
