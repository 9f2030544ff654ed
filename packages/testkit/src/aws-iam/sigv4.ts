import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Signature =
  | { readonly status: 'signed'; readonly service: string; readonly region: string }
  | { readonly status: 'refused'; readonly code: string; readonly message: string }

/** How far a client's clock may be off. */
const SKEW_MS = 15 * 60_000

/** The id of the key that a request says it is signed with. */
export function keyIdOf({ headers }: Pick<SignedRequest, 'headers'>): string | undefined {
  return /Credential=([^/,]+)\//.exec(headers.authorization ?? '')?.[1]
}

/** Verifies a request as AWS Signature Version 4 has it: over method, path, query, the signed headers and the body. */
export function verifySignature(request: SignedRequest, secret: string, now: number): Signature {
  const { method, path, query, headers, body } = request
  const match =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  const stamp = textOf(headers['x-amz-date'])
  if (match === null || stamp === undefined) return refused('IncompleteSignature', 'the request is not signed')
  const [, day = '', region = '', service = '', signed = '', signature = ''] = match
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(now - at) <= SKEW_MS) || !stamp.startsWith(day))
    return refused('SignatureDoesNotMatch', `Signature not yet current or expired: ${stamp}`)
  const names = signed.split(';')
  if (!names.includes('host') || !names.includes('x-amz-date'))
    return refused('SignatureDoesNotMatch', "'Host' and 'X-Amz-Date' must be signed")
  const canonical = [
    method,
    path,
    query.split('&').toSorted().join('&'),
    ...names.map((name) => `${name}:${(textOf(headers[name]) ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    signed,
    sha256(body),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    `AWS4${secret}`,
  )
  const expected = hmac(key, toSign)
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
    ? { status: 'signed', service, region }
    : refused('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.')
}

function refused(code: string, message: string): Signature {
  return { status: 'refused', code, message }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0]
}
