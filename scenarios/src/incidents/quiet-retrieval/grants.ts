import { accountDocument } from '../cloud/role-document.ts'
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
    accountDocument([
      { name: 'insight-agent', arn: own, action: 'sts:AssumeRole', resource: project },
      { name: 'analytics-project', arn: project, action: 'dynamodb:Query', resource: table('*'), assumedBy: own },
    ]),
  ]
}
