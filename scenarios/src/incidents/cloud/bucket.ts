import { randomUUID } from 'node:crypto'
import { type AuditedService, startAuditedService } from './audited-service.ts'
import { cloudTrailRecord, temporaryKeyOf } from './cloudtrail.ts'

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
    const bytes = objects.get(`${bucket}/${key}`)
    const call = { at: Date.now(), account, session: principal, id: randomUUID(), bucket, key, isWrite }
    const error = bytes === undefined ? 'NoSuchKey' : undefined
    return { status: bytes === undefined ? 404 : 200, audit: objectRecord({ ...call, bytes, error }) }
  })
}

/** A line of CloudTrail: a session of a role wrote or read one object, or was refused; `bytes` is undefined where none came. */
export function objectRecord({
  bucket,
  key,
  isWrite,
  bytes,
  error,
  ...call
}: {
  readonly at: number
  readonly account: string
  readonly session: string
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly isWrite: boolean
  readonly bytes: number | undefined
  readonly error?: string | undefined
}): string {
  return cloudTrailRecord({
    ...call,
    credential: temporaryKeyOf(call.session),
    source: 's3.amazonaws.com',
    name: isWrite ? 'PutObject' : 'GetObject',
    isReadOnly: !isWrite,
    request: { bucketName: bucket, key },
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
      { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}`, accountId: call.account },
    ],
    more: {
      additionalEventData: {
        bytesTransferredIn: isWrite ? (bytes ?? 0) : 0,
        bytesTransferredOut: isWrite ? 0 : (bytes ?? 0),
      },
    },
    ...(error === undefined ? {} : { error }),
  })
}
