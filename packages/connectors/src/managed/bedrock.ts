import type { BedrockConfig } from './config.ts'
import { ANSWER_CHARACTERS, AGENTS_MOST, ANSWER_MS, PAGES_MOST, RECORDS_MOST } from './limits.ts'
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
import { spanToOtlp } from './span-to-otlp.ts'

export type AwsCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string }

/** What a client of AWS is made with. */
type Settings = {
  readonly region: string
  readonly maxAttempts: number
  readonly endpoint?: string
  readonly profile?: string
  readonly credentials?: AwsCredentials
  readonly requestHandler: { readonly requestTimeout: number; readonly throwOnRequestTimeout: true }
}

/** As much of a client of AWS as is used: three of them have it. */
type Client = {
  readonly middlewareStack: {
    add: (middleware: Middleware, options: { readonly step: 'deserialize'; readonly priority: 'low' }) => void
  }
  destroy: () => void
}
type Middleware = (
  next: (args: unknown) => Promise<{ readonly response: unknown }>,
) => (args: unknown) => Promise<{ readonly response: unknown }>

/**
 * Bedrock Agents and AgentCore through AWS's own clients, which are loaded at the first sweep: most servers read no platform.
 * The clients keep the fields that they know; so the body of every answer is taken before they read it.
 */
export class BedrockPlatform implements ManagedPlatform {
  readonly platform = 'bedrock'
  readonly name: string
  readonly reaches: string
  readonly #config: BedrockConfig
  readonly #key: () => AwsCredentials | undefined

  constructor(config: BedrockConfig, key: () => AwsCredentials | undefined) {
    this.#config = config
    this.#key = key
    this.name = config.name
    this.reaches = `Bedrock Agents and AgentCore of account ${config.account} in ${config.region}`
  }

  async inventory(): Promise<Gathered> {
    const gathering = new Gathering()
    await this.#agents(gathering)
    await this.#runtimes(gathering)
    return gathering.gathered()
  }

  async telemetry({ since, until }: TelemetryOf): Promise<Gathered> {
    const gathering = new Gathering()
    const groups = this.#config['span-log-groups']
    if (groups.length === 0) return gathering.gathered()
    const logs = await import('@aws-sdk/client-cloudwatch-logs')
    const client = new logs.CloudWatchLogsClient(this.#settings())
    const bodies = tee(client, 'logs', gathering)
    try {
      for (const logGroupName of groups) {
        const spans: string[] = []
        let records = 0
        let nextToken: string | undefined
        for (let page = 0; page < PAGES_MOST && records < RECORDS_MOST; page++) {
          const command = {
            logGroupName,
            startTime: since.getTime(),
            // The end is part of what they give.
            endTime: until.getTime() - 1,
            ...(nextToken === undefined ? {} : { nextToken }),
          }
          const sent = await gathering.call('logs:FilterLogEvents', () =>
            client.send(new logs.FilterLogEventsCommand(command)),
          )
          if (sent === undefined) break
          for (const event of listOf(jsonOf(bodies.last())['events'])) {
            const { message, timestamp, ingestionTime } = objectOf(event)
            records++
            gathering.delay(Number(ingestionTime) - Number(timestamp))
            const span = spanToOtlp(textOf(message) ?? '')
            if (span === undefined) gathering.leaveOut(1)
            else spans.push(span)
          }
          nextToken = sent.nextToken
          if (nextToken === undefined) break
        }
        if (nextToken !== undefined) gathering.cut()
        if (spans.length > 0)
          gathering.file({ name: `${logGroupName.replaceAll('/', '-')}.jsonl`, text: `${spans.join('\n')}\n` })
      }
    } finally {
      client.destroy()
    }
    return gathering.gathered()
  }

  async #agents(gathering: Gathering): Promise<void> {
    const sdk = await import('@aws-sdk/client-bedrock-agent')
    const client = new sdk.BedrockAgentClient(this.#settings())
    const bodies = tee(client, 'bedrock', gathering)
    const ask = async (api: string, send: () => Promise<unknown>): Promise<Readonly<Record<string, unknown>>> => {
      const answer = await gathering.call(api, send)
      return answer === undefined ? {} : jsonOf(bodies.last())
    }
    try {
      const ids = await listed(gathering, async (nextToken) => {
        const page = await ask('bedrock:ListAgents', () => client.send(new sdk.ListAgentsCommand({ ...nextToken })))
        return { ids: idsOf(page['agentSummaries'], 'agentId'), next: textOf(page['nextToken']) }
      })
      for (const agentId of ids) {
        const agent = await ask('bedrock:GetAgent', () => client.send(new sdk.GetAgentCommand({ agentId })))
        if (objectOf(agent['agent'])['agentArn'] === undefined) continue
        // What is being edited is the draft: it holds every part that an alias may come to point at.
        const of = { agentId, agentVersion: 'DRAFT' }
        const groups = await ask('bedrock:ListAgentActionGroups', () =>
          client.send(new sdk.ListAgentActionGroupsCommand(of)),
        )
        const bases = await ask('bedrock:ListAgentKnowledgeBases', () =>
          client.send(new sdk.ListAgentKnowledgeBasesCommand(of)),
        )
        const aliases = await ask('bedrock:ListAgentAliases', () =>
          client.send(new sdk.ListAgentAliasesCommand({ agentId })),
        )
        const { nextToken: _a, ...parts } = { ...groups, ...bases, ...aliases }
        gathering.file({ name: `bedrock-agent-${agentId}.json`, text: JSON.stringify({ ...agent, ...parts }) })
      }
    } finally {
      client.destroy()
    }
  }

  async #runtimes(gathering: Gathering): Promise<void> {
    const sdk = await import('@aws-sdk/client-bedrock-agentcore-control')
    const client = new sdk.BedrockAgentCoreControlClient(this.#settings())
    const bodies = tee(client, 'bedrock-agentcore', gathering)
    try {
      const ids = await listed(gathering, async (nextToken) => {
        const sent = await gathering.call('bedrock-agentcore:ListAgentRuntimes', () =>
          client.send(new sdk.ListAgentRuntimesCommand({ ...nextToken })),
        )
        const page = sent === undefined ? {} : jsonOf(bodies.last())
        return { ids: idsOf(page['agentRuntimes'], 'agentRuntimeId'), next: textOf(page['nextToken']) }
      })
      for (const agentRuntimeId of ids) {
        const sent = await gathering.call('bedrock-agentcore:GetAgentRuntime', () =>
          client.send(new sdk.GetAgentRuntimeCommand({ agentRuntimeId })),
        )
        if (sent !== undefined) gathering.file({ name: `agentcore-${agentRuntimeId}.json`, text: bodies.last() })
      }
    } finally {
      client.destroy()
    }
  }

  #settings(): Settings {
    const { region, endpoint, profile } = this.#config
    const credentials = this.#key()
    return {
      region,
      maxAttempts: 3,
      requestHandler: { requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(profile === undefined ? {} : { profile }),
      ...(credentials === undefined ? {} : { credentials }),
    }
  }
}

/** Ids of all pages, as many as are read. */
async function listed(
  gathering: Gathering,
  pageOf: (nextToken: {
    readonly nextToken?: string
  }) => Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>,
): Promise<readonly string[]> {
  const ids: string[] = []
  let next: string | undefined
  for (let page = 0; page < PAGES_MOST; page++) {
    const found = await pageOf(next === undefined ? {} : { nextToken: next })
    ids.push(...found.ids)
    next = found.next
    if (next === undefined) break
  }
  if (next !== undefined || ids.length > AGENTS_MOST) gathering.leaveOut(Math.max(1, ids.length - AGENTS_MOST))
  return ids.slice(0, AGENTS_MOST)
}

function idsOf(list: unknown, key: string): readonly string[] {
  return listOf(list).flatMap((one) => textOf(objectOf(one)[key]) ?? [])
}

/** Takes the body of every answer before the client reads it, under the name of its command. */
function tee(client: unknown, service: string, gathering: Gathering): { readonly last: () => string } {
  let last = '{}'
  // Clients of AWS differ in the types of their commands alone; the stack is the same.
  const { middlewareStack } = client as Client
  middlewareStack.add(
    (next) => async (args) => {
      const out = await next(args)
      const response = out.response as { body?: unknown; statusCode?: number } // an HTTP response of the client's handler
      const text = await bodyText(response.body)
      response.body = new TextEncoder().encode(text)
      if ((response.statusCode ?? 500) < 300) {
        last = text
        gathering.answer({ api: `${service}:${commandOf(args)}`, body: text })
      }
      return out
    },
    { step: 'deserialize', priority: 'low' },
  )
  return { last: () => last }
}

/** `GetAgent`, of the input's own path or target; the client does not hand its command on. */
function commandOf(args: unknown): string {
  const request = objectOf(objectOf(args)['request'])
  const target = textOf(objectOf(request['headers'])['x-amz-target'])
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1)
  const [method, path] = [textOf(request['method']) ?? '', textOf(request['path']) ?? '']
  return COMMANDS.find(([verb, pattern]) => verb === method && pattern.test(path))?.[2] ?? `${method} ${path}`
}

const COMMANDS: readonly (readonly [method: string, path: RegExp, command: string])[] = [
  ['POST', /^\/agents\/$/, 'ListAgents'],
  ['GET', /^\/agents\/[^/]+\/$/, 'GetAgent'],
  ['POST', /\/actiongroups\/$/, 'ListAgentActionGroups'],
  ['POST', /\/knowledgebases\/$/, 'ListAgentKnowledgeBases'],
  ['POST', /\/agentaliases\/$/, 'ListAgentAliases'],
  ['POST', /^\/runtimes\/$/, 'ListAgentRuntimes'],
  ['GET', /^\/runtimes\/[^/]+\/$/, 'GetAgentRuntime'],
]

async function bodyText(body: unknown): Promise<string> {
  if (body instanceof Uint8Array) return new TextDecoder().decode(body)
  const decoder = new TextDecoder()
  let text = ''
  // The client's handler on Node gives a stream of bytes.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > ANSWER_CHARACTERS) throw new Error(`the answer has more than ${ANSWER_CHARACTERS} characters`)
  }
  return text + decoder.decode()
}
