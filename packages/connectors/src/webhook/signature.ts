import { createHmac } from 'node:crypto'

/**
 * Headers by Standard Webhooks 1.0: the receiver checks the HMAC over id, time and body, refuses what is old, and tells
 * repeats apart by the id. Several secrets sign side by side, so that one can be replaced by the next.
 */
export function signedHeaders({
  id,
  unixSeconds,
  body,
  secrets,
}: {
  readonly id: string
  readonly unixSeconds: number
  readonly body: string
  readonly secrets: readonly Buffer[]
}): Readonly<Record<string, string>> {
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${unixSeconds}.${body}`).digest('base64')}`,
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': String(unixSeconds),
    'webhook-signature': signatures.join(' '),
  }
}

/** `whsec_` and base64 of 24 to 64 bytes, as the specification has it; undefined where it is none. */
export function parseWebhookSecret(text: string): Buffer | undefined {
  const [, base64] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(text.trim()) ?? []
  if (base64 === undefined) return undefined
  const secret = Buffer.from(base64, 'base64')
  return secret.length >= 24 && secret.length <= 64 ? secret : undefined
}
