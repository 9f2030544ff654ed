import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag } from '../../flags.ts'
import { proxyFlags, type ProxyFlags } from '../../proxy/flags.ts'
import { documentation } from '../documentation.ts'

export type McpFlags = ProxyFlags & { readonly url?: URL }

export const mcpCommand = buildCommand<McpFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).runMcp,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...proxyFlags,
      url: { ...proxyFlags.url, optional: true, brief: 'A streamable HTTP server to stand before, instead of CMD' },
    }),
    aliases: bare({}),
    positional: {
      kind: 'array',
      parameter: { brief: 'Program and its arguments, after --', parse: String, placeholder: 'CMD' },
    },
  },
  docs: documentation('Stand before an MCP server and record what passes; ends with its exit code', [
    ['-- npx -y @modelcontextprotocol/server-filesystem /data', 'in place of the command in a client’s configuration'],
    ['--url https://tools.example.com/mcp --listen 127.0.0.1:7001', 'a server over streamable HTTP'],
  ]),
})
