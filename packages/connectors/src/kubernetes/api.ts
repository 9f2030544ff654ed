import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

import { z } from 'zod'

import { ConnectorError } from '../connector-error.ts'
import type { KubernetesAccess } from './access.ts'
import { ANSWER_BYTES, ANSWER_MS, MAX_PAGES, PAGE } from './limits.ts'
import type { KubeObject } from './objects.ts'
import { objectSchema } from './objects.ts'

export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With its parts escaped already. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** How the body of a PATCH is meant: server-side apply, or RFC 7386. */
  readonly patch?: 'apply' | 'merge'
}

/** What the API server answers, errors of its own included. */
export type ApiAnswer =
  | { readonly status: 'ok'; readonly value: unknown }
  | { readonly status: 'absent' }
  /** Somebody else changed the object meanwhile, or owns the field. */
  | { readonly status: 'conflict'; readonly message: string }
  | { readonly status: 'refused'; readonly code: number; readonly message: string }

const statusSchema = z.looseObject({ message: z.string().optional(), reason: z.string().optional() })
const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }),
  items: z.array(objectSchema),
})

/** The five verbs of the Kubernetes API that a response needs. Each request is one try: its callers decide on another. */
export class KubernetesApi {
  readonly url: string
  /** Of the pod that we run in; undefined where we run elsewhere. */
  readonly ownNamespace: string | undefined
  readonly #access: KubernetesAccess
  readonly #answerMs: number

  constructor(access: KubernetesAccess, options: { readonly answerMs?: number } = {}) {
    this.#access = access
    this.url = access.url
    this.ownNamespace = access.namespace
    this.#answerMs = options.answerMs ?? ANSWER_MS
  }

  /** Throws ConnectorError `unavailable` where there is no answer or the server is not well. */
  async ask({ method, path, query = {}, body, patch }: ApiRequest): Promise<ApiAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const sent = await this.#send(method, `${path}${queryText(query)}`, text, contentTypeOf(method, patch))
    const what = `${method} ${path}`
    if (sent.code >= 200 && sent.code < 300) return { status: 'ok', value: parseJson(sent.text, what) }
    const told = statusSchema.safeParse(parseJsonOrNothing(sent.text))
    const message = (told.success ? told.data.message : undefined) ?? `HTTP ${sent.code}`
    if (sent.code === 404) return { status: 'absent' }
    if (sent.code === 409) return { status: 'conflict', message }
    if (sent.code === 429 || sent.code >= 500) throw new ConnectorError('unavailable', `${what}: ${message}`)
    return { status: 'refused', code: sent.code, message }
  }

  /** One object; undefined where it is not there. Throws ConnectorError `refused` where we may not see it. */
  async get(path: string): Promise<KubeObject | undefined> {
    const answer = await this.ask({ method: 'GET', path })
    if (answer.status === 'absent') return undefined
    return parseObject(okOf(answer, `GET ${path}`), path)
  }

  /** Everything of a list, in pages. Throws where it is more than fits, so that nothing is taken for the whole. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<readonly KubeObject[]> {
    const items: KubeObject[] = []
    let from: string | undefined
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.ask({
        method: 'GET',
        path,
        query: { ...query, limit: String(PAGE), ...(from === undefined ? {} : { continue: from }) },
      })
      const parsed = listSchema.safeParse(okOf(answer, `GET ${path}`))
      if (!parsed.success) throw new ConnectorError('unusable', `GET ${path}: the answer is no list`)
      items.push(...parsed.data.items)
      from = parsed.data.metadata.continue
      if (from === undefined || from === '') return items
    }
    throw new ConnectorError('unusable', `GET ${path}: more than ${MAX_PAGES * PAGE} objects`)
  }

  #send(method: string, target: string, body: string | undefined, contentType: string | undefined) {
    const { token, authority, certificate } = this.#access
    const url = new URL(target, this.url)
    const ask = url.protocol === 'https:' ? httpsRequest : httpRequest
    const options = {
      method,
      // Over the whole exchange: a socket that trickles is as good as none.
      signal: AbortSignal.timeout(this.#answerMs),
      headers: {
        accept: 'application/json',
        'user-agent': 'holdfast',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token()}` }),
      },
      ...(authority === undefined ? {} : { ca: authority }),
      ...certificate,
    }
    return new Promise<{ readonly code: number; readonly text: string }>((resolve, reject) => {
      const failed = (error: Error) => {
        const why = error.name === 'AbortError' ? `no answer within ${this.#answerMs} ms` : error.message
        reject(new ConnectorError('unavailable', `${method} ${url.pathname}: ${why}`, { cause: error }))
      }
      const sent = ask(url, options, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
          if (text.length > ANSWER_BYTES) response.destroy(new Error(`more than ${ANSWER_BYTES} bytes`))
        })
        response.once('error', failed)
        response.once('end', () => resolve({ code: response.statusCode ?? 0, text }))
      })
      sent.once('error', failed)
      sent.end(body)
    })
  }
}

/** The value of an answer that has to be one. */
export function okOf(answer: ApiAnswer, what: string): unknown {
  switch (answer.status) {
    case 'ok':
      return answer.value
    case 'absent':
      throw new ConnectorError('refused', `${what}: it is not there`)
    case 'conflict':
      throw new ConnectorError('refused', `${what}: ${answer.message}`)
    case 'refused':
      throw new ConnectorError('refused', `${what}: ${answer.message}`)
  }
}

export function parseObject(value: unknown, what: string): KubeObject {
  const parsed = objectSchema.safeParse(value)
  if (!parsed.success) throw new ConnectorError('unusable', `${what}: the answer is no object of Kubernetes`)
  return parsed.data
}

function contentTypeOf(method: string, patch: ApiRequest['patch']): string | undefined {
  if (method === 'GET') return undefined
  if (method !== 'PATCH') return 'application/json'
  // JSON is YAML, and the name with `yaml` is the one that every version serves.
  return patch === 'apply' ? 'application/apply-patch+yaml' : 'application/merge-patch+json'
}

function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString()
  return text === '' ? '' : `?${text}`
}

function parseJson(text: string, what: string): unknown {
  const value = parseJsonOrNothing(text)
  if (value === undefined) throw new ConnectorError('unusable', `${what}: the answer is no JSON`)
  return value
}

function parseJsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy before the API server answers in HTML: the status code says enough.
    return undefined
  }
}
