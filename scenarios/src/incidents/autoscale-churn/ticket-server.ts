/** The tickets of a support desk as an MCP server over HTTP. Prints `listening URL`. */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'

const ticket = z.string()

await serveTools(() => {
  const server = new McpServer({ name: 'ticket-server', version: '1.4.0' })
  server.registerTool(
    'get_ticket',
    { description: 'Reads one support ticket.', inputSchema: z.object({ ticket }) },
    async (asked) => answer({ ...asked, text: 'My lamp arrived with a broken shade.' }),
  )
  server.registerTool(
    'reply_ticket',
    {
      description: 'Sends a reply to the customer who opened the ticket.',
      inputSchema: z.object({ ticket, text: z.string() }),
    },
    async (asked) => answer({ ticket: asked.ticket, sent: true }),
  )
  return server
})

function answer(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] }
}
