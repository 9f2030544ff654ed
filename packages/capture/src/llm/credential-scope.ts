import type { ReadRequest } from './read-exchange.ts'

/**
 * What the credential of a model request reaches, as far as the request says so beside the credential itself: the region and
 * service that AWS signs for, the project and place of a Google path, the resource of Azure, an OpenAI project or
 * organisation. Undefined where only the credential would tell.
 */
export function credentialScope(request: ReadRequest): string | undefined {
  const { authority, path } = request
  const host = authority.replace(/:\d+$/, '').toLowerCase()
  const region = /^bedrock-(?:agent-)?runtime(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host)?.[1]
  if (region !== undefined) return `${region}/bedrock`
  const [, project, place] = /\/projects\/([^/]+)\/locations\/([^/]+)\//.exec(path) ?? []
  if (project !== undefined && place !== undefined) return `projects/${project}/locations/${place}`
  const resource = /^([a-z0-9-]+)\.(?:openai|services\.ai|cognitiveservices)\.azure\.com$/.exec(host)?.[1]
  if (resource !== undefined) return `azure/${resource}`
  const owner =
    request.field('openai-project') ??
    request.field('openai-organization') ??
    request.field('anthropic-organization-id')
  return owner === undefined ? undefined : owner.slice(0, 256)
}
