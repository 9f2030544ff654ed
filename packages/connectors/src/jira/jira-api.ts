import type { DeliveryResult } from '../channel.ts'
import { parsed } from '../http/member.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { resultOf } from '../http/outcome.ts'

export type JiraAnswer =
  /** `body`: undefined where the answer has none, as after a transition. */
  { readonly status: 'ok'; readonly body: unknown } | { readonly status: 'failed'; readonly result: DeliveryResult }

type Credentials = {
  readonly site: string
  readonly email: string
  readonly token: string
  readonly outgoing: Pick<Outgoing, 'send'>
}

/** Jira Cloud's REST API, version 3. */
export class JiraApi {
  readonly #credentials: Credentials

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  get(path: string): Promise<JiraAnswer> {
    return this.#send('GET', path)
  }

  post(path: string, body: unknown): Promise<JiraAnswer> {
    return this.#send('POST', path, JSON.stringify(body))
  }

  async #send(method: 'GET' | 'POST', path: string, body?: string): Promise<JiraAnswer> {
    const { site, email, token, outgoing } = this.#credentials
    const answer = await outgoing.send({
      method,
      url: `${site}/rest/api/3/${path}`,
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    })
    const result = resultOf(answer)
    if (answer.status !== 'answered' || result.status !== 'delivered') return { status: 'failed', result }
    if (answer.body === '') return { status: 'ok', body: undefined }
    const read = parsed(answer.body)
    // What answered is not Jira: a login page of a proxy, for one.
    return read === undefined
      ? { status: 'failed', result: { status: 'retry', code: answer.code, detail: 'the answer is no JSON' } }
      : { status: 'ok', body: read }
  }
}
