import type { Channel, Delivery, DeliveryResult } from '../channel.ts'
import { type ChannelFilter, passes } from '../channel-filter.ts'
import { listOf, memberOf, textOf } from '../http/member.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { cardBlocks, fallbackText, threadBlocks } from './card.ts'
import { SlackApi, type SlackAnswer } from './slack-api.ts'

export type SlackOptions = {
  readonly name: string
  readonly filter: ChannelFilter
  /** `https://slack.com/api`. */
  readonly api: string
  /** A bot's token with `chat:write`, and `channels:history` so that a message that may have arrived is found. */
  readonly token: string
  /** Id of a channel, as `C0123456789`. */
  readonly channel: string
  readonly outgoing: Pick<Outgoing, 'send'>
  readonly base: string
}

/** What a message says about itself beside its text, so that it is found again. */
const EVENT_TYPE = 'holdfast_notice'
/** Messages looked through for one that may have arrived. */
const LOOKED_THROUGH = '200'

/**
 * Slack: one card an incident, updated in place, with a thread that says what happened when. Slack has no key for repeats: a
 * message carries ours as metadata, and before a second try the channel is looked through for it.
 */
export function slackChannel({ name, filter, api, token, channel, outgoing, base }: SlackOptions): Channel {
  const slack = new Conversation({ api: new SlackApi({ api, token, outgoing }), channel, base })
  return {
    name,
    type: 'slack',
    batch: 1,
    listens: (notice) => passes(filter, notice),
    deliver: (deliveries) => Promise.all(deliveries.map((delivery) => slack.deliver(delivery))),
  }
}

class Conversation {
  readonly #api: SlackApi
  readonly #channel: string
  readonly #base: string

  constructor({ api, channel, base }: { readonly api: SlackApi; readonly channel: string; readonly base: string }) {
    this.#api = api
    this.#channel = channel
    this.#base = base
  }

  async deliver(delivery: Delivery): Promise<DeliveryResult> {
    const card = delivery.notice.incident === '' ? undefined : delivery.references.at(-1)
    if (card === undefined) return this.#postCard(delivery)
    const updated = await this.#api.post('chat.update', { channel: this.#channel, ts: card, ...this.#card(delivery) })
    if (updated.status === 'failed') {
      // Somebody deleted it: the next card stands where people look now.
      return updated.error === 'message_not_found' ? this.#postCard(delivery) : updated.result
    }
    return this.#postReply(delivery, card)
  }

  async #postCard(delivery: Delivery): Promise<DeliveryResult> {
    const found = delivery.attempt > 1 ? await this.#find(delivery, 'conversations.history', {}) : undefined
    if (found?.status === 'failed') return found.result
    if (found?.status === 'found')
      return { status: 'delivered', detail: 'an earlier try had arrived', reference: found.ts }
    const posted = await this.#api.post('chat.postMessage', {
      channel: this.#channel,
      ...this.#card(delivery),
      ...this.#metadata(delivery),
    })
    if (posted.status === 'failed') return posted.result
    const ts = textOf(posted.body, 'ts')
    return ts === undefined
      ? { status: 'retry', detail: 'Slack named no message' }
      : { status: 'delivered', detail: 'posted', reference: ts }
  }

  async #postReply(delivery: Delivery, card: string): Promise<DeliveryResult> {
    const found = delivery.attempt > 1 ? await this.#find(delivery, 'conversations.replies', { ts: card }) : undefined
    if (found?.status === 'failed') return found.result
    if (found?.status === 'found') return { status: 'delivered', detail: 'an earlier try had arrived', reference: card }
    const posted = await this.#api.post('chat.postMessage', {
      channel: this.#channel,
      thread_ts: card,
      ...this.#plain(delivery),
      blocks: threadBlocks(delivery.notice, this.#base),
      ...this.#metadata(delivery),
    })
    return posted.status === 'failed' ? posted.result : { status: 'delivered', detail: 'card updated', reference: card }
  }

  /** A message of this delivery that is there already. */
  async #find(
    { key, notice }: Delivery,
    method: string,
    args: Readonly<Record<string, string>>,
  ): Promise<
    | { readonly status: 'found'; readonly ts: string }
    | { readonly status: 'none' }
    | Extract<SlackAnswer, { readonly status: 'failed' }>
  > {
    const answer = await this.#api.get(method, {
      channel: this.#channel,
      include_all_metadata: 'true',
      limit: LOOKED_THROUGH,
      // A minute for clocks that differ.
      oldest: String(Number(notice.at / 1_000_000_000n) - 60),
      ...args,
    })
    if (answer.status === 'failed') return answer
    const messages = listOf(answer.body, 'messages')
    const ts = messages.flatMap((message) => (keyOf(message) === key ? (textOf(message, 'ts') ?? []) : [])).at(0)
    return ts === undefined ? { status: 'none' } : { status: 'found', ts }
  }

  #card({ notice, earlier }: Delivery): Readonly<Record<string, unknown>> {
    const told = notice.incident === '' ? [notice] : [...earlier, notice]
    return {
      text: fallbackText(notice, this.#base),
      blocks: cardBlocks(told, this.#base),
      parse: 'none',
      link_names: false,
    }
  }

  #plain({ notice }: Delivery): Readonly<Record<string, unknown>> {
    return {
      text: fallbackText(notice, this.#base),
      parse: 'none',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
    }
  }

  #metadata({ key }: Delivery): Readonly<Record<string, unknown>> {
    return { metadata: { event_type: EVENT_TYPE, event_payload: { key } }, unfurl_links: false, unfurl_media: false }
  }
}

function keyOf(message: unknown): string | undefined {
  return textOf(memberOf(memberOf(message, 'metadata'), 'event_payload'), 'key')
}
