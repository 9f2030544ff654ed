import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, parsePort, type DataFlags } from '../../flags.ts'
import { documentation } from '../documentation.ts'

export type McpServerFlags = DataFlags & { readonly http?: number }

export const mcpServerCommand = buildCommand<McpServerFlags, [], CliContext>({
  loader: async () => (await import('./serve.ts')).serveAssistants,
  parameters: {
    flags: bare({
      ...dataFlag,
      http: {
        kind: 'parsed',
        parse: parsePort,
        optional: true,
        brief: 'Serve streamable HTTP on this port of 127.0.0.1 instead of stdio; callers bring their own tokens',
        placeholder: 'PORT',
      },
    }),
    aliases: bare({}),
  },
  docs: documentation('Let an assistant read incidents, evidence and inventory over MCP, and propose a plan', [
    ['', 'as the command in an assistant’s configuration, over stdio'],
    ['--http 7020', 'over streamable HTTP at http://127.0.0.1:7020/mcp'],
  ]),
})
