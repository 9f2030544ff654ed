import type { Component } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { toolGrants } from './agent-authority.ts'
import { component, hostOf } from './component.ts'
import type { Declared } from './document.ts'
import { listOf } from './iam-statement.ts'
import { MAX_COMPONENTS } from './limits.ts'

/**
 * The configuration of an MCP client: `mcpServers` (Claude, Cursor, `.mcp.json`), `servers` or `mcp.servers` (VS Code).
 * Undefined for other JSON. The settings of a server are its secrets: only their names are read.
 */
export function readMcpClientConfig(content: Json, name: string, holder = '-'): Declared | undefined {
  const own = field(content, 'mcpServers') ?? field(field(content, 'mcp'), 'servers') ?? field(content, 'servers')
  if (!isJsonObject(own) || Object.keys(own).length === 0) return undefined
  const servers = Object.entries(own)
  if (!servers.every(([, config]) => textField(config, 'command', 'url', 'serverUrl', 'httpUrl') !== undefined))
    return undefined
  const enabled = servers.filter(
    ([, config]) => field(config, 'disabled') !== true && field(config, 'enabled') !== false,
  )
  const authority = toolGrants({ ...(isJsonObject(content) ? content : {}), mcpServers: own }, { source: name, holder })
  return {
    format: 'mcp-client-config',
    components: enabled.flatMap(([server, config]) => serverParts(server, config)).slice(0, MAX_COMPONENTS),
    ...authority,
    facts: {},
  }
}

function serverParts(name: string, config: Json): readonly Component[] {
  const url = textField(config, 'url', 'serverUrl', 'httpUrl')
  const command = textField(config, 'command')
  const args = listOf(field(config, 'args')).filter((arg) => typeof arg === 'string')
  const [pkg, version] = packageOf(command, args)
  const host = url === undefined ? undefined : hostOf(url)
  return [
    {
      ...component('mcp-server', name, {
        transport: url === undefined ? 'stdio' : 'http',
        ...(command === undefined ? {} : { command: command.slice(command.lastIndexOf('/') + 1) }),
        package: pkg,
        ...(host === undefined ? {} : { url: `https://${host}` }),
        settings: Object.keys(settingsOf(config)).toSorted().join(' ') || undefined,
      }),
      ...(version === undefined ? {} : { version }),
    },
  ]
}

function settingsOf(config: Json): object {
  const env = field(config, 'env')
  return isJsonObject(env) ? env : {}
}

/** `npx -y @scope/server@1.2.3`, `uvx server==1.0`: which package a launcher runs, and the version that is pinned. */
function packageOf(
  command: string | undefined,
  args: readonly string[],
): readonly [string | undefined, string | undefined] {
  if (command === undefined || !/(?:^|\/)(?:npx|bunx|uvx|pnpx|pipx)$/.test(command)) return [undefined, undefined]
  const spec = args.find((arg) => !arg.startsWith('-') && arg !== 'run')
  const [, name, version] = /^(@?[^@=]+)(?:(?:@|==)(.+))?$/.exec(spec ?? '') ?? []
  return [name, version === 'latest' ? undefined : version]
}
