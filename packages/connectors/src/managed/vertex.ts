import type { VertexConfig } from './config.ts'
import { AGENTS_MOST, ANSWER_CHARACTERS, ANSWER_MS, PAGES_MOST, RECORDS_MOST } from './limits.ts'
import {
  Gathering,
  jsonOf,
  listOf,
  objectOf,
  textOf,
  type Gathered,
  type ManagedPlatform,
  type TelemetryOf,
} from './platform.ts'

/** How Google is answered to: a key of a service account as JSON, a token, or what the machine is given. */
export type GoogleIdentity =
  | { readonly kind: 'key'; readonly key: () => string }
  | { readonly kind: 'token'; readonly token: () => string }
  | { readonly kind: 'ambient' }

type Ask = (options: {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly data?: object
}) => Promise<string>

/**
 * Vertex AI Agent Engine by REST, signed in by Google's own library: its client for Vertex AI speaks gRPC and brings the whole
 * of the service, of which two calls are needed. Answers are text until we read them.
 */
export class VertexPlatform implements ManagedPlatform {
  readonly platform = 'vertex'
  readonly name: string
  readonly reaches: string
  readonly #config: VertexConfig
  readonly #identity: GoogleIdentity

  constructor(config: VertexConfig, identity: GoogleIdentity) {
    this.#config = config
    this.#identity = identity
    this.name = config.name
    this.reaches = `Vertex AI Agent Engine of project ${config.project} in ${config.location}`
  }

  async inventory(): Promise<Gathered> {
    const gathering = new Gathering()
    const { project, location, endpoint } = this.#config
    const base = `${endpoint ?? `https://${location}-aiplatform.googleapis.com`}/v1/projects/${project}/locations/${location}/reasoningEngines`
    const api = 'aiplatform:reasoningEngines.list'
    let agents = 0
    let token = ''
    for (let page = 0; page < PAGES_MOST; page++) {
      const body = await gathering.call(api, async () =>
        (await this.#client())({ url: `${base}?pageSize=100${token}`, method: 'GET' }),
      )
      if (body === undefined) break
      gathering.answer({ api, body })
      const { reasoningEngines, nextPageToken } = jsonOf(body)
      for (const engine of listOf(reasoningEngines)) {
        const name = textOf(objectOf(engine)['name'])
        if (name === undefined || ++agents > AGENTS_MOST) gathering.leaveOut(1)
        else
          gathering.file({ name: `vertex-${name.slice(name.lastIndexOf('/') + 1)}.json`, text: JSON.stringify(engine) })
      }
      const next = textOf(nextPageToken)
      if (next === undefined) break
      token = `&pageToken=${encodeURIComponent(next)}`
    }
    return gathering.gathered()
  }

  async telemetry({ since, until }: TelemetryOf): Promise<Gathered> {
    const gathering = new Gathering()
    const api = 'logging:entries.list'
    const url = `${this.#config['logging-endpoint'] ?? 'https://logging.googleapis.com'}/v2/entries:list`
    const lines: string[] = []
    let pageToken: string | undefined
    for (let page = 0; page < PAGES_MOST && lines.length < RECORDS_MOST; page++) {
      const data = {
        resourceNames: [`projects/${this.#config.project}`],
        filter: `protoPayload.serviceName="aiplatform.googleapis.com" AND receiveTimestamp>="${since.toISOString()}" AND receiveTimestamp<"${until.toISOString()}"`,
        orderBy: 'timestamp asc',
        pageSize: 1_000,
        ...(pageToken === undefined ? {} : { pageToken }),
      }
      const body = await gathering.call(api, async () => (await this.#client())({ url, method: 'POST', data }))
      if (body === undefined) break
      gathering.answer({ api, body })
      const { entries, nextPageToken } = jsonOf(body)
      for (const entry of listOf(entries)) {
        const { timestamp, receiveTimestamp } = objectOf(entry)
        gathering.delay(Date.parse(textOf(receiveTimestamp) ?? '') - Date.parse(textOf(timestamp) ?? ''))
        lines.push(JSON.stringify(entry))
      }
      pageToken = textOf(nextPageToken)
      if (pageToken === undefined) break
    }
    if (pageToken !== undefined) gathering.cut()
    if (lines.length > 0) gathering.file({ name: 'vertex-audit.jsonl', text: `${lines.join('\n')}\n` })
    return gathering.gathered()
  }

  /** The library is loaded at the first sweep, and the secret is read for each. */
  async #client(): Promise<Ask> {
    const { GoogleAuth, OAuth2Client } = await import('google-auth-library')
    const identity = this.#identity
    const scopes = [
      'https://www.googleapis.com/auth/cloud-platform.read-only',
      'https://www.googleapis.com/auth/logging.read',
    ]
    let client
    if (identity.kind === 'token') {
      client = new OAuth2Client()
      client.setCredentials({ access_token: identity.token() })
    } else {
      const credentials = identity.kind === 'key' ? { credentials: JSON.parse(identity.key()) as object } : {} // the library checks a key itself
      client = await new GoogleAuth({ scopes, ...credentials }).getClient()
    }
    const signedIn = client
    return async (options) => {
      const answer = await signedIn.request<string>({ ...options, responseType: 'text', timeout: ANSWER_MS })
      if (answer.data.length > ANSWER_CHARACTERS)
        throw new Error(`the answer has more than ${ANSWER_CHARACTERS} characters`)
      return answer.data
    }
  }
}
