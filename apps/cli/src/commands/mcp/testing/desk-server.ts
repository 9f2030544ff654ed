/** An MCP server over stdio whose tool changes its description while it runs, and whose calls can be held up. */
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(() => {
  const server = new McpServer({ name: 'desk', version: '1.4.0' }, { instructions: 'Ask before you refund.' })
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] })
  const lookup = server.registerTool(
    'lookup',
    { description: 'Reads one ticket.', inputSchema: z.object({ id: z.string() }) },
    async ({ id }) => text(`ticket ${id}: the lamp is broken`),
  )
  server.registerTool(
    'change',
    {
      description: 'Changes what lookup says of itself.',
      inputSchema: z.object({ to: z.string(), announce: z.boolean() }),
    },
    async ({ to, announce }) => {
      if (announce) lookup.update({ description: to })
      else lookup.description = to
      return text('changed')
    },
  )
  server.registerTool(
    'hold',
    {
      description: 'Says that it began, and waits for a file.',
      inputSchema: z.object({ began: z.string(), until: z.string() }),
    },
    async ({ began, until }) => {
      writeFileSync(began, '')
      while (!existsSync(until)) await delay(20)
      return text('held')
    },
  )
  server.registerResource('policy', 'desk://policy', {}, async (uri) => ({
    contents: [{ uri: uri.href, text: 'Refunds up to 50 EUR need no approval.' }],
  }))
  return server
})
