import { createHmac } from 'node:crypto'
import {
  type ServiceFault,
  jsonOf,
  type LocalAnswer,
  type LocalHttp,
  type LocalRequest,
  startLocalHttp,
} from '../local-http.ts'

export type SlackMessage = {
  readonly ts: string
  readonly threadTs?: string
  readonly text: string
  readonly blocks: readonly Readonly<Record<string, unknown>>[]
  readonly metadata?: unknown
}

export type SlackServer = LocalHttp & {
  readonly messages: readonly SlackMessage[]
  readonly remove: (ts: string) => void
  /** Calls of chat.update. */
  readonly updates: () => number
}

type Args = Readonly<Record<string, unknown>>

/** Bounds and errors as Slack's documentation of chat.postMessage and of Block Kit has them. */
const HEADER = 150
const TEXT = 3_000
const BLOCKS = 50
const BUTTON_VALUE = 2_000

/**
 * A Slack workspace with one channel: chat.postMessage, chat.update, conversations.history and conversations.replies, with the
 * token checked, blocks checked by Block Kit's rules, and errors as HTTP 200 with `ok: false`, but 429 for the rate.
 */
export async function startSlack(options: {
  readonly token: string
  readonly channel: string
  /** One for each call, before Slack does its work. */
  readonly faults?: ServiceFault[]
}): Promise<SlackServer> {
  const { token, channel, faults = [] } = options
  const messages: SlackMessage[] = []
  let updates = 0
  let clock = Math.floor(Date.now() / 1_000) * 1_000_000

  const work = (method: string, args: Args): Args => {
    if (args['channel'] !== channel) return failed('channel_not_found')
    switch (method) {
      case 'chat.postMessage': {
        const wrong = wrongIn(args)
        if (wrong !== undefined) return failed(wrong)
        const ts = timestamp((clock += 1))
        const { thread_ts: threadTs, text, blocks, metadata } = args
        if (threadTs !== undefined && !messages.some((one) => one.ts === threadTs)) return failed('thread_not_found')
        messages.push({
          ts,
          text: textOf(text),
          blocks: listOf(blocks),
          metadata,
          ...(typeof threadTs === 'string' ? { threadTs } : {}),
        })
        return { ok: true, channel, ts }
      }
      case 'chat.update': {
        const wrong = wrongIn(args)
        if (wrong !== undefined) return failed(wrong)
        const at = messages.findIndex(({ ts }) => ts === args['ts'])
        const before = messages[at]
        if (before === undefined) return failed('message_not_found')
        updates += 1
        messages[at] = { ...before, text: textOf(args['text']), blocks: listOf(args['blocks']) }
        return { ok: true, channel, ts: before.ts }
      }
      case 'conversations.history':
      case 'conversations.replies': {
        const found = messages.filter((one) =>
          method === 'conversations.history'
            ? one.threadTs === undefined
            : one.threadTs === args['ts'] || one.ts === args['ts'],
        )
        const shown = found.map(({ ts, text, metadata }) => ({
          ts,
          text,
          ...(args['include_all_metadata'] === 'true' && metadata !== undefined ? { metadata } : {}),
        }))
        return { ok: true, messages: shown, has_more: false }
      }
      default:
        return failed('unknown_method')
    }
  }

  const answer = (request: LocalRequest): LocalAnswer => {
    const fault = faults.shift()
    if (fault === 'rate-limited')
      return { code: 429, headers: { 'retry-after': '1' }, body: '{"ok":false,"error":"ratelimited"}' }
    if (fault === 'unavailable') return { code: 503 }
    if (fault === 'breaks-off') return { code: 0, breaksOff: true }
    if (request.headers.authorization !== `Bearer ${token}`) return ok(failed('invalid_auth'))
    const read = request.method === 'POST' ? jsonOf(request.body) : Object.fromEntries(request.url.searchParams)
    if (typeof read !== 'object' || read === null) return ok(failed('invalid_json'))
    const result = work(request.url.pathname.replace('/api/', ''), read as Args) // an object
    return fault === 'breaks-off-after' ? { code: 0, breaksOff: true } : ok(result)
  }
  const server = await startLocalHttp(answer)
  return {
    ...server,
    url: `${server.url}/api`,
    messages,
    updates: () => updates,
    remove: (ts) => {
      messages.splice(
        messages.findIndex((one) => one.ts === ts),
        1,
      )
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** A call of Slack's interactivity when somebody presses a button, signed as Slack signs. */
export function slackInteraction({
  signingSecret,
  userId,
  actionId,
  value,
  unixSeconds,
  actionTs = `${unixSeconds}.000100`,
}: {
  readonly signingSecret: string
  readonly userId: string
  readonly actionId: string
  readonly value: string
  readonly unixSeconds: number
  readonly actionTs?: string
}): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const payload = {
    type: 'block_actions',
    user: { id: userId, username: 'somebody' },
    team: { id: 'T0001' },
    actions: [{ action_id: actionId, type: 'button', value, action_ts: actionTs }],
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const signature = createHmac('sha256', signingSecret).update(`v0:${unixSeconds}:${body}`).digest('hex')
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(unixSeconds),
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  }
}

function ok(body: Args): LocalAnswer {
  return { code: 200, body: JSON.stringify(body) }
}

function failed(error: string): Args {
  return { ok: false, error }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function timestamp(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [] // checked by wrongIn
}

/** The error that Slack would give for a message; undefined for none. */
function wrongIn({ text, blocks, metadata }: Args): string | undefined {
  if ((text === undefined || text === '') && blocks === undefined) return 'no_text'
  if (typeof text === 'string' && text.length > 40_000) return 'msg_too_long'
  if (metadata !== undefined && typeof (metadata as Args)['event_type'] !== 'string') return 'invalid_metadata_format'
  if (blocks === undefined) return undefined
  if (!Array.isArray(blocks) || blocks.length > BLOCKS || blocks.length === 0) return 'invalid_blocks'
  return blocks.every((block) => isBlock(block as Args)) ? undefined : 'invalid_blocks'
}

function isBlock(block: Args): boolean {
  switch (block['type']) {
    case 'header':
      return isText(block['text'], HEADER) && (block['text'] as Args)['type'] === 'plain_text'
    case 'section':
      return isText(block['text'], TEXT)
    case 'divider':
      return Object.keys(block).length === 1
    case 'actions': {
      const elements = block['elements']
      return (
        Array.isArray(elements) &&
        elements.length >= 1 &&
        elements.length <= 25 &&
        elements.every((one) => isButton(one as Args))
      )
    }
    default:
      return false
  }
}

function isButton({ type, text, action_id: actionId, value, url, confirm }: Args): boolean {
  return (
    type === 'button' &&
    isText(text, 75) &&
    typeof actionId === 'string' &&
    actionId.length <= 255 &&
    (value === undefined || (typeof value === 'string' && value.length <= BUTTON_VALUE)) &&
    (url === undefined || (typeof url === 'string' && url.length <= 3_000 && URL.canParse(url))) &&
    (confirm === undefined || (isText((confirm as Args)['title'], 100) && isText((confirm as Args)['text'], 300)))
  )
}

function isText(value: unknown, atMost: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { type, text } = value as Args
  return (
    (type === 'plain_text' || type === 'mrkdwn') &&
    typeof text === 'string' &&
    text.length >= 1 &&
    text.length <= atMost
  )
}
