import type { DeliveryResult } from '../channel.ts'
import { memberOf, parsed, textOf } from '../http/member.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { resultOf } from '../http/outcome.ts'
import { inertLine } from '../text/inert.ts'

export type SlackAnswer =
  | { readonly status: 'ok'; readonly body: unknown }
  | { readonly status: 'failed'; readonly error: string; readonly result: DeliveryResult }

/** Faults of the message itself: the same message is refused again. All else is mended by time or by hand. */
const OURS: ReadonlySet<string> = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
])

/** Slack's Web API: success is what it says in the body, whatever the HTTP status. */
export class SlackApi {
  readonly #api: string
  readonly #token: string
  readonly #outgoing: Pick<Outgoing, 'send'>

  constructor({
    api,
    token,
    outgoing,
  }: {
    readonly api: string
    readonly token: string
    readonly outgoing: Pick<Outgoing, 'send'>
  }) {
    this.#api = api
    this.#token = token
    this.#outgoing = outgoing
  }

  /** A method that takes JSON. */
  post(method: string, args: Readonly<Record<string, unknown>>): Promise<SlackAnswer> {
    return this.#send({
      method: 'POST',
      url: `${this.#api}/${method}`,
      headers: { ...this.#headers(), 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(args),
    })
  }

  /** A method that reads. */
  get(method: string, args: Readonly<Record<string, string>>): Promise<SlackAnswer> {
    const query = new URLSearchParams(args).toString()
    return this.#send({ method: 'GET', url: `${this.#api}/${method}?${query}`, headers: this.#headers() })
  }

  async #send(request: Parameters<Outgoing['send']>[0]): Promise<SlackAnswer> {
    const answer = await this.#outgoing.send(request)
    const result = resultOf(answer)
    if (answer.status !== 'answered' || result.status !== 'delivered')
      return { status: 'failed', error: answer.status, result }
    const body = parsed(answer.body)
    if (memberOf(body, 'ok') === true) return { status: 'ok', body }
    const error = inertLine(textOf(body, 'error') ?? 'no answer of Slack', 100)
    const detail = `Slack says: ${error}`
    return {
      status: 'failed',
      error,
      result: OURS.has(error)
        ? { status: 'refused', code: answer.code, detail }
        : { status: 'retry', code: answer.code, detail },
    }
  }

  #headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#token}` }
  }
}
