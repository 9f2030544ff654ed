import type { Channel, Delivery, DeliveryResult } from '../channel.ts'
import { type ChannelFilter, passes } from '../channel-filter.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { resultOf } from '../http/outcome.ts'
import { noticeText } from '../text/notice-text.ts'
import { signedHeaders } from './signature.ts'

export type WebhookOptions = {
  readonly name: string
  readonly filter: ChannelFilter
  readonly url: string
  readonly secrets: readonly Buffer[]
  readonly outgoing: Pick<Outgoing, 'send'>
  /** Address of the workspace. */
  readonly base: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Any receiver of signed JSON, by Standard Webhooks. */
export function webhookChannel({ name, filter, url, secrets, outgoing, base, now }: WebhookOptions): Channel {
  const deliver = async ({ key, notice }: Delivery): Promise<DeliveryResult> => {
    const { title, lines, for: teams, link, isoTime } = noticeText(notice, base)
    const body = JSON.stringify({
      type: `holdfast.${notice.kind}`,
      timestamp: isoTime,
      data: {
        id: notice.id,
        incident: notice.incident,
        ...(notice.type === undefined ? {} : { incidentType: notice.type }),
        severity: notice.severity,
        title,
        lines,
        for: teams,
        ...(notice.plan === undefined ? {} : { plan: notice.plan }),
        link,
      },
    })
    const unixSeconds = Math.floor(now() / 1_000)
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Holdfast',
      ...signedHeaders({ id: `msg_${key}`, unixSeconds, body, secrets }),
    }
    return resultOf(await outgoing.send({ method: 'POST', url, headers, body }))
  }
  return {
    name,
    type: 'webhook',
    batch: 1,
    listens: (notice) => passes(filter, notice),
    deliver: (deliveries) => Promise.all(deliveries.map(deliver)),
  }
}
