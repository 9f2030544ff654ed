import { type Fault, Faults } from '../fault.ts'
import { type LocalAnswer, type LocalRequest, startLocalHttp } from '../local-http.ts'
import { keyIdOf, verifySignature } from '../aws-iam/sigv4.ts'

export type StoredAlias = {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly version: string
  readonly throughput?: string
  /** Versions that it pointed at before, oldest first. */
  readonly earlier: readonly string[]
  /** Absent where nobody ever set it. */
  readonly state?: 'ACCEPT_INVOCATIONS' | 'REJECT_INVOCATIONS'
  readonly tags: Readonly<Record<string, string>>
}

export type StoredAgent = {
  readonly id: string
  readonly name: string
  readonly versions: readonly string[]
  readonly aliases: readonly StoredAlias[]
}

export type BedrockAgentsServer = AsyncDisposable & {
  readonly url: string
  readonly agent: (id: string) => StoredAgent
  /** Changes an agent as somebody else would. */
  readonly change: (id: string, change: (agent: StoredAgent) => StoredAgent) => void
  readonly faults: { readonly add: (fault: Fault) => void; readonly clear: () => void }
  /** Operations asked for, oldest first. */
  readonly operations: readonly string[]
}

export type BedrockAgentsOptions = {
  readonly key: { readonly id: string; readonly secret: string }
  readonly account: string
  readonly region: string
  readonly agents: readonly StoredAgent[]
  /** Operations that the key is refused. */
  readonly denied?: readonly string[]
  /** So many requests an alias stays UPDATING after it was changed. */
  readonly lag?: number
}

type Asked = { readonly agent: string; readonly alias: string; readonly arn: string; readonly request: LocalRequest }

const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ['POST', /^\/agents\/$/, 'ListAgents'],
  ['GET', /^\/agents\/(?<agent>[^/]+)\/$/, 'GetAgent'],
  ['POST', /^\/agents\/(?<agent>[^/]+)\/agentaliases\/$/, 'ListAgentAliases'],
  ['GET', /^\/agents\/(?<agent>[^/]+)\/agentaliases\/(?<alias>[^/]+)\/$/, 'GetAgentAlias'],
  ['PUT', /^\/agents\/(?<agent>[^/]+)\/agentaliases\/(?<alias>[^/]+)\/$/, 'UpdateAgentAlias'],
  ['GET', /^\/tags\/(?<arn>[^/]+)$/, 'ListTagsForResource'],
  ['POST', /^\/tags\/(?<arn>[^/]+)$/, 'TagResource'],
  ['DELETE', /^\/tags\/(?<arn>[^/]+)$/, 'UntagResource'],
]

const CREATED = '2026-02-01T09:00:00Z'
const PAGE = 2

/**
 * Agents for Amazon Bedrock on the loopback interface, as far as a response meets it: requests are signed and verified, fields have
 * the patterns of the reference, an alias that is being updated is not updated again, pages are short.
 */
export async function startBedrockAgents(options: BedrockAgentsOptions): Promise<BedrockAgentsServer> {
  const faults = new Faults()
  const operations: string[] = []
  const agents = new Map(options.agents.map((agent) => [agent.id, agent]))
  const updating = new Map<string, number>()
  let asked = 0

  const agentOf = (id: string): StoredAgent => {
    const agent = agents.get(id)
    if (agent === undefined) throw new Refused(404, 'ResourceNotFoundException', `agent ${id} is not there`)
    return agent
  }
  const aliasOf = ({ agent, alias }: Pick<Asked, 'agent' | 'alias'>): StoredAlias => {
    const found = agentOf(agent).aliases.find(({ id }) => id === alias)
    if (found === undefined) throw new Refused(404, 'ResourceNotFoundException', `alias ${alias} is not there`)
    return found
  }
  const ofArn = (arn: string): { readonly agent: string; readonly alias: string } => {
    const [, region, account, agent = '', alias = ''] =
      /^arn:aws:bedrock:([a-z0-9-]+):(\d{12}):agent-alias\/(\w{10})\/(\w{10})$/.exec(arn) ?? []
    if (region !== options.region || account !== options.account)
      throw new Refused(400, 'ValidationException', `${arn} is no ARN of an alias here`)
    return { agent, alias }
  }
  const keep = (agentId: string, alias: StoredAlias): void => {
    const agent = agentOf(agentId)
    agents.set(agentId, { ...agent, aliases: agent.aliases.map((one) => (one.id === alias.id ? alias : one)) })
  }
  const shown = (agentId: string, alias: StoredAlias): Readonly<Record<string, unknown>> => ({
    agentAliasId: alias.id,
    agentAliasName: alias.name,
    ...(alias.description === undefined ? {} : { description: alias.description }),
    routingConfiguration: [routingOf(alias.version, alias.throughput)],
    agentAliasStatus: (updating.get(`${agentId}/${alias.id}`) ?? 0) > asked ? 'UPDATING' : 'PREPARED',
    ...(alias.state === undefined ? {} : { aliasInvocationState: alias.state }),
    createdAt: CREATED,
    updatedAt: CREATED,
  })
  const whole = (agentId: string, alias: StoredAlias) => ({
    ...shown(agentId, alias),
    agentId,
    agentAliasArn: `arn:aws:bedrock:${options.region}:${options.account}:agent-alias/${agentId}/${alias.id}`,
    agentAliasHistoryEvents: [
      ...alias.earlier.map((version, at) => ({
        routingConfiguration: [routingOf(version)],
        startDate: `2026-01-0${at + 1}T09:00:00Z`,
        endDate: `2026-01-0${at + 2}T09:00:00Z`,
      })),
      { routingConfiguration: [routingOf(alias.version, alias.throughput)], startDate: CREATED },
    ],
  })

  const update = ({ agent, alias, request }: Asked, isLie: boolean): unknown => {
    const body = JSON.parse(request.body) as Readonly<Record<string, unknown>> // a request that the client made
    const { agentAliasName: name, description, aliasInvocationState: state, routingConfiguration } = body
    const before = aliasOf({ agent, alias })
    if (typeof name !== 'string' || !/^([0-9a-zA-Z][_-]?){1,100}$/.test(name))
      throw new Refused(400, 'ValidationException', 'agentAliasName: Member must satisfy its pattern')
    if (state !== undefined && state !== 'ACCEPT_INVOCATIONS' && state !== 'REJECT_INVOCATIONS')
      throw new Refused(400, 'ValidationException', 'aliasInvocationState: Member must satisfy enum value set')
    if ((updating.get(`${agent}/${alias}`) ?? 0) > asked)
      throw new Refused(409, 'ConflictException', 'the alias is being updated')
    const [routing] = (routingConfiguration ?? []) as readonly Readonly<Record<string, string>>[] // as above
    const version = routing?.['agentVersion'] ?? before.version
    if (version !== 'DRAFT' && !agentOf(agent).versions.includes(version))
      throw new Refused(400, 'ValidationException', `agentVersion ${version} is not there`)
    const { description: _, throughput: __, ...base } = before
    const throughput = routing === undefined ? before.throughput : routing['provisionedThroughput']
    const next: StoredAlias = {
      ...base,
      name,
      version,
      // What is not said is not kept: an update states the whole.
      ...(typeof description === 'string' ? { description } : {}),
      ...(throughput === undefined ? {} : { throughput }),
      ...(state === undefined ? {} : { state }),
      earlier: version === before.version ? before.earlier : [...before.earlier, before.version],
    }
    if (!isLie) {
      keep(agent, next)
      updating.set(`${agent}/${alias}`, asked + (options.lag ?? 0))
    }
    return { agentAlias: whole(agent, next) }
  }

  const answer = (operation: string, one: Asked, isLie: boolean): unknown => {
    switch (operation) {
      case 'ListAgents': {
        const summaries = [...agents.values()].map(({ id, name }) => ({
          agentId: id,
          agentName: name,
          agentStatus: 'PREPARED',
          updatedAt: CREATED,
        }))
        return pageOf('agentSummaries', summaries, one.request)
      }
      case 'GetAgent': {
        const { id, name } = agentOf(one.agent)
        const agentArn = `arn:aws:bedrock:${options.region}:${options.account}:agent/${id}`
        return { agent: { agentId: id, agentName: name, agentArn, agentVersion: 'DRAFT', createdAt: CREATED } }
      }
      case 'ListAgentAliases': {
        const aliases = agentOf(one.agent).aliases.map((alias) => shown(one.agent, alias))
        return pageOf('agentAliasSummaries', aliases, one.request)
      }
      case 'GetAgentAlias':
        return { agentAlias: whole(one.agent, aliasOf(one)) }
      case 'UpdateAgentAlias':
        return update(one, isLie)
      case 'ListTagsForResource':
        return { tags: aliasOf(ofArn(one.arn)).tags }
      case 'TagResource': {
        const { tags } = JSON.parse(one.request.body) as { readonly tags: Readonly<Record<string, string>> } // as above
        const alias = aliasOf(ofArn(one.arn))
        const all = { ...alias.tags, ...tags }
        for (const [key, value] of Object.entries(tags))
          if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value))
            throw new Refused(400, 'ValidationException', `tag ${key} does not satisfy its pattern`)
        if (Object.keys(all).length > 50) throw new Refused(400, 'ServiceQuotaExceededException', 'too many tags')
        if (!isLie) keep(ofArn(one.arn).agent, { ...alias, tags: all })
        return {}
      }
      case 'UntagResource': {
        const gone = new Set(one.request.url.searchParams.getAll('tagKeys'))
        const alias = aliasOf(ofArn(one.arn))
        const tags = Object.fromEntries(Object.entries(alias.tags).filter(([key]) => !gone.has(key)))
        if (!isLie) keep(ofArn(one.arn).agent, { ...alias, tags })
        return {}
      }
      default:
        throw new Refused(404, 'UnknownOperationException', operation)
    }
  }

  const local = await startLocalHttp((request): LocalAnswer | Promise<LocalAnswer> => {
    asked += 1
    const match = ROUTES.flatMap(([method, path, operation]) => {
      const found = method === request.method ? path.exec(request.url.pathname) : null
      return found === null ? [] : [{ operation, groups: found.groups ?? {} }]
    })[0]
    const operation = match?.operation ?? 'Unknown'
    operations.push(operation)
    const fault = faults.take(operation)
    if (fault?.kind === 'hang') return new Promise<never>(() => {})
    try {
      if (fault?.kind === 'error') throw new Refused(fault.code ?? 500, 'InternalServerException', 'not well')
      checkSignature(request, options)
      if (options.denied?.includes(operation) === true)
        throw new Refused(403, 'AccessDeniedException', `not authorized to perform: bedrock:${operation}`)
      const { agent = '', alias = '', arn = '' } = match?.groups ?? {}
      const one = { agent, alias, arn: decodeURIComponent(arn), request }
      return { code: 200, body: JSON.stringify(answer(operation, one, fault?.kind === 'lie')) }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return {
        code: error.status,
        headers: { 'x-amzn-errortype': error.type },
        body: JSON.stringify({ message: error.message }),
      }
    }
  })
  return {
    url: local.url,
    agent: agentOf,
    change: (id, change) => void agents.set(id, change(agentOf(id))),
    faults,
    operations,
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  }
}

function checkSignature(request: LocalRequest, { key, region }: BedrockAgentsOptions): void {
  if (keyIdOf(request) !== key.id) throw new Refused(403, 'UnrecognizedClientException', 'the key is not known')
  const signed = {
    method: request.method,
    // A path is encoded once more to be signed, by every service but S3.
    path: request.url.pathname.replaceAll('%', '%25'),
    query: request.url.search.slice(1),
    headers: request.headers,
    body: request.body,
  }
  const signature = verifySignature(signed, key.secret, Date.now())
  if (signature.status === 'refused') throw new Refused(403, 'InvalidSignatureException', signature.message)
  if (signature.service !== 'bedrock' || signature.region !== region)
    throw new Refused(403, 'InvalidSignatureException', `signed for ${signature.service} in ${signature.region}`)
}

function pageOf(field: string, all: readonly unknown[], { body }: LocalRequest): unknown {
  const asked = (body === '' ? {} : JSON.parse(body)) as { readonly nextToken?: string } // a request of the client
  const from = Number(asked.nextToken ?? 0)
  const next = from + PAGE < all.length ? { nextToken: String(from + PAGE) } : {}
  return { [field]: all.slice(from, from + PAGE), ...next }
}

function routingOf(agentVersion: string, provisionedThroughput?: string) {
  return { agentVersion, ...(provisionedThroughput === undefined ? {} : { provisionedThroughput }) }
}

/** An answer that is an error, by the service's own types. */
class Refused extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}
