import { startLocalHttp, type LocalAnswer, type LocalHttp, type LocalRequest } from '../local-http.ts'
import { managedAnswers } from './answers.ts'

export type ManagedPlatformsServer = AsyncDisposable & {
  readonly url: string
  /** By call; a test changes what is answered from then on. */
  readonly answers: Record<string, Readonly<Record<string, unknown>>>
  /** Calls that are answered with 503. */
  readonly failing: Set<string>
  /** Calls that were answered, in order. */
  readonly calls: readonly string[]
  readonly requests: LocalHttp['requests']
}

export type ManagedPlatformsOptions = {
  /** Id of the only key of AWS that is let in. */
  readonly accessKeyId: string
  /** The only token of Google and Azure that is let in. */
  readonly token: string
  /** Secret of an application of Azure, for which that token is given. */
  readonly applicationSecret?: string
}

/**
 * Bedrock Agents, AgentCore, CloudWatch Logs, Agent Engine, Cloud Logging, AI Foundry and the activity log on one address: each
 * by its documented path and method, with what {@link managedAnswers} holds. Who is not signed in is refused; of AWS the scope
 * of the signature is looked at, and not the signature itself.
 */
export async function startManagedPlatforms({
  accessKeyId,
  token,
  applicationSecret,
}: ManagedPlatformsOptions): Promise<ManagedPlatformsServer> {
  const answers = managedAnswers()
  const failing = new Set<string>()
  const calls: string[] = []
  const local = await startLocalHttp((request): LocalAnswer => {
    if (applicationSecret !== undefined && request.url.pathname.endsWith('/oauth2/v2.0/token'))
      return new URLSearchParams(request.body).get('client_secret') === applicationSecret
        ? { code: 200, body: JSON.stringify({ token_type: 'Bearer', expires_in: 3_599, access_token: token }) }
        : { code: 401, body: '{"error":"invalid_client"}' }
    const call = callOf(request)
    if (call === undefined) return { code: 404, body: '{"message":"no such call"}' }
    const authorization = request.headers.authorization ?? ''
    const isSigned = call.service === 'aws' && authorization.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`)
    if (!isSigned && authorization !== `Bearer ${token}`)
      return {
        code: 403,
        headers: { 'x-amzn-errortype': 'AccessDeniedException' },
        body: '{"message":"not signed in"}',
      }
    if (failing.has(call.api))
      return { code: 503, headers: { 'x-amzn-errortype': 'ServiceUnavailableException' }, body: '{"message":"away"}' }
    calls.push(call.api)
    return { code: 200, body: JSON.stringify(answers[call.api] ?? {}) }
  })
  return {
    url: local.url,
    answers,
    failing,
    calls,
    requests: local.requests,
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  }
}

type Call = { readonly api: string; readonly service: 'aws' | 'google' | 'azure' }

const ROUTES: readonly (readonly [method: string, path: RegExp, api: string, service: Call['service']])[] = [
  ['POST', /^\/agents\/$/, 'bedrock:ListAgents', 'aws'],
  ['GET', /^\/agents\/[^/]+\/$/, 'bedrock:GetAgent', 'aws'],
  ['POST', /^\/agents\/[^/]+\/agentversions\/[^/]+\/actiongroups\/$/, 'bedrock:ListAgentActionGroups', 'aws'],
  ['POST', /^\/agents\/[^/]+\/agentversions\/[^/]+\/knowledgebases\/$/, 'bedrock:ListAgentKnowledgeBases', 'aws'],
  ['POST', /^\/agents\/[^/]+\/agentaliases\/$/, 'bedrock:ListAgentAliases', 'aws'],
  ['POST', /^\/runtimes\/$/, 'bedrock-agentcore:ListAgentRuntimes', 'aws'],
  ['GET', /^\/runtimes\/[^/]+\/$/, 'bedrock-agentcore:GetAgentRuntime', 'aws'],
  ['GET', /^\/v1\/projects\/[^/]+\/locations\/[^/]+\/reasoningEngines$/, 'aiplatform:reasoningEngines.list', 'google'],
  ['POST', /^\/v2\/entries:list$/, 'logging:entries.list', 'google'],
  ['GET', /\/api\/projects\/[^/]+\/assistants$/, 'azure-ai-foundry:ListAgents', 'azure'],
  [
    'GET',
    /\/providers\/Microsoft\.Insights\/eventtypes\/management\/values$/,
    'microsoft.insights:ActivityLogs.List',
    'azure',
  ],
]

function callOf({ method, url, headers }: LocalRequest): Call | undefined {
  if (headers['x-amz-target'] === 'Logs_20140328.FilterLogEvents')
    return { api: 'logs:FilterLogEvents', service: 'aws' }
  const found = ROUTES.find(([verb, path]) => verb === method && path.test(url.pathname))
  return found === undefined ? undefined : { api: found[2], service: found[3] }
}
