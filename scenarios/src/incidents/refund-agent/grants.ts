import { accountDocument, type Role } from '../cloud/role-document.ts'
import type { Stage } from '../stage.ts'
import { REFUND_AGENT } from './history.ts'

/** What the agent may and says that it needs: to write payouts, and nothing else. */
export function grantDocuments(stage: Stage): readonly string[] {
  const granted = refundGrant(stage.cast.account)
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(REFUND_AGENT),
        owner: 'payments',
        identities: [{ plane: 'aws', principal: granted.arn }],
        needs: [{ plane: 'aws', actions: [granted.action], resources: [granted.resource] }],
      },
    }),
    accountDocument([granted]),
  ]
}

function refundGrant(account: string): Role {
  return {
    name: 'refund-writer',
    arn: `arn:aws:iam::${account}:role/refund-writer`,
    action: 'dynamodb:PutItem',
    resource: `arn:aws:dynamodb:eu-central-1:${account}:table/payouts`,
  }
}
