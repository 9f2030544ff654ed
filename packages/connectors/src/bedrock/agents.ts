import type * as Bedrock from '@aws-sdk/client-bedrock-agent'

import { asConnectorError, nameOf } from '../aws/account.ts'
import { ANSWER_MS, CONNECT_MS, MAX_PAGES, TRIES } from '../aws/limits.ts'
import type { OwnMarks, TaggedHold } from '../aws/tags.ts'
import { holdsIn, tagKeysOf, tagsOf } from '../aws/tags.ts'
import { ConnectorError } from '../connector-error.ts'
import type { BedrockConfig } from '../managed/config.ts'
import type { AwsCredentials } from '../managed/bedrock.ts'

export type Invocations = 'ACCEPT_INVOCATIONS' | 'REJECT_INVOCATIONS'

/** Where an alias leads, and whether it lets anybody through. Names are untrusted. */
export type Alias = {
  readonly agent: string
  readonly id: string
  readonly name: string
  readonly arn: string
  readonly description: string | undefined
  /** `3`, or `3 THROUGHPUT` where it has one of its own; undefined where it leads nowhere. */
  readonly route: string | undefined
  /** The version that it led to before this one; undefined where its history tells none. */
  readonly earlier: string | undefined
  readonly invocations: Invocations
  readonly isSettled: boolean
  readonly tags: number
  readonly holds: readonly TaggedHold[]
}

type Module = typeof Bedrock

/** Agents for Amazon Bedrock of one account in one region. AWS's client is loaded at the first question. */
export class BedrockAgents {
  readonly config: BedrockConfig
  readonly marks: OwnMarks
  readonly #key: () => AwsCredentials | undefined
  #client: Promise<{ readonly sdk: Module; readonly client: Bedrock.BedrockAgentClient }> | undefined

  constructor(config: BedrockConfig, key: () => AwsCredentials | undefined, marks: OwnMarks) {
    this.config = config
    this.marks = marks
    this.#key = key
  }

  /** Ids and names of all agents. */
  agents(): Promise<readonly { readonly id: string; readonly name: string }[]> {
    return paged(async (nextToken) => {
      const page = await this.#asked((client, sdk) => client.send(new sdk.ListAgentsCommand({ ...nextToken })))
      const items = (page?.agentSummaries ?? []).map(({ agentId = '', agentName = '' }) => ({
        id: agentId,
        name: agentName,
      }))
      return { items, next: page?.nextToken }
    })
  }

  /** When it was made, which tells it from another of the same id; undefined where it is not there. */
  async createdAt(agentId: string): Promise<string | undefined> {
    const found = await this.#asked((client, sdk) => client.send(new sdk.GetAgentCommand({ agentId })))
    return found?.agent?.createdAt?.toISOString()
  }

  /** All aliases of an agent, the one that leads to its draft included. */
  async aliases(agentId: string): Promise<readonly Alias[]> {
    const ids = await paged(async (nextToken) => {
      const page = await this.#asked((client, sdk) =>
        client.send(new sdk.ListAgentAliasesCommand({ agentId, ...nextToken })),
      )
      return {
        items: (page?.agentAliasSummaries ?? []).flatMap((one) => one.agentAliasId ?? []),
        next: page?.nextToken,
      }
    })
    const aliases: Alias[] = []
    for (const id of ids) {
      const alias = await this.alias(agentId, id)
      if (alias !== undefined) aliases.push(alias)
    }
    return aliases
  }

  /** Undefined where it is not there, or went away while it was read. */
  async alias(agentId: string, agentAliasId: string): Promise<Alias | undefined> {
    const found = await this.#asked((client, sdk) =>
      client.send(new sdk.GetAgentAliasCommand({ agentId, agentAliasId })),
    )
    const alias = found?.agentAlias
    const { agentAliasArn: resourceArn } = alias ?? {}
    if (alias === undefined || resourceArn === undefined) return undefined
    const listed = await this.#asked((client, sdk) => client.send(new sdk.ListTagsForResourceCommand({ resourceArn })))
    if (listed === undefined) return undefined
    const tags = Object.entries(listed.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
    const route = routeOf(alias.routingConfiguration)
    return {
      agent: agentId,
      id: agentAliasId,
      name: alias.agentAliasName ?? '',
      arn: resourceArn,
      description: alias.description,
      route,
      earlier: earlierOf(alias.agentAliasHistoryEvents ?? [], route),
      invocations: alias.aliasInvocationState === 'REJECT_INVOCATIONS' ? 'REJECT_INVOCATIONS' : 'ACCEPT_INVOCATIONS',
      isSettled: alias.agentAliasStatus === 'PREPARED',
      tags: tags.length,
      holds: holdsIn(tags, this.#marked(resourceArn)),
    }
  }

  /** States the whole of the alias with one thing changed: what an update does not say is not kept. */
  async update(alias: Alias, change: { readonly invocations?: Invocations; readonly route?: string }): Promise<void> {
    const [agentVersion, provisionedThroughput] = (change.route ?? alias.route ?? '').split(' ')
    const routing = {
      ...(agentVersion === undefined || agentVersion === '' ? {} : { agentVersion }),
      ...(provisionedThroughput === undefined ? {} : { provisionedThroughput }),
    }
    const written = await this.#asked((client, sdk) =>
      client.send(
        new sdk.UpdateAgentAliasCommand({
          agentId: alias.agent,
          agentAliasId: alias.id,
          agentAliasName: alias.name,
          ...(alias.description === undefined ? {} : { description: alias.description }),
          routingConfiguration: Object.keys(routing).length === 0 ? [] : [routing],
          aliasInvocationState: change.invocations ?? alias.invocations,
        }),
      ),
    )
    if (written === undefined) throw new ConnectorError('refused', `alias ${alias.id} went away`)
  }

  /** Puts a hold on record at the alias. Throws ConnectorError `refused` where it does not fit. */
  async tag({ arn, id }: Alias, hold: TaggedHold): Promise<void> {
    const tags = tagsOf(hold, this.#marked(arn))
    if (tags === undefined) throw new ConnectorError('refused', `alias ${id}: the mark of the hold does not fit`)
    await this.#asked((client, sdk) =>
      client.send(
        new sdk.TagResourceCommand({
          resourceArn: arn,
          tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
        }),
      ),
    )
  }

  async untag({ arn }: Alias, holdId: string): Promise<void> {
    await this.#asked((client, sdk) =>
      client.send(new sdk.UntagResourceCommand({ resourceArn: arn, tagKeys: tagKeysOf(holdId) })),
    )
  }

  /** Undefined where the thing asked for is not there. */
  async #asked<T>(question: (client: Bedrock.BedrockAgentClient, sdk: Module) => Promise<T>): Promise<T | undefined> {
    this.#client ??= this.#open()
    try {
      const { client, sdk } = await this.#client
      return await question(client, sdk)
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return undefined
      throw asConnectorError(error, `${this.config.account} ${this.config.region}`)
    }
  }

  async #open() {
    const sdk = await import('@aws-sdk/client-bedrock-agent')
    const { region, endpoint, profile } = this.config
    const key = this.#key()
    const client = new sdk.BedrockAgentClient({
      region,
      maxAttempts: TRIES,
      requestHandler: { requestTimeout: ANSWER_MS, throwOnRequestTimeout: true, connectionTimeout: CONNECT_MS },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(profile === undefined ? {} : { profile }),
      ...(key === undefined ? {} : { credentials: key }),
    })
    return { sdk, client }
  }

  #marked(entity: string) {
    return { entity, seal: this.marks.seal }
  }
}

async function paged<T>(
  pageOf: (nextToken: {
    readonly nextToken?: string
  }) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const items: T[] = []
  let next: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const found = await pageOf(next === undefined ? {} : { nextToken: next })
    items.push(...found.items)
    next = found.next
    if (next === undefined) return items
  }
  // Not taken for the whole: an alias that was not seen would stay open.
  throw new ConnectorError('unusable', 'there are more agents or aliases than are looked through')
}

function routeOf(routing: readonly Bedrock.AgentAliasRoutingConfigurationListItem[] | undefined): string | undefined {
  const { agentVersion, provisionedThroughput } = routing?.[0] ?? {}
  if (agentVersion === undefined) return undefined
  return provisionedThroughput === undefined ? agentVersion : `${agentVersion} ${provisionedThroughput}`
}

/** The newest of what is over and led elsewhere. */
function earlierOf(events: readonly Bedrock.AgentAliasHistoryEvent[], now: string | undefined): string | undefined {
  const [version] = (now ?? '').split(' ')
  const over = events
    .filter(({ endDate }) => endDate !== undefined)
    .toSorted((a, b) => (b.endDate?.getTime() ?? 0) - (a.endDate?.getTime() ?? 0))
  return over
    .flatMap(({ routingConfiguration }) => routeOf(routingConfiguration) ?? [])
    .find((route) => route.split(' ')[0] !== version)
}
