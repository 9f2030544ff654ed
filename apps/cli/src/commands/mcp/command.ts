import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag } from '../../flags.ts'
import { proxyFlags, type ProxyFlags } from '../../proxy/flags.ts'
import { documentation } from '../documentation.ts'

export type McpFlags = ProxyFlags & {
  readonly url?: URL
  readonly pins: 'enforce' | 'report'
  readonly rosterKey?: string
  readonly memory: 'enforce' | 'report'
  readonly peer?: string
  readonly fromPeers: boolean
  readonly policy?: string
  readonly mode?: 'monitor' | 'enforce'
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
      memory: {
        kind: 'enum',
        values: ['enforce', 'report'],
        default: 'report',
        brief: 'Remember what the rules about data let an agent remember (docs/data-rules.md), or whatever comes',
      },
      rosterKey: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief:
          'With --pins, --memory or peers: verifier key that must have signed the roster (default: that of the server)',
        placeholder: 'KEY',
      },
      peer: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'With --url: agent that stands behind it, to whom each call hands work over (docs/roster.md)',
        placeholder: 'AGENT',
      },
      fromPeers: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'With --url: it is the agent itself that stands behind it, and each call comes from a peer',
      },
      policy: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief:
          'Tools that may be called: a file of policies, or the id of an mcp-tools artifact (holdfast policy generate)',
        placeholder: 'FILE|ID',
      },
      mode: {
        kind: 'enum',
        values: ['monitor', 'enforce'],
        optional: true,
        brief: 'With --policy: record what it would refuse, or refuse it (default: monitor)',
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
    ['--policy policies.json --mode enforce -- node tickets.js', 'tools that it was seen to call, as they were then'],
    ['--pins enforce --name desk -- node tickets.js', 'tools pass as they were approved, others do not'],
    [
      '--name desk --agent-key desk.key --peer billing --url http://billing:7002/mcp',
      'work that desk hands to billing',
    ],
    ['--name billing --agent-key billing.key --from-peers --url http://localhost:9000/mcp', 'work that billing takes'],
  ]),
})
