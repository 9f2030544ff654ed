import { randomUUID } from 'node:crypto'
import { type AuditedService, startAuditedService } from './audited-service.ts'
import { cloudTrailRecord } from './cloudtrail.ts'

/** A table service: answers `GET /<table>?rows=N` with as many rows, and records each query as CloudTrail data events. */
export async function startTableService({ account }: { readonly account: string }): Promise<AuditedService> {
  return await startAuditedService(({ path: [table = ''], query, principal }) => ({
    status: 200,
    body: Array.from({ length: Number(query.get('rows') ?? 0) }, (_, i) => `${table},${i + 1}`).join('\n'),
    audit: tableQuery({ at: Date.now(), account, session: principal, table, id: randomUUID() }),
  }))
}

/** A line of CloudTrail: a session of a role queried a table. */
export function tableQuery({
  table,
  ...call
}: {
  readonly at: number
  readonly account: string
  readonly session: string
  readonly table: string
  readonly id: string
}): string {
  return cloudTrailRecord({
    ...call,
    source: 'dynamodb.amazonaws.com',
    name: 'Query',
    isReadOnly: true,
    request: { tableName: table },
    resources: [
      {
        accountId: call.account,
        type: 'AWS::DynamoDB::Table',
        ARN: `arn:aws:dynamodb:eu-central-1:${call.account}:table/${table}`,
      },
    ],
  })
}
