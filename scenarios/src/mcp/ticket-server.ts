/** An MCP server over stdio with the tickets of a support desk. Tickets live as long as the process. */
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

type Ticket = { readonly id: string; readonly customer: string; readonly subject: string; readonly text: string }

const tickets = new Map<string, Ticket>([
  [
    'T-1042',
    {
      id: 'T-1042',
      customer: 'cust-88121',
      subject: 'Lamp arrived broken',
      text: 'Hello, the desk lamp (29.90 EUR, order 4711) arrived on Tuesday with a broken shade. What can I do?',
    },
  ],
])
const replies: { readonly ticketId: string; readonly text: string }[] = []

serveStdio(() => {
  const server = new McpServer({ name: 'ticket-server', version: '1.4.0' })
  server.registerTool(
    'get_ticket',
    { description: 'Reads one support ticket.', inputSchema: z.object({ ticket_id: z.string() }) },
    async ({ ticket_id }) => {
      const ticket = tickets.get(ticket_id)
      if (ticket === undefined) return { isError: true, content: [{ type: 'text', text: `no ticket ${ticket_id}` }] }
      return { content: [{ type: 'text', text: JSON.stringify(ticket) }] }
    },
  )
  server.registerTool(
    'reply_to_ticket',
    {
      description: 'Sends a reply to the customer who opened the ticket.',
      inputSchema: z.object({ ticket_id: z.string(), text: z.string() }),
    },
    async ({ ticket_id, text }) => {
      replies.push({ ticketId: ticket_id, text })
      return { content: [{ type: 'text', text: JSON.stringify({ sent: true, reply: replies.length }) }] }
    },
  )
  return server
})
