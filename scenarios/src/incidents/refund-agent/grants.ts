import { accountDocument } from '../cloud/role-document.ts'
import type { Stage } from '../stage.ts'
import { REFUND_AGENT } from './history.ts'

/** What the agent may and says that it needs: to write payouts, and nothing else. */
export function grantDocuments(stage: Stage): readonly string[] {
  const { account } = stage.cast
  const role = `arn:aws:iam::${account}:role/refund-writer`
  const [action, resource] = ['dynamodb:PutItem', `arn:aws:dynamodb:eu-central-1:${account}:table/payouts`]
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(REFUND_AGENT),
        owner: 'payments',
        identities: [{ plane: 'aws', principal: role }],
        needs: [{ plane: 'aws', actions: [action], resources: [resource] }],
      },
    }),
    accountDocument([{ name: 'refund-writer', arn: role, action, resource }]),
  ]
}
