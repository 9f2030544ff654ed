import type { Channel, Delivery, DeliveryResult } from '../channel.ts'
import { type ChannelFilter, passes } from '../channel-filter.ts'
import { memberOf, parsed } from '../http/member.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { resultOf } from '../http/outcome.ts'
import { COLLECTOR_BATCH } from './limits.ts'
import { ocsfEvent, type OcsfEvent } from './ocsf.ts'

export type CollectorOptions = {
  readonly name: string
  readonly filter: ChannelFilter
  readonly url: string
  /** `json`: an array; `lines`: one event a line; `splunk`: HTTP Event Collector, with its token header and acknowledgement. */
  readonly format: 'json' | 'lines' | 'splunk'
  readonly token?: string | undefined
  /** Splunk alone: an event counts as delivered once the indexer says so. Its channel is a GUID that names this sender. */
  readonly acknowledge?: { readonly channel: string } | undefined
  readonly outgoing: Pick<Outgoing, 'send'>
  readonly base: string
  readonly version: string
}

/** A collector that takes OCSF over HTTP, several events at once. The answer to a batch is the answer to each of it. */
export function collectorChannel(options: CollectorOptions): Channel {
  return {
    name: options.name,
    type: options.format === 'splunk' ? 'splunk' : 'ocsf',
    batch: COLLECTOR_BATCH,
    listens: (notice) => passes(options.filter, notice),
    deliver: async (deliveries) => {
      const result = await sendBatch(options, deliveries)
      return deliveries.map(() => result)
    },
  }
}

async function sendBatch(options: CollectorOptions, deliveries: readonly Delivery[]): Promise<DeliveryResult> {
  const { outgoing, url, base, version } = options
  const events = deliveries.map(({ notice, key }) => ocsfEvent(notice, { key, base, version }))
  const answer = await outgoing.send({
    method: 'POST',
    url,
    headers: headersOf(options),
    body: bodyOf(options, events),
  })
  const result = resultOf(answer)
  if (options.acknowledge === undefined || result.status !== 'delivered' || answer.status !== 'answered') return result
  return acknowledged(options, memberOf(parsed(answer.body), 'ackId'))
}

function bodyOf({ format }: CollectorOptions, events: readonly OcsfEvent[]): string {
  switch (format) {
    case 'json':
      return JSON.stringify(events)
    case 'lines':
      return events.map((event) => `${JSON.stringify(event)}\n`).join('')
    case 'splunk':
      return events
        .map((event) =>
          JSON.stringify({ time: Number(event['time']) / 1_000, sourcetype: 'ocsf', source: 'holdfast', event }),
        )
        .join('')
  }
}

function headersOf({ format, token, acknowledge }: CollectorOptions): Readonly<Record<string, string>> {
  return {
    'content-type': format === 'lines' ? 'application/x-ndjson' : 'application/json',
    ...(token === undefined ? {} : { authorization: `${format === 'splunk' ? 'Splunk' : 'Bearer'} ${token}` }),
    ...(acknowledge === undefined ? {} : { 'x-splunk-request-channel': acknowledge.channel }),
  }
}

/** Asked once: an indexer takes a while, and then the same events, with the same ids, are sent again. */
async function acknowledged(options: CollectorOptions, ackId: unknown): Promise<DeliveryResult> {
  if (typeof ackId !== 'number') return { status: 'retry', detail: 'the collector gave nothing to acknowledge' }
  const url = new URL(options.url)
  url.pathname = '/services/collector/ack'
  const answer = await options.outgoing.send({
    method: 'POST',
    url: url.href,
    headers: headersOf(options),
    body: JSON.stringify({ acks: [ackId] }),
  })
  const result = resultOf(answer)
  if (answer.status !== 'answered' || result.status !== 'delivered') return result
  return memberOf(memberOf(parsed(answer.body), 'acks'), String(ackId)) === true
    ? { status: 'delivered', code: answer.code, detail: 'acknowledged by the indexer' }
    : { status: 'retry', code: answer.code, detail: 'taken and not indexed yet' }
}
