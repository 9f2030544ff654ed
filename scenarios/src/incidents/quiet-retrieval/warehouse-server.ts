/**
 * A warehouse and a report desk as an MCP server over HTTP. A query really asks the table service in SCENARIO_TABLES as the role
 * session in SCENARIO_SESSION; a report really posts what it was given to the webhook in SCENARIO_WEBHOOK.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'

const [tables = '', webhook = '', session = ''] = [
  process.env['SCENARIO_TABLES'],
  process.env['SCENARIO_WEBHOOK'],
  process.env['SCENARIO_SESSION'],
]
const held = new Map<string, string>()

await serveTools(() => {
  const server = new McpServer({ name: 'warehouse-server', version: '2.0.4' })
  server.registerTool(
    'warehouse.query',
    { description: 'Reads rows of one table.', inputSchema: z.object({ table: z.string(), rows: z.number() }) },
    async ({ table, rows }) => {
      const response = await fetch(`${tables}/${table}?rows=${rows}`, { headers: { 'x-principal-arn': session } })
      if (!response.ok) throw new Error(`the warehouse answered ${response.status}`)
      const text = await response.text()
      const result = `result-${held.size + 1}`
      held.set(result, text)
      return answer({ result, table, rows: text.trim().split('\n').length })
    },
  )
  server.registerTool(
    'report.post',
    {
      description: 'Posts a result to a channel of the report desk.',
      inputSchema: z.object({ channel: z.string(), result: z.string(), title: z.string() }),
    },
    async ({ channel, result, title }) => {
      const response = await fetch(`${webhook}/${channel}`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'x-title': title },
        body: held.get(result) ?? '',
      })
      if (!response.ok) throw new Error(`the report desk answered ${response.status}`)
      return answer({ posted: channel, bytes: (held.get(result) ?? '').length })
    },
  )
  return server
})

function answer(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] }
}
