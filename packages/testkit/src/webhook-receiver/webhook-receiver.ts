import { createHmac } from 'node:crypto'
import {
  type ServiceFault,
  jsonOf,
  type LocalAnswer,
  type LocalHttp,
  type LocalRequest,
  startLocalHttp,
} from '../local-http.ts'

export type WebhookReceiver = LocalHttp & {
  /** What was accepted, once for each id. */
  readonly received: ReadonlyMap<string, unknown>
  /** Ids that came more than once. */
  readonly repeats: readonly string[]
}

const TOLERANCE_SECONDS = 300

/** A receiver of Standard Webhooks: signature and age are checked, and what has an id that is known is acknowledged and left. */
export async function startWebhookReceiver(options: {
  readonly secret: Buffer
  readonly nowSeconds: () => number
  readonly faults?: ServiceFault[]
  readonly port?: number
}): Promise<WebhookReceiver> {
  const { secret, nowSeconds, faults = [], port = 0 } = options
  const received = new Map<string, unknown>()
  const repeats: string[] = []
  const answer = ({ headers, body }: LocalRequest): LocalAnswer => {
    const fault = faults.shift()
    if (fault === 'rate-limited') return { code: 429, headers: { 'retry-after': '7' } }
    if (fault === 'unavailable') return { code: 503 }
    if (fault === 'breaks-off') return { code: 0, breaksOff: true }
    const id = String(headers['webhook-id'] ?? '')
    const time = String(headers['webhook-timestamp'] ?? '')
    const expected = createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest('base64')
    const signatures = String(headers['webhook-signature'] ?? '').split(' ')
    if (!signatures.includes(`v1,${expected}`)) return { code: 401, body: '{"error":"signature"}' }
    if (Math.abs(nowSeconds() - Number(time)) > TOLERANCE_SECONDS) return { code: 400, body: '{"error":"too old"}' }
    if (received.has(id)) repeats.push(id)
    else received.set(id, jsonOf(body))
    return fault === 'breaks-off-after' ? { code: 0, breaksOff: true } : { code: 204 }
  }
  const server = await startLocalHttp(answer, { port })
  return { ...server, received, repeats, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
