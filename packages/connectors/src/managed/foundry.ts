import type { FoundryConfig } from './config.ts'
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

/** An access token that something else renews, or an application's own secret. */
export type AzureIdentity =
  | { readonly kind: 'token'; readonly token: () => string }
  | { readonly kind: 'application'; readonly tenant: string; readonly client: string; readonly secret: () => string }

const FOUNDRY_SCOPE = 'https://ai.azure.com/.default'
const MANAGEMENT_SCOPE = 'https://management.azure.com/.default'

/**
 * A project of Azure AI Foundry through Azure's own REST client, whose answers come whole: the client for agents is made to run
 * them, and brings storage and a model client with it.
 */
export class FoundryPlatform implements ManagedPlatform {
  readonly platform = 'foundry'
  readonly name: string
  readonly reaches: string
  readonly #config: FoundryConfig
  readonly #identity: AzureIdentity

  constructor(config: FoundryConfig, identity: AzureIdentity) {
    this.#config = config
    this.#identity = identity
    this.name = config.name
    this.reaches = `Azure AI Foundry at ${config.project}`
  }

  async inventory(): Promise<Gathered> {
    const gathering = new Gathering()
    const api = 'azure-ai-foundry:ListAgents'
    let after = ''
    let agents = 0
    for (let page = 0; page < PAGES_MOST; page++) {
      const body = await gathering.call(api, () =>
        this.#get(this.#config.project, `/assistants?api-version=v1&limit=100${after}`, FOUNDRY_SCOPE),
      )
      if (body === undefined) break
      gathering.answer({ api, body })
      const { data, has_more: hasMore, last_id: lastId } = jsonOf(body)
      for (const agent of listOf(data)) {
        const id = textOf(objectOf(agent)['id'])
        if (id === undefined || ++agents > AGENTS_MOST) gathering.leaveOut(1)
        else gathering.file({ name: `foundry-${id}.json`, text: JSON.stringify(agent) })
      }
      if (hasMore !== true || textOf(lastId) === undefined) break
      after = `&after=${encodeURIComponent(textOf(lastId) ?? '')}`
    }
    return gathering.gathered()
  }

  async telemetry({ since, until }: TelemetryOf): Promise<Gathered> {
    const gathering = new Gathering()
    const { subscription } = this.#config
    if (subscription === undefined) return gathering.gathered()
    const base = this.#config['management-endpoint']
    const api = 'microsoft.insights:ActivityLogs.List'
    const filter = `eventTimestamp ge '${since.toISOString()}' and eventTimestamp le '${until.toISOString()}' and resourceProvider eq 'Microsoft.CognitiveServices'`
    let path: string | undefined =
      `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}`
    const lines: string[] = []
    for (let page = 0; page < PAGES_MOST && path !== undefined && lines.length < RECORDS_MOST; page++) {
      const asked: string = path
      const body = await gathering.call(api, () => this.#get(base, asked, MANAGEMENT_SCOPE))
      if (body === undefined) return gathering.gathered()
      gathering.answer({ api, body })
      const { value, nextLink } = jsonOf(body)
      for (const record of listOf(value)) {
        const { eventTimestamp, submissionTimestamp } = objectOf(record)
        gathering.delay(Date.parse(textOf(submissionTimestamp) ?? '') - Date.parse(textOf(eventTimestamp) ?? ''))
        lines.push(JSON.stringify(record))
      }
      // The next page is of the same server, or it is not followed: the token goes nowhere else.
      const next: string | undefined = textOf(nextLink)
      path = next?.startsWith(`${base}/`) === true ? next.slice(base.length) : undefined
      if (next !== undefined && path === undefined) gathering.leaveOut(1)
    }
    if (path !== undefined) gathering.cut()
    if (lines.length > 0) gathering.file({ name: 'foundry-activity.jsonl', text: `${lines.join('\n')}\n` })
    return gathering.gathered()
  }

  /** The library is loaded at the first sweep. */
  async #get(base: string, path: string, scope: string): Promise<string> {
    const { getClient } = await import('@azure-rest/core-client')
    // A private endpoint of a proxy of the house may speak plainly; a public one does not.
    const client = getClient(base, { allowInsecureConnection: base.startsWith('http://') })
    const answer = await client
      .pathUnchecked(`${base}${path}`)
      .get({ headers: { authorization: `Bearer ${await this.#token(scope)}` }, timeout: ANSWER_MS })
      .asNodeStream()
    const body = await textOfStream(answer.body)
    if (answer.status !== '200') throw new Error(`${answer.status}: ${body.slice(0, 200)}`)
    return body
  }

  async #token(scope: string): Promise<string> {
    const identity = this.#identity
    if (identity.kind === 'token') return identity.token()
    const { authority } = this.#config
    const { getClient } = await import('@azure-rest/core-client')
    const client = getClient(authority, { allowInsecureConnection: authority.startsWith('http://') })
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: identity.client,
      client_secret: identity.secret(),
      scope,
    })
    const answer = await client
      .pathUnchecked(`${authority}/${identity.tenant}/oauth2/v2.0/token`)
      .post({ contentType: 'application/x-www-form-urlencoded', body: form.toString(), timeout: ANSWER_MS })
    const token = textOf(objectOf(answer.body)['access_token'])
    // The answer of a refusal may repeat what was sent.
    if (token === undefined) throw new Error(`no token was given: ${answer.status}`)
    return token
  }
}

async function textOfStream(body: AsyncIterable<string | Uint8Array> | undefined): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.length > ANSWER_CHARACTERS) throw new Error(`the answer has more than ${ANSWER_CHARACTERS} characters`)
  }
  return text
}
