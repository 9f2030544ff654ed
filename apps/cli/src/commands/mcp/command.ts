import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag } from '../../flags.ts'
import { proxyFlags, type ProxyFlags } from '../../proxy/flags.ts'
import { documentation } from '../documentation.ts'

export type McpFlags = ProxyFlags & {
  readonly url?: URL
  readonly pins: 'enforce' | 'report'
  readonly rosterKey?: string
}

export const mcpCommand = buildCommand<McpFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).runMcp,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...proxyFlags,
      url: { ...proxyFlags.url, optional: true, brief: 'A streamable HTTP server to stand before, instead of CMD' },
      pins: {
        kind: 'enum',
        values: ['enforce', 'report'],
        default: 'report',
        brief: 'Withhold tools that are not as approved (holdfast bom pin), or only report them',
      },
      rosterKey: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'With --pins enforce: verifier key that must have signed the approvals (default: that of the server)',
        placeholder: 'KEY',
      },
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
    ['--pins enforce --name desk -- node tickets.js', 'tools pass as they were approved, others do not'],
  ]),
})
