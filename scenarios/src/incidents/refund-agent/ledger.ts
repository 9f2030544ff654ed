import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type AuditedService, startAuditedService } from '../cloud/audited-service.ts'
import { cloudTrailRecord, temporaryKeyOf } from '../cloud/cloudtrail.ts'

const payoutSchema = z.object({ payee: z.string(), order: z.string(), amount: z.number() })
const ROLE = 'refund-writer'

/** A session of the role that writes payouts. */
export function sessionOf({ account, run }: { readonly account: string; readonly run: string }, end: string): string {
  return `arn:aws:sts::${account}:assumed-role/${ROLE}/refunds-${run}-${end}`
}

/** The bank's ledger: `POST /payouts` writes one payout, and the audit log says who wrote it and for which payee. */
export async function startLedger(cast: { readonly account: string }): Promise<AuditedService> {
  return await startAuditedService(({ principal, body }) => {
    const { payee } = payoutSchema.parse(JSON.parse(body.toString('utf8')))
    const audit = payoutRecord({ at: Date.now(), session: principal, payee, id: randomUUID() }, cast)
    return { status: 200, body: '{"state":"paid"}', audit }
  })
}

/** A line of CloudTrail: the session was tried once more after its end, and the authority refused it. */
export function expiredRecord(
  { at, session }: { readonly at: number; readonly session: string },
  { account }: { readonly account: string },
): string {
  return cloudTrailRecord({
    at,
    session,
    account,
    id: randomUUID(),
    credential: temporaryKeyOf(session),
    source: 'dynamodb.amazonaws.com',
    name: 'PutItem',
    isReadOnly: false,
    request: { tableName: 'payouts' },
    error: 'ExpiredTokenException',
  })
}

/** A line of CloudTrail: a session of a role wrote one payout. */
export function payoutRecord(
  { payee, ...call }: { readonly at: number; readonly session: string; readonly payee: string; readonly id: string },
  { account }: { readonly account: string },
): string {
  return cloudTrailRecord({
    ...call,
    account,
    credential: temporaryKeyOf(call.session),
    source: 'dynamodb.amazonaws.com',
    name: 'PutItem',
    isReadOnly: false,
    request: { tableName: 'payouts', key: { payee }, items: ['payee'] },
    resources: [
      {
        accountId: account,
        type: 'AWS::DynamoDB::Table',
        ARN: `arn:aws:dynamodb:eu-central-1:${account}:table/payouts`,
      },
    ],
  })
}
