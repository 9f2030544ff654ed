import { randomUUID } from 'node:crypto'
import { type AuditedService, startAuditedService } from './audited-service.ts'
import { cloudTrailRecord } from './cloudtrail.ts'

/**
 * An object store: takes `PUT /<bucket>/<key>` and `GET /<bucket>/<key>`, and records each as CloudTrail data events with the
 * bytes that really came.
 */
export async function startBucket({ account }: { readonly account: string }): Promise<AuditedService> {
  const objects = new Map<string, number>()
  return await startAuditedService(({ method, path, principal, body }) => {
    const [bucket = '', ...rest] = path
    const key = rest.join('/')
    const isWrite = method === 'PUT'
    if (isWrite) objects.set(`${bucket}/${key}`, body.length)
    const known = objects.get(`${bucket}/${key}`)
    const audit = cloudTrailRecord({
      at: Date.now(),
      account,
      session: principal,
      source: 's3.amazonaws.com',
      name: isWrite ? 'PutObject' : 'GetObject',
      isReadOnly: !isWrite,
      request: { bucketName: bucket, key },
      resources: [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
        { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}`, accountId: account },
      ],
      more: {
        additionalEventData: { bytesTransferredIn: body.length, bytesTransferredOut: isWrite ? 0 : (known ?? 0) },
      },
      id: randomUUID(),
      ...(known === undefined ? { error: 'NoSuchKey' } : {}),
    })
    return { status: known === undefined ? 404 : 200, audit }
  })
}
