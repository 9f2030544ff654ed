import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cloudTrailRecord } from './cloudtrail.ts'

/** An object store on a loopback port that keeps an audit log of its own, as a cloud does. */
export type Bucket = AsyncDisposable & {
  readonly url: string
  /** What was asked of it so far, as lines of CloudTrail (data events), in order. */
  readonly auditLog: () => readonly string[]
}

/**
 * Takes `PUT /<bucket>/<key>` and `GET /<bucket>/<key>` by who names itself in `x-principal-arn` (a session of an assumed
 * role), and records each with the bytes that really came.
 */
export async function startBucket({ account }: { readonly account: string }): Promise<Bucket> {
  const log: string[] = []
  const objects = new Map<string, number>()
  const serve = async (request: IncomingMessage): Promise<number> => {
    const [, bucket = '', ...key] = (request.url ?? '/').split('/')
    const arn = request.headers['x-principal-arn']
    const bytes = await sizeOf(request)
    const isWrite = request.method === 'PUT'
    if (isWrite) objects.set(request.url ?? '', bytes)
    const known = objects.get(request.url ?? '')
    log.push(
      cloudTrailRecord({
        at: Date.now(),
        account,
        session: String(arn ?? ''),
        source: 's3.amazonaws.com',
        name: isWrite ? 'PutObject' : 'GetObject',
        isReadOnly: !isWrite,
        request: { bucketName: bucket, key: key.join('/') },
        resources: [
          { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key.join('/')}` },
          { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}`, accountId: account },
        ],
        more: { additionalEventData: { bytesTransferredIn: bytes, bytesTransferredOut: isWrite ? 0 : (known ?? 0) } },
        id: randomUUID(),
        ...(known === undefined ? { error: 'NoSuchKey' } : {}),
      }),
    )
    return known === undefined ? 404 : 200
  }
  const server = createServer((request, response) => {
    serve(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A TCP server that listens has an address of this type.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    auditLog: () => [...log],
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function sizeOf(request: IncomingMessage): Promise<number> {
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.length
  return bytes
}
