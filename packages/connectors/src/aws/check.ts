import { wordsOf } from '../connector-error.ts'
import type { ConnectorCheck } from '../connector.ts'
import type { AwsAccount } from './account.ts'

/** Whether the account answers, and whether it is the one that is meant. */
export async function checkAccount(account: AwsAccount, connector: string): Promise<ConnectorCheck> {
  const base = { id: `connector ${connector} ${account.id}`, title: `AWS account ${account.id}` }
  try {
    const { account: actual, arn } = await account.identity()
    if (actual !== account.id) {
      return {
        ...base,
        status: 'FAIL',
        detail: `the credentials are of account ${actual}`,
        remedy: 'give the account a role that these credentials may assume',
      }
    }
    await account.ask((client, { ListRolesCommand }) => client.send(new ListRolesCommand({ MaxItems: 1 })))
    return { ...base, status: 'PASS', detail: `answers to ${arn}` }
  } catch (error) {
    return {
      ...base,
      status: 'FAIL',
      detail: wordsOf(error),
      remedy: 'check credentials, the role to assume, and that it has deploy/aws/response-policy.json',
    }
  }
}
