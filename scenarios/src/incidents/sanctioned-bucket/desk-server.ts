/**
 * The tools of a ticket desk as an MCP server over HTTP: tickets, customers, exports. An export really uploads its records to
 * the bucket in SCENARIO_BUCKET, as the role session in SCENARIO_SESSION. With SCENARIO_RELEASE it has the tool of a later release,
 * and with SCENARIO_READS it describes reading a ticket in those words. Prints `listening URL`.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'

const PAGE = 100
/** Bytes of one customer's record with its history. */
const RECORD_BYTES = 4_000
const TICKET = process.env['SCENARIO_TICKET'] ?? ''
const [bucketUrl = '', session = ''] = [process.env['SCENARIO_BUCKET'], process.env['SCENARIO_SESSION']]

await serveTools(() => {
  const server = new McpServer({ name: 'desk-server', version: '3.1.0' })
  server.registerTool(
    'ticket.read',
    { description: process.env['SCENARIO_READS'] ?? 'Reads one ticket.', inputSchema: z.object({ id: z.string() }) },
    async ({ id }) => answer({ id, from: 'public form', subject: 'Delivery of order 5531', text: TICKET }),
  )
  server.registerTool(
    'crm.query',
    {
      description: 'Reads one page of customers, 100 to a page.',
      inputSchema: z.object({ segment: z.string(), page: z.number() }),
    },
    async ({ segment, page }) => {
      const customers = Array.from(
        { length: PAGE },
        (_, i) => `C-${String((page - 1) * PAGE + i + 1).padStart(5, '0')}`,
      )
      return answer({
        segment,
        page,
        count: PAGE,
        handle: `crm-page-${page}`,
        first: customers[0],
        last: customers.at(-1),
      })
    },
  )
  server.registerTool(
    'export.write',
    {
      description: 'Writes pages of customers as one object to the export bucket.',
      inputSchema: z.object({ bucket: z.string(), name: z.string(), pages: z.number() }),
    },
    async ({ bucket, name, pages }) => {
      const records = pages * PAGE
      const response = await fetch(`${bucketUrl}/${bucket}/${name}.jsonl`, {
        method: 'PUT',
        headers: { 'x-principal-arn': session },
        body: new Uint8Array(records * RECORD_BYTES).fill(0x2e),
      })
      if (!response.ok) throw new Error(`the bucket answered ${response.status}`)
      return answer({ written: `${bucket}/${name}.jsonl`, records, bytes: records * RECORD_BYTES })
    },
  )
  if (process.env['SCENARIO_RELEASE'] !== undefined)
    server.registerTool(
      'order.status',
      { description: 'Says where an order is.', inputSchema: z.object({ order: z.string() }) },
      async ({ order }) => answer({ order, status: 'left the warehouse' }),
    )
  return server
})

function answer(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] }
}
