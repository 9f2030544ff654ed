import { accountDocument } from '../cloud/role-document.ts'
import type { Stage } from '../stage.ts'
import { TICKET_AGENT } from './history.ts'

/** What the agent may and says that it needs: to write objects of the export bucket, and nothing else. */
export function grantDocuments(stage: Stage): readonly string[] {
  const role = `arn:aws:iam::${stage.cast.account}:role/ticket-agent`
  const [action, resource] = ['s3:PutObject', 'arn:aws:s3:::acme-exports/*']
  return [
    JSON.stringify({
      holdfastAuthority: {
        agent: stage.agentId(TICKET_AGENT),
        owner: 'support',
        identities: [{ plane: 'aws', principal: role }],
        needs: [{ plane: 'aws', actions: [action], resources: [resource] }],
      },
    }),
    accountDocument([{ name: 'ticket-agent', arn: role, action, resource }]),
  ]
}
