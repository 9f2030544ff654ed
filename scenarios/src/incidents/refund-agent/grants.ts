import { randomUUID } from 'node:crypto'
import { accountDocument, type Role } from '../cloud/role-document.ts'
import type { Stage } from '../stage.ts'
import { cloudTrailRecord } from '../cloud/cloudtrail.ts'
import { NOTIFY_AGENT, REFUND_AGENT } from './history.ts'

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

/** What the notify agent may, and that it uses it: both agents come back with what they need and nothing idle. */
export function notifyDocuments(stage: Stage): readonly string[] {
  const { account, run } = stage.cast
  const role = `arn:aws:iam::${account}:role/notify-agent`
  const [action, resource] = ['ses:SendEmail', `arn:aws:ses:eu-central-1:${account}:identity/acme.example.test`]
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(NOTIFY_AGENT),
        owner: 'payments',
        identities: [{ plane: 'aws', principal: role }],
        needs: [{ plane: 'aws', actions: [action], resources: [resource] }],
      },
    }),
    accountDocument([{ name: 'notify-agent', arn: role, action, resource }, refundGrant(account)]),
    cloudTrailRecord({
      at: stage.t0 - 3_600_000,
      account,
      session: `arn:aws:sts::${account}:assumed-role/notify-agent/notify-${run}`,
      source: 'ses.amazonaws.com',
      name: 'SendEmail',
      isReadOnly: false,
      request: { source: 'refunds@acme.example.test' },
      resources: [{ accountId: account, type: 'AWS::SES::Identity', ARN: resource }],
      id: randomUUID(),
    }),
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
