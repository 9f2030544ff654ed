import type { Channel, Delivery, DeliveryResult } from '../channel.ts'
import { type ChannelFilter, passes } from '../channel-filter.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { resultOf } from '../http/outcome.ts'
import { noticeText } from '../text/notice-text.ts'
import type { Notice, NoticeKind } from '@holdfast/respond'

export type PagerDutyOptions = {
  readonly name: string
  readonly filter: ChannelFilter
  /** `https://events.pagerduty.com`, or that of the region. */
  readonly api: string
  readonly routingKey: string
  readonly outgoing: Pick<Outgoing, 'send'>
  readonly base: string
}

const SEVERITY: Readonly<Record<Notice['severity'], 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
}

/** PagerDuty by Events API v2. The incident is the dedup key, so that sending twice pages once. */
export function pagerDutyChannel({ name, filter, api, routingKey, outgoing, base }: PagerDutyOptions): Channel {
  const deliver = async ({ notice, key }: Delivery): Promise<DeliveryResult> => {
    const { title, lines, for: teams, link, isoTime } = noticeText(notice, base)
    const action = actionOf(notice.kind)
    const event = {
      routing_key: routingKey,
      event_action: action,
      dedup_key: dedupKey(notice, key),
      ...(action === 'trigger'
        ? {
            payload: {
              summary: title,
              source: 'holdfast',
              severity: SEVERITY[notice.severity],
              timestamp: isoTime,
              component: notice.incident,
              class: notice.type ?? notice.kind,
              custom_details: { kind: notice.kind, lines, for: teams },
            },
            links: [{ href: link, text: 'Open in Holdfast' }],
            client: 'Holdfast',
            client_url: link,
          }
        : {}),
    }
    const answer = await outgoing.send({
      method: 'POST',
      url: `${api}/v2/enqueue`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    })
    const result = resultOf(answer)
    // The service says 202 for what it took; any other success is not its answer.
    if (result.status === 'delivered' && result.code !== 202)
      return { status: 'retry', detail: `answered ${result.code}, not as PagerDuty does`, code: result.code ?? 0 }
    return result
  }
  return {
    name,
    type: 'pagerduty',
    batch: 1,
    listens: (notice) => passes(filter, notice),
    deliver: (deliveries) => Promise.all(deliveries.map(deliver)),
  }
}

/** At most 255 characters: incident ids are twenty. What belongs to no incident is its own. */
function dedupKey({ incident }: Notice, key: string): string {
  return `holdfast-${incident === '' ? key : incident}`.slice(0, 255)
}

function actionOf(kind: NoticeKind): 'trigger' | 'acknowledge' | 'resolve' {
  switch (kind) {
    case 'incident-acknowledged':
      return 'acknowledge'
    case 'case-closed':
      return 'resolve'
    case 'incident-opened':
    case 'incident-revised':
    case 'incident-classified':
    case 'incident-escalated':
    case 'approval-asked':
    case 'approval-answered':
    case 'plan-applied':
    case 'plan-failed':
    case 'hold-changed':
    case 'hold-ended':
    case 'duty-started':
    case 'task-assigned':
    case 'drift-signal':
    case 'policy-lapsed':
    case 'policy-changed':
    case 'test':
      return 'trigger'
  }
}
