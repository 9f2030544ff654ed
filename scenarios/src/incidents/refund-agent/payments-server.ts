/**
 * The bank as an MCP server over HTTP: one tool, which really pays by the ledger in SCENARIO_LEDGER as the role session in
 * SCENARIO_SESSION. Prints `listening URL`.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveTools } from '../acts/serve-tools.ts'

const [ledger = '', session = ''] = [process.env['SCENARIO_LEDGER'], process.env['SCENARIO_SESSION']]

await serveTools(() => {
  const server = new McpServer({ name: 'payments-server', version: '4.2.0' })
  server.registerTool(
    'refund.create',
    {
      description: 'Pays a refund of one order to a payee.',
      inputSchema: z.object({ order: z.string(), payee: z.string(), amount: z.number() }),
    },
    async (payout) => {
      const response = await fetch(`${ledger}/payouts`, {
        method: 'POST',
        headers: { 'x-principal-arn': session },
        body: JSON.stringify(payout),
      })
      if (!response.ok) throw new Error(`the ledger answered ${response.status}`)
      return { content: [{ type: 'text', text: await response.text() }] }
    },
  )
  return server
})
