import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@holdfast/api'
import type { ProviderTokens } from './provider-tokens.ts'

/** Where RFC 9728 has clients look for what it takes to use `/mcp`. */
const METADATA_PATH = '/.well-known/oauth-protected-resource/mcp'

/**
 * Lets a request in with the token that it may be made with. Otherwise answers it, with where a token is to be had from, and gives
 * nothing. The `Host` has been looked at before.
 */
export async function letIn(
  request: IncomingMessage,
  response: ServerResponse,
  tokens: Pick<ProviderTokens, 'metadata' | 'tokenFor'>,
): Promise<string | undefined> {
  const origin = `http://${request.headers.host ?? ''}`
  const resource = `${origin}/mcp`
  try {
    const path = new URL(request.url ?? '/', origin).pathname
    const isAboutUs = request.method === 'GET' && path === METADATA_PATH
    const bearer = bearerOf(request)
    if (!isAboutUs && bearer !== undefined) {
      const given = await tokens.tokenFor(bearer, resource)
      if (given.status === 'good') return given.token
      if (given.code !== 401) return answer(response, given.code, { error: given.words })
    }
    const metadata = await tokens.metadata(resource)
    if (isAboutUs) return answer(response, metadata === undefined ? 404 : 200, metadata ?? { error: 'no such page' })
    const parts = [
      ...(bearer === undefined ? [] : ['error="invalid_token"']),
      ...(metadata === undefined ? [] : [`resource_metadata="${origin}${METADATA_PATH}"`]),
    ]
    response.setHeader('www-authenticate', ['Bearer', parts.join(', ')].join(' ').trim())
    return answer(response, 401, { error: NEEDED })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return answer(response, 503, { error: 'the server of Holdfast does not answer' })
  }
}

const NEEDED = 'a token is needed, of holdfast accounts or of the identity provider: Authorization: Bearer ...'

function answer(response: ServerResponse, code: number, body: object): undefined {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer ([\w.~+/=-]{1,12000})$/i.exec(headers.authorization ?? '')?.[1]
}
