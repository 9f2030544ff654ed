import { createHmac, timingSafeEqual } from 'node:crypto'
import { listOf, memberOf, parsed, textOf } from '../http/member.ts'
import { APPROVE_ACTION } from './card.ts'

/** A person pressed the button that approves. All of it is Slack's word; who that person is here is looked up. */
export type SlackApproval = {
  readonly userId: string
  /** Hash of the plan that the card showed. */
  readonly plan: string
  /** The same for a call that Slack repeats. */
  readonly actionId: string
}

export type SlackCall =
  | { readonly status: 'approve'; readonly approval: SlackApproval }
  /** Understood, and nothing to do: the button that opens a page. */
  | { readonly status: 'nothing' }
  | { readonly status: 'refused'; readonly reason: string }

/** How old a call may be, and how far ahead of us: Slack's own five minutes. */
const WINDOW_SECONDS = 300

/**
 * One call of Slack's interactivity, checked before anything in it is read: the signature `v0` over time and body, and that
 * it is recent. Untrusted until then.
 */
export function parseSlackCall({
  signature,
  timestamp,
  body,
  signingSecret,
  nowSeconds,
}: {
  readonly signature: string | undefined
  readonly timestamp: string | undefined
  readonly body: Buffer
  readonly signingSecret: string
  readonly nowSeconds: number
}): SlackCall {
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return refused('the call has no time')
  if (Math.abs(nowSeconds - Number(timestamp)) > WINDOW_SECONDS) return refused('the call is too old')
  const expected = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex')}`
  const given = Buffer.from(signature ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, Buffer.from(expected)))
    return refused('the signature is not Slack’s')
  const payload = parsed(new URLSearchParams(body.toString('utf8')).get('payload') ?? '')
  if (textOf(payload, 'type') !== 'block_actions') return { status: 'nothing' }
  const action = listOf(payload, 'actions').find((one) => textOf(one, 'action_id') === APPROVE_ACTION)
  if (action === undefined) return { status: 'nothing' }
  const userId = textOf(memberOf(payload, 'user'), 'id')
  const plan = textOf(action, 'value')
  const at = textOf(action, 'action_ts')
  if (userId === undefined || plan === undefined || at === undefined || plan.length > 200)
    return refused('the call names no person or no plan')
  return {
    status: 'approve',
    approval: { userId: userId.slice(0, 64), plan, actionId: `${userId}.${at}`.slice(0, 128) },
  }
}

function refused(reason: string): SlackCall {
  return { status: 'refused', reason }
}
