/**
 * Mail and records of an operations office as an MCP server over HTTP. Mail really goes to the SMTP server in SCENARIO_SMTP
 * (host:port), one connection a message. Which tools it serves stands in SCENARIO_TOOLS.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'
import { sendMail } from './smtp-client.ts'

const MAIL = process.env['SCENARIO_MAIL'] ?? ''
const smtp = process.env['SCENARIO_SMTP'] ?? ''
const served = new Set((process.env['SCENARIO_TOOLS'] ?? '').split(' '))

await serveTools(() => {
  const server = new McpServer({ name: 'office-server', version: '1.2.0' })
  if (served.has('mail.read'))
    server.registerTool(
      'mail.read',
      { description: 'Reads one message of the shared mailbox.', inputSchema: z.object({ id: z.string() }) },
      async ({ id }) => answer({ id, from: 'mira@supplier.example.test', subject: 'Invoice 2210', text: MAIL }),
    )
  if (served.has('records.fetch'))
    server.registerTool(
      'records.fetch',
      {
        description: 'Reads one page of records, 200 to a page, and keeps it under a name.',
        inputSchema: z.object({ set: z.string(), page: z.number() }),
      },
      async ({ set, page }) => answer({ set, page, count: 200, batch: `${set}-${page}` }),
    )
  if (served.has('mail.send'))
    server.registerTool(
      'mail.send',
      {
        description: 'Sends one batch of records as an attachment.',
        inputSchema: z.object({ to: z.string(), subject: z.string(), batch: z.string() }),
      },
      async ({ to, subject, batch }) => {
        await sendMail(smtp, { from: 'ops@acme.example.test', to, subject, body: `${batch}\n`.repeat(200) })
        return answer({ sent: true, to, batch, records: 200 })
      },
    )
  if (served.has('report.note'))
    server.registerTool(
      'report.note',
      { description: 'Notes one line of the daily report.', inputSchema: z.object({ line: z.string() }) },
      async ({ line }) => answer({ noted: line.length }),
    )
  return server
})

function answer(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] }
}
