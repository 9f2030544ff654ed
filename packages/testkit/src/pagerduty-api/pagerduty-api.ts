import {
  type ServiceFault,
  jsonOf,
  type LocalAnswer,
  type LocalHttp,
  type LocalRequest,
  startLocalHttp,
} from '../local-http.ts'

type PagerDutyEvent = Readonly<Record<string, unknown>>

export type PagerDutyServer = LocalHttp & {
  /** State of each alert by its dedup key. */
  readonly alerts: ReadonlyMap<string, 'triggered' | 'acknowledged' | 'resolved'>
  readonly events: readonly PagerDutyEvent[]
}

/** PagerDuty's Events API v2: `/v2/enqueue` with its checks, 202 for what it took, 400 with a list of faults, 429. */
export async function startPagerDuty(options: {
  readonly routingKey: string
  readonly faults?: ServiceFault[]
}): Promise<PagerDutyServer> {
  const { routingKey, faults = [] } = options
  const alerts = new Map<string, 'triggered' | 'acknowledged' | 'resolved'>()
  const events: PagerDutyEvent[] = []
  const answer = (request: LocalRequest): LocalAnswer => {
    const fault = faults.shift()
    if (fault === 'rate-limited')
      return { code: 429, headers: { 'retry-after': '1' }, body: '{"status":"throttle exceeded"}' }
    if (fault === 'unavailable') return { code: 500 }
    if (fault === 'breaks-off') return { code: 0, breaksOff: true }
    if (request.method !== 'POST' || request.url.pathname !== '/v2/enqueue') return { code: 404 }
    const event = jsonOf(request.body) as PagerDutyEvent | undefined // what is wrong with it is found next
    const errors = errorsIn(event, routingKey)
    if (event === undefined || errors.length > 0) {
      return {
        code: 400,
        body: JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors }),
      }
    }
    const key = String(event['dedup_key'])
    events.push(event)
    const known = alerts.get(key)
    if (event['event_action'] === 'trigger' && known !== 'acknowledged') alerts.set(key, 'triggered')
    else if (event['event_action'] === 'acknowledge' && known === 'triggered') alerts.set(key, 'acknowledged')
    else if (event['event_action'] === 'resolve' && known !== undefined) alerts.set(key, 'resolved')
    if (fault === 'breaks-off-after') return { code: 0, breaksOff: true }
    return { code: 202, body: JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: key }) }
  }
  const server = await startLocalHttp(answer)
  return { ...server, alerts, events, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

function errorsIn(event: PagerDutyEvent | undefined, routingKey: string): readonly string[] {
  if (typeof event !== 'object' || event === null) return ['the body is no JSON object']
  const { routing_key: key, event_action: action, dedup_key: dedup, payload } = event
  const isTrigger = action === 'trigger'
  return [
    key === routingKey ? '' : "'routing_key' is invalid",
    ['trigger', 'acknowledge', 'resolve'].includes(String(action)) ? '' : "'event_action' is invalid",
    typeof dedup === 'string' && dedup.length > 0 && dedup.length <= 255 ? '' : "'dedup_key' is missing or too long",
    ...(isTrigger ? payloadErrors(payload) : []),
  ].filter((error) => error !== '')
}

function payloadErrors(payload: unknown): readonly string[] {
  if (typeof payload !== 'object' || payload === null) return ["'payload' is missing or blank"]
  const { summary, source, severity, timestamp } = payload as PagerDutyEvent
  return [
    typeof summary === 'string' && summary !== '' && summary.length <= 1_024
      ? ''
      : "'payload.summary' is missing or too long",
    typeof source === 'string' && source !== '' ? '' : "'payload.source' is missing or blank",
    ['critical', 'error', 'warning', 'info'].includes(String(severity)) ? '' : "'payload.severity' is invalid",
    timestamp === undefined || (typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp)))
      ? ''
      : "'payload.timestamp' is invalid",
  ]
}
